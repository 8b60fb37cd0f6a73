"""Periodic jobs: one readable schedule, kept by any number of schedulers together."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

from attrs import frozen

from taskbot.application.alerts import AlertService
from taskbot.application.canary import CanaryService
from taskbot.application.maintenance import MaintenanceService
from taskbot.application.ports import Clock, JobQueue, Transactions

_log = logging.getLogger(__name__)


class Job(StrEnum):
    TELL_ALERTS = "tell-alerts"
    TELL_OLD_ALERTS = "tell-old-alerts"
    """Those that nobody told: no worker is there, or none that can."""
    WATCH_DELIVERY = "watch-delivery"
    PURGE = "purge"
    SEND_CANARY = "send-canary"


class Place(StrEnum):
    """Where a job is done: by the scheduler itself, or by a worker that works for a queue."""

    HERE = "here"
    ALERTS = "alerts"
    MAINTENANCE = "maintenance"


@frozen
class Entry:
    job: Job
    every: timedelta
    place: Place


SCHEDULE: Final = (
    Entry(Job.TELL_ALERTS, timedelta(seconds=15), Place.ALERTS),
    Entry(Job.TELL_OLD_ALERTS, timedelta(minutes=1), Place.HERE),
    Entry(Job.WATCH_DELIVERY, timedelta(seconds=30), Place.HERE),
    Entry(Job.PURGE, timedelta(hours=1), Place.MAINTENANCE),
)
_OLD: Final = timedelta(minutes=1)


@frozen
class Jobs:
    """What the jobs do."""

    _alerts: AlertService
    _maintenance: MaintenanceService
    _clock: Clock
    _canary: CanaryService | None = None

    async def do(self, job: str) -> None:
        """Do the job of this name. Raise `ValueError` if there is none."""
        match Job(job):
            case Job.TELL_ALERTS:
                await self._alerts.tell()
            case Job.TELL_OLD_ALERTS:
                await self._alerts.tell(raised_before=self._clock.now() - _OLD)
            case Job.WATCH_DELIVERY:
                await self._maintenance.watch_delivery()
            case Job.PURGE:
                await self._maintenance.purge()
            case Job.SEND_CANARY:
                if self._canary is not None:
                    await self._canary.send()


@frozen
class JobService:
    """Any number of these may run side by side: a job that is due is taken by one of them."""

    _transactions: Transactions
    _jobs: Jobs
    _queue: JobQueue
    _clock: Clock
    _schedule: Sequence[Entry] = SCHEDULE

    async def do_due(self) -> None:
        """Do what is due, or ring for it; what fails is due again at its next time."""
        for entry in self._schedule:
            if await self._take(entry):
                try:
                    await self._do(entry)
                except Exception:  # noqa: BLE001 - the other jobs must not wait for it
                    _log.exception("the job %s failed", entry.job)

    async def _take(self, entry: Entry) -> bool:
        now = self._clock.now()
        return await self._transactions.run(
            lambda uow: uow.jobs.take(entry.job.value, now=now, next_at=now + entry.every)
        )

    async def _do(self, entry: Entry) -> None:
        if entry.place is Place.HERE:
            await self._jobs.do(entry.job)
        else:
            await self._queue.ring(entry.place.value, entry.job.value)
