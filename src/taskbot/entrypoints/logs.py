"""Logging: set up once per process; everything goes through one pipe to standard error.

Standard output is for what a command was asked for, such as a token.
"""

import logging
import re
import sys
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from taskbot.entrypoints.setting_values import LogFormat
from taskbot.entrypoints.settings import Settings

# A bot token, wherever a library put it (aiohttp names addresses in its errors), and our own.
_SECRETS: Final = re.compile(r"(?<!\d)\d{3,20}:[A-Za-z0-9_-]{10,}|\btb_[A-Za-z0-9]{20,}")
# When debugging they would tell what is in rows and requests: what people wrote, and our keys.
_CHATTY: Final = (
    "aiogram.event",
    "aiosqlite",
    "alembic",
    "asyncio",
    "dramatiq",
    "httpcore",
    "httpx",
    "psycopg",
    "sqlalchemy",
    "uvicorn",
)


def configure_logging(settings: Settings) -> None:
    """Send this process's log to standard error, for people or for machines to read."""
    as_json = settings.log_format is LogFormat.JSON or (
        settings.log_format is LogFormat.AUTO and not sys.stderr.isatty()
    )
    renderer: list[Processor] = (
        [
            structlog.processors.format_exc_info,
            _without_secrets,
            structlog.processors.JSONRenderer(),
        ]
        if as_json
        else [
            structlog.processors.format_exc_info,
            _without_secrets,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.root.level))
    logging.captureWarnings(capture=True)


def _without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {
        name: _SECRETS.sub("[secret]", value) if isinstance(value, str) else value
        for name, value in event.items()
    }
