"""Settings that stand in files: how containers and systemd hand over secrets."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

from taskbot.entrypoints.setting_values import Unusable

SUFFIX: Final = "_FILE"
_LARGEST_BYTES: Final = 64 * 1024


def variables_of_files(names: Collection[str]) -> dict[str, str]:
    """For each of *names* that may stand in a file: the variable that says in which."""
    return {name: name + SUFFIX for name in names if name + SUFFIX not in names}


def content_of(path: str) -> str:
    """What the file at *path* says, without the end of its last line.

    Raise `Unusable` for what cannot be read or says nothing. What it says is not repeated.
    """
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise Unusable(f"cannot read {path}: {error.strerror or type(error).__name__}") from None
    except ValueError:
        raise Unusable("no file can have that name") from None
    if len(raw) > _LARGEST_BYTES:
        raise Unusable(f"{path} is larger than any setting")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Unusable(f"{path} is no text in UTF-8") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise Unusable(f"{path} is empty")
    return text
