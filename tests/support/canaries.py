"""Canaries: what must never be in a log. Whatever else a test is about, its log is looked through.

What people write in the tests, and secrets: in what our modules log down to debugging, and what
libraries log as trouble, as processes are set up; in the processes that tests start, in all that
they write to standard error.
"""

import contextlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from taskbot.entrypoints.logs import line_formatter
from taskbot.entrypoints.settings import read_settings

_WORDS: Final = (
    "Buy milk",
    "Buy oats",
    "Divorce",
    "Due in between",
    "From a program",
    "From my laptop",
    "Half-finished",
    "Oat milk",
    "Perhaps not",
    "Remembered",
    "Take the cake out",
    "people wrote",
    "canary-",
    "secret words",
    "Купить",
    "Молок",
    "Полить цветы",
    r"\bAda\b",
    r"\bAnna\b",
    r"\bАнна\b",
)
_SECRETS: Final = (r"\b\d{6,}:[A-Za-z0-9_-]{10,}", r"\btb_[A-Za-z0-9]{20,}", "made-up-for-")
_CANARY: Final = re.compile("|".join((*_WORDS, *_SECRETS)))
_OURS: Final = logging.getLogger("taskbot")


class _Watch(logging.Handler):
    """Looks through records as lines, without making lines of those that hold no exception."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(line_formatter(read_settings({}), "tests", is_terminal=False))
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record) if record.exc_info else record.getMessage()
        if _CANARY.search(line):
            self.found.append(f"{record.name}: {line}")


_watch: Final = _Watch()


def keep_watch() -> None:
    """Look through what this process logs from now on, whatever tests have done to the loggers."""
    _OURS.setLevel(logging.DEBUG)
    for logger in (_OURS, logging.getLogger()):
        if _watch not in logger.handlers:
            logger.addHandler(_watch)


@contextlib.contextmanager
def let_out() -> Iterator[None]:
    """For a test of what becomes of a secret that was logged."""
    yield
    _watch.found.clear()


def complain() -> None:
    """Fail if a canary was seen since the last time."""
    found, _watch.found = _watch.found, []
    _fail_for(found)


def look_through(log_file: Path) -> None:
    """Fail if a canary is in the log of a process."""
    if _CANARY.search(text := log_file.read_text(errors="replace")):
        _fail_for([line for line in text.splitlines() if _CANARY.search(line)])


def _fail_for(lines: list[str]) -> None:
    assert not lines, "what people wrote, or a secret, is in the log:\n" + "\n".join(lines)
