"""The overview: how taskbot is doing, for operators, in one look."""

import asyncio
from datetime import datetime, timedelta
from itertools import dropwhile
from typing import Final

from attrs import define, field, frozen

from taskbot.application.figures import (
    Delivered,
    DeliveryHour,
    PeopleFigures,
    QueueFigures,
    TaskFigures,
)
from taskbot.application.health import Finding, HealthService
from taskbot.application.ports import Clock, OperatorQueries, Queries, SignOfLife, SignsOfLife
from taskbot.application.troubles import Trouble, troubles
from taskbot.application.views import ReminderGauges

HOURS: Final = 24
"""By the clock, the running one included."""
FRESH_FOR: Final = timedelta(seconds=20)
"""However many look, and however often, the storage is not asked more often."""
_HOUR: Final = timedelta(hours=1)
_SETTLED_AFTER: Final = timedelta(minutes=5)
"""So long after its end nothing is recorded any more as sent in an hour."""


@frozen(kw_only=True)
class Overview:
    """*hours*: the last `HOURS`, the earliest first. *findings*: of the process that was asked.

    *signs_of_life*: of all processes that ended out of order, or did not end, within a day.
    """

    at: datetime
    people: PeopleFigures
    tasks: TaskFigures
    queue: QueueFigures
    gauges: ReminderGauges
    hours: tuple[DeliveryHour, ...]
    findings: tuple[Finding, ...]
    signs_of_life: tuple[SignOfLife, ...]
    troubles: tuple[Trouble, ...]

    @property
    def is_well(self) -> bool:
        return not self.troubles

    @property
    def is_grave(self) -> bool:
        return any(trouble.is_grave for trouble in self.troubles)

    @property
    def sent(self) -> int:
        return sum(hour.delivered.sent for hour in self.hours)

    @property
    def late(self) -> int:
        return sum(hour.delivered.late for hour in self.hours)

    @property
    def failed(self) -> int:
        return sum(hour.missed.failed for hour in self.hours)

    @property
    def unknown(self) -> int:
        return sum(hour.missed.unknown for hour in self.hours)

    @property
    def latest(self) -> timedelta | None:
        """The worst lateness of all."""
        known = [one.delivered.latest for one in self.hours if one.delivered.latest is not None]
        return max(known, default=None)


@define
class OverviewService:
    """Who looks at the same time shares one look, and what was seen is shown for a while.

    What was sent in an hour that is over does not change: each is counted once.
    *stalled_after*: with a reminder due for so long delivery is not keeping its promise.
    """

    _figures: OperatorQueries
    _queries: Queries
    _signs_of_life: SignsOfLife
    _health: HealthService
    _clock: Clock
    _stalled_after: timedelta
    _kept: Overview | None = field(default=None, init=False)
    _looking: asyncio.Task[Overview] | None = field(default=None, init=False)
    _settled: dict[datetime, Delivered] = field(factory=dict, init=False)

    async def look(self) -> Overview:
        """What is so, or was up to `FRESH_FOR` ago. Raise `StorageUnavailable`."""
        now = self._clock.now()
        if self._kept is not None and timedelta(0) <= now - self._kept.at < FRESH_FOR:
            return self._kept
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> Overview:
        now = self._clock.now()
        gauges = await self._queries.reminder_gauges(now=now)
        hours = await self._hours(now)
        health = await self._health.look()
        signs_of_life = await self._signs_of_life.last_of_all()
        self._kept = Overview(
            at=now,
            people=await self._figures.people_figures(now=now),
            tasks=await self._figures.task_figures(now=now),
            queue=await self._figures.queue_figures(now=now),
            gauges=gauges,
            hours=hours,
            findings=health.findings,
            signs_of_life=tuple(signs_of_life),
            troubles=troubles(
                now=now,
                findings=health.findings,
                signs_of_life=signs_of_life,
                gauges=gauges,
                hours=hours,
                stalled_after=self._stalled_after,
            ),
        )
        return self._kept

    async def _hours(self, now: datetime) -> tuple[DeliveryHour, ...]:
        running = now.replace(minute=0, second=0, microsecond=0)
        starts = [running - _HOUR * ago for ago in reversed(range(HOURS))]
        missed = await self._figures.missed(starts[0], hours=HOURS)
        delivered = await self._delivered(starts, now)
        return tuple(
            DeliveryHour(start=start, delivered=delivered[start], missed=of_it)
            for start, of_it in zip(starts, missed, strict=True)
        )

    async def _delivered(self, starts: list[datetime], now: datetime) -> dict[datetime, Delivered]:
        known = self._settled
        # From the first that is not known on: after a clock was put back that may be an early one.
        asked = list(dropwhile(known.__contains__, starts))
        counted = await self._figures.delivered(asked[0], hours=len(asked))
        found = known | dict(zip(asked, counted, strict=True))
        self._settled = {
            start: found[start] for start in starts if start + _HOUR + _SETTLED_AFTER <= now
        }
        return found
