#!/bin/sh
# Makes the environment that the image runs: install.sh TARGET, in the project's folder.
#
# The Dockerfile runs it, and so does try-image.sh on a machine without a container engine. All that is
# installed is locked, hash-checked and built already; with SOURCE_DATE_EPOCH set, two runs give the same bytes.
set -eu

target=$1
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
locked="--quiet --no-deps --require-hashes --only-binary :all:"

"$python" -m venv "$work/build"
# shellcheck disable=SC2086 # several options
"$work/build/bin/python" -m pip install $locked --requirement deploy/build.lock
"$work/build/bin/python" -m hatchling build --target wheel --directory "$work/wheel" >/dev/null

"$python" -m venv --without-pip "$target"
pip="$work/build/bin/python -m pip --python $target/bin/python install --no-compile"
# shellcheck disable=SC2086
$pip $locked --requirement deploy/image.lock
$pip --quiet --no-deps --no-index --find-links "$work/wheel" taskbot

# Compiled here, for there it is read-only. The sources do not change under it, so nobody compares them.
"$target/bin/python" -m compileall -q --invalidation-mode unchecked-hash "$target/lib"
