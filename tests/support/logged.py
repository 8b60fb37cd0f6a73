"""Everything that is logged, as the loggers get it: before our own filter takes secrets out."""

import contextlib
import logging
from collections.abc import Iterator

from taskbot.entrypoints.logs import configure_logging
from taskbot.entrypoints.settings import Settings


class Everything(logging.Handler):
    """Keeps all records as text: message, arguments, traceback and whatever else is on them.

    But for what the test's own client says.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(("httpx", "httpcore")):
            told = logging.Formatter("%(name)s %(message)s").format(record)
            self.lines.append(f"{told} {record.args!r} {record.__dict__!r}")


@contextlib.contextmanager
def everything_logged(settings: Settings, *, is_extreme: bool = False) -> Iterator[list[str]]:
    """Log as *settings* say. *is_extreme*: every library, too, is told to hold nothing back."""
    handler = Everything()
    loggers = [logging.getLogger(name) for name in (None, *logging.root.manager.loggerDict)]
    before = [(one, one.level, one.handlers[:], one.propagate, one.disabled) for one in loggers]
    configure_logging(settings)
    for one in loggers:
        one.propagate, one.disabled = True, False
        if is_extreme:
            one.setLevel(logging.DEBUG)
    logging.root.addHandler(handler)
    try:
        yield handler.lines
    finally:
        for one, level, handlers, propagates, is_disabled in before:
            one.setLevel(level)
            one.handlers[:] = handlers
            one.propagate, one.disabled = propagates, is_disabled
        logging.captureWarnings(capture=False)
