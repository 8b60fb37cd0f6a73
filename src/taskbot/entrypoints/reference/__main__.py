"""`python -m taskbot.entrypoints.reference FOLDER` writes the pages into *FOLDER*."""

import sys
from pathlib import Path

from taskbot.entrypoints.reference import PAGES


def write(folder: Path) -> None:
    for name, page in PAGES.items():
        (folder / name).write_text(page())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
