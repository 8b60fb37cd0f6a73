#!/bin/sh
# Does what the Dockerfile does, without a container engine: try-image.sh [FOLDER]
#
# It copies what the build would see (.dockerignore is kept to by naming the same files) into a clean folder, makes the environment there
# twice, compares the two byte by byte, and starts what came out without anything else of this machine's Python.
set -eu
cd "$(dirname "$0")/.."

folder=${1:-$(mktemp -d)}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1767225600}

mkdir -p "$folder/context" "$folder/image"
for name in pyproject.toml README.md LICENSE src deploy/install.sh deploy/build.lock deploy/image.lock; do
    mkdir -p "$folder/context/$(dirname "$name")"
    cp -r "$name" "$folder/context/$(dirname "$name")/"
done
find "$folder/context" -name __pycache__ -prune -exec rm -rf {} +

sums() (cd "$folder/image/taskbot" && find . -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum)

for run in first second; do
    rm -rf "$folder/image/taskbot"
    (cd "$folder/context" && env -u PYTHONPATH -u VIRTUAL_ENV sh deploy/install.sh "$folder/image/taskbot")
    sums >"$folder/$run"
done
cmp "$folder/first" "$folder/second"
echo "both runs gave the same $(wc -l <"$folder/first") files, $(du -sm "$folder/image/taskbot" | cut -f1) MiB"

run() { env -i PATH="$folder/image/taskbot/bin:/usr/bin:/bin" TASKBOT_DATA_DIR="$folder/data" "$@"; }
run taskbot --version
run taskbot migrate
run python -c 'import importlib.util as i; assert not [n for n in ("pip", "hatchling", "pytest", "mypy") if i.find_spec(n)]'
echo "it starts, migrates, and has neither pip nor anything of development"
