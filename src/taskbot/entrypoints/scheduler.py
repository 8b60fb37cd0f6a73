"""The scheduler: sleeps until the next reminder is due, and dispatches it."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final, Protocol

from taskbot.application.dispatch import DispatchService
from taskbot.application.health import Rounds
from taskbot.application.jobs import JobService
from taskbot.application.ports import Clock

_log = logging.getLogger(__name__)

POLL_INTERVAL: Final = timedelta(milliseconds=500)
"""The longest sleep: a reminder that is planned meanwhile, by whatever process, waits no longer."""
BATCH: Final = 100
_JOBS_INTERVAL: Final = timedelta(seconds=5)
_LONGEST_BACKOFF: Final = timedelta(seconds=10)


class Meter(Protocol):
    """Is told of each look for what is due."""

    def looked(self, *, at: datetime) -> None: ...

    def failed(self) -> None: ...


async def run_scheduler(
    dispatch: DispatchService,
    clock: Clock,
    stop: asyncio.Event,
    *,
    rounds: Rounds | None = None,
    meter: Meter | None = None,
) -> None:
    """Dispatch what is due until *stop* is set, however often the storage fails meanwhile.

    *rounds* hears of each time that it went well.
    """
    troubles = 0
    while not stop.is_set():
        try:
            pause = await _dispatch_or_pause(dispatch, clock)
        except Exception:  # noqa: BLE001 - whatever it is, the promise outlives it
            pause = min(POLL_INTERVAL * 2**troubles, _LONGEST_BACKOFF)
            troubles = min(troubles + 1, 10)
            _log.exception("dispatch failed; it goes on in %.1f s", pause.total_seconds())
            if meter is not None:
                meter.failed()
        else:
            troubles = 0
            if rounds is not None:
                rounds.finish()
            if meter is not None:
                meter.looked(at=clock.now())
        await _sleep(pause, stop)


async def run_jobs(jobs: JobService, stop: asyncio.Event) -> None:
    """Do the periodic jobs until *stop* is set, however often one fails meanwhile."""
    while not stop.is_set():
        try:
            await jobs.do_due()
        except Exception:  # noqa: BLE001 - as above
            _log.exception("the periodic jobs failed")
        await _sleep(_JOBS_INTERVAL, stop)


async def _dispatch_or_pause(dispatch: DispatchService, clock: Clock) -> timedelta:
    next_due = await dispatch.next_due_at()
    if next_due is None:
        return POLL_INTERVAL
    ahead = next_due - clock.now()
    if ahead > timedelta(0):
        return min(ahead, POLL_INTERVAL)
    await dispatch.dispatch_due(limit=BATCH)
    return timedelta(0)


async def _sleep(pause: timedelta, stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(pause.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
