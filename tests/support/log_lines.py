"""The log as processes write it, caught in a test."""

import contextlib
import json
import logging
from collections.abc import Iterator
from typing import Any

from taskbot.entrypoints.logs import line_formatter
from taskbot.entrypoints.settings import read_settings


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(line_formatter(read_settings({}), "tests", is_terminal=False))
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@contextlib.contextmanager
def log_lines(logger: str = "taskbot") -> Iterator[list[dict[str, Any]]]:
    """Give the lines of *logger* and those below it, down to debugging, as they are written."""
    handler, listened = _Lines(), logging.getLogger(logger)
    before = listened.level
    listened.setLevel(logging.DEBUG)
    listened.addHandler(handler)
    try:
        yield handler.lines
    finally:
        listened.removeHandler(handler)
        listened.setLevel(before)
