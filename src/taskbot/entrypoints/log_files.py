"""Log files: one for each kind of process, shared by all processes of that kind.

Of the handlers in the standard library none does both: those that rotate lose lines as soon as a
second process writes (ADR 0024).
"""

import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

_MODE: Final = 0o640
_APPENDING: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC


class SharedLogFile(logging.Handler):
    """Appends to *path*; from *most_bytes* on it becomes `path.1`, that `path.2`, up to *kept*.

    Any number of processes may do so at once. A line is one write, which the system appends as a
    whole; who finds that the file was renamed opens the new one. Only renaming needs a lock.

    Raise `OSError` if nothing can be written there.
    """

    def __init__(self, path: Path, *, most_bytes: int, kept: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._most_bytes, self._kept = path, most_bytes, kept
        self._file = self._opened()
        self._is_broken = False
        super().__init__()  # from here on it is closed at the end of the process

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
        try:
            self._append(line)
        except OSError as error:
            self._tell_once(error)
        else:
            self._is_broken = False

    def close(self) -> None:
        os.close(self._file)
        super().close()

    def _opened(self) -> int:
        return os.open(self._path, _APPENDING, _MODE)

    def _append(self, line: bytes) -> None:
        self._follow()
        os.write(self._file, line)
        if os.fstat(self._file).st_size >= self._most_bytes:
            self._rotate()

    def _follow(self) -> None:
        """Open what is at the path now, should somebody have renamed or removed what was."""
        if not self._is_current():
            before, self._file = self._file, self._opened()
            os.close(before)

    def _is_current(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._file), os.stat(self._path))  # noqa: PTH116 - a third of the cost
        except FileNotFoundError:
            return False

    def _rotate(self) -> None:
        with _alone(self._path.with_name(f"{self._path.name}.lock")):
            if not self._is_current():  # somebody was quicker
                return
            for number in range(self._kept, 0, -1):
                older = self._numbered(number)
                newer = self._numbered(number - 1)
                if newer.exists():
                    newer.replace(older)
            if self._kept == 0:
                self._path.unlink()

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path

    def _tell_once(self, error: OSError) -> None:
        """The lines themselves are on standard error all the same."""
        if not self._is_broken:
            told: TextIO = sys.stderr
            told.write(f"{self._path} cannot be written: {error.strerror}\n")
        self._is_broken = True


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait until no other process is in such a block; the system lets go for who dies in it."""
    held = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
