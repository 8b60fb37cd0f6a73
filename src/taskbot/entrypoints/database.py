"""The database at a start: waited for, and brought up to date or checked."""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Final, TypeAlias

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_delay,
    stop_when_event_set,
    wait_fixed,
)

from taskbot.adapters.persistence import DatabaseAway, migrate, require_schema
from taskbot.entrypoints.settings import Settings

_log = logging.getLogger(__name__)

_PAUSE_SECONDS: Final = 1.0
_SAID_EVERY: Final = 10
"""Attempts: at the first one, and then every so often, the log says what is waited for."""

Preparation: TypeAlias = Callable[[str], None]


def migrates_if_alone(settings: Settings) -> Preparation:
    """Bring a file of one's own up to date; a server that others use, too, is only checked."""
    return migrate if settings.database.startswith("sqlite:") else require_schema


def prepare_database(
    settings: Settings, prepare: Preparation, cancelled: threading.Event | None = None
) -> None:
    """Do *prepare* (`migrate`, `require_schema`) as soon as the database answers. Blocks.

    Raise `DatabaseAway` when the time that the settings give is over, or *cancelled* is set.
    """
    cancelled = cancelled or threading.Event()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    Retrying(
        retry=retry_if_exception_type(DatabaseAway),
        stop=stop_after_delay(settings.database_wait) | stop_when_event_set(cancelled),
        wait=wait_fixed(_PAUSE_SECONDS),
        sleep=sleep_using_event(cancelled),
        before_sleep=_say_what_is_waited_for,
        reraise=True,
    )(prepare, settings.database)


def _say_what_is_waited_for(state: RetryCallState) -> None:
    if state.outcome is not None and state.attempt_number % _SAID_EVERY == 1:
        _log.warning("waiting for the database: %s", state.outcome.exception())


async def prepared(settings: Settings, prepare: Preparation, stop: asyncio.Event) -> bool:
    """As `prepare_database`, for servers; False if they were asked to stop meanwhile."""
    cancelled = threading.Event()
    work = asyncio.create_task(asyncio.to_thread(prepare_database, settings, prepare, cancelled))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
    if not stop.is_set():
        stopping.cancel()
        await work
        return True
    cancelled.set()
    await asyncio.wait((work,))
    if not work.cancelled() and (error := work.exception()) is not None:
        _log.info("stopped before the database was there: %s", error)
    return False
