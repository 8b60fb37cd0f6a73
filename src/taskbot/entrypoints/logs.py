"""Logging: set up once per process; everything goes through one pipe to standard error.

And to a file of its kind of process, where the operator wants one. Standard output is for what a
command was asked for, such as a token.
"""

import json
import logging
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from taskbot.application.traces import ids_of_this
from taskbot.entrypoints.exception_lines import described
from taskbot.entrypoints.log_files import SharedLogFile
from taskbot.entrypoints.setting_values import LogFormat
from taskbot.entrypoints.settings import BadSetting, Settings, variable_of

# A bot token, wherever a library put it (aiohttp names addresses in its errors), and our own.
_SECRETS: Final = re.compile(r"(?<!\d)\d{3,20}:[A-Za-z0-9_-]{10,}|\btb_[A-Za-z0-9]{20,}")
_OURS: Final = "taskbot"
_BYTES_OF_A_MIB: Final = 2**20
_FACTS: Final = ("status", "duration_ms", "user_id", "reminder_id", "trace_id")
"""What our lines may carry besides their text (`extra`); of libraries' lines nothing is taken."""


def configure_logging(settings: Settings, process: str | None = None) -> None:
    """Send this process's log to standard error, for people or for machines to read.

    *process*: what kind it is, `api` for example; it may have a file. None: a command that ends
    by itself. Raise `BadSetting` if the file cannot be written.
    """
    is_terminal = sys.stderr.isatty()
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    handlers[0].setFormatter(line_formatter(settings, process, is_terminal=is_terminal))
    if settings.log_dir is not None and process is not None:
        handlers.append(_file_handler(settings, settings.log_dir / f"{process}.log"))
        handlers[1].setFormatter(line_formatter(settings, process, is_terminal=False))
    # Libraries tell when debugging, and some before, what is in rows and requests: what people
    # wrote, and our keys. Of all of them only trouble is heard, whatever they are.
    level = logging.getLevelName(settings.log_level)
    logging.basicConfig(handlers=handlers, level=max(level, logging.WARNING), force=True)
    logging.getLogger(_OURS).setLevel(level)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _file_handler(settings: Settings, path: Path) -> SharedLogFile:
    most_bytes = int(settings.log_file_mib * _BYTES_OF_A_MIB)
    try:
        return SharedLogFile(path, most_bytes=most_bytes, kept=settings.log_files_kept)
    except OSError as error:
        reason = f"{path} cannot be written: {error.strerror}"
        raise BadSetting(variable_of("log_dir"), reason) from None


def line_formatter(
    settings: Settings, process: str | None, *, is_terminal: bool
) -> logging.Formatter:
    """The last part of the pipe: makes a line of a record, of whatever logger it is."""
    as_json = settings.log_format is LogFormat.JSON or (
        settings.log_format is LogFormat.AUTO and not is_terminal
    )
    end: list[Processor] = (
        [_Origin(process), structlog.processors.JSONRenderer(serializer=_json)]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=is_terminal)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_plain],
        processors=[
            _headed,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *end,
            _without_secrets,
        ],
    )


def _plain(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """What a logger of the standard library says, as one of structlog would."""
    record: logging.LogRecord = event["_record"]
    event["level"], event["logger"] = record.levelname.lower(), record.name
    if record.name.startswith(_OURS):
        given = record.__dict__
        event.update((name, given[name]) for name in _FACTS if name in given)
    if record.name == "asyncio":  # it goes on with the text of the exception
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _headed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Time, level, logger and event first; ids; and what broke, but never in its own words."""
    record: logging.LogRecord = event["_record"]
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")
    line: EventDict = {"timestamp": moment.replace("+00:00", "Z")}
    line.update((name, event.pop(name)) for name in ("level", "logger", "event"))
    line.update(ids_of_this())
    line.update((name, value) for name, value in event.items() if value is not None)
    match line.pop("exc_info", None):
        case (_, BaseException() as error, _):
            line["exception"] = described(error)
    return line


class _Origin:
    """Where a line is from; on a terminal one knows."""

    def __init__(self, process: str | None) -> None:
        self._origin = {"process": process or "command", "pid": os.getpid()}

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event.update(self._origin)
        return event


def _json(event: EventDict, **_: Any) -> str:
    try:
        return msgspec.json.encode(event, enc_hook=repr).decode()
    except UnicodeEncodeError:  # a lone surrogate, from a file's name for one
        return json.dumps(event, default=repr)


def _without_secrets(_logger: WrappedLogger, _method: str, line: Any) -> Any:
    return _SECRETS.sub("[secret]", line)
