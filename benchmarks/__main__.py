"""`python -m benchmarks [part …]`: measures, and writes `docs/performance`. See `make bench`."""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.page import render, shown_section
from benchmarks.place import Place, servers
from benchmarks.results import Part, read_results, write_results
from benchmarks.scenarios import ON_REQUEST, PARTS

_PROJECT: Final = Path(__file__).parents[1]
DOCS: Final = _PROJECT / "docs" / "performance"


def main() -> int:
    """Return the exit status: 1 if a part broke off; the others are written all the same."""
    given = _options()
    if given.page:
        _write_page()
        return 0
    broken = []
    with servers() as place:
        for name in given.parts or PARTS:
            print(f"\n== {name}: {(PARTS | ON_REQUEST)[name]}", flush=True)
            begun = time.perf_counter()
            part = _measured(name, place, is_quick=given.quick)
            if part is None:
                broken.append(name)
                continue
            _keep(name, part)
            print(shown_section(part), f"({time.perf_counter() - begun:.0f} s)", flush=True)
    if broken:
        print(f"broken off: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


def _measured(name: str, place: Place, *, is_quick: bool) -> Part | None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "part.json"
        command = [sys.executable, "-m", "benchmarks.part", name, str(file)]
        command += ["--postgres", place.postgres_url, "--redis", place.redis_url]
        done = subprocess.run([*command, *(["--quick"] if is_quick else [])], check=False)
        if done.returncode != 0:
            return None
        return msgspec.json.decode(file.read_bytes(), type=Part)


def _keep(name: str, part: Part) -> None:
    file = DOCS / "results.json"
    order = [*PARTS, *ON_REQUEST]
    write_results(file, read_results(file).with_part(name, part, order=order))
    _write_page()


def _write_page() -> None:
    page = render(read_results(DOCS / "results.json"))
    (DOCS / "README.md").write_text(page)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = [*PARTS, *ON_REQUEST]
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="short, only to see that it works")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    given = parser.parse_args()
    if unknown := sorted(set(given.parts) - set(known)):
        parser.error(f"there is no part {', '.join(unknown)}, but {', '.join(known)}")
    return given


if __name__ == "__main__":
    sys.exit(main())
