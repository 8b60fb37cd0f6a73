"""Health: whether a process can do its work, and what keeps it from that."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from attrs import define, field, frozen

from taskbot.application.ports import Clock, Queries, StorageUnavailable

PATIENCE: Final = timedelta(seconds=3)
"""How long one check may take; they are made side by side."""

Facts: TypeAlias = Mapping[str, str | float | None]


@frozen
class Unwell(Exception):
    """What was looked at cannot be used. *reason* is shown to anybody: it names no hosts."""

    reason: str
    facts: Facts = field(factory=dict)


@frozen(kw_only=True)
class Check:
    """Something to look at.

    *look* gives the facts, or raises `Unwell` or `StorageUnavailable`. *is_needed*: without it
    the process cannot do its work.
    """

    name: str
    look: Callable[[], Awaitable[Facts]]
    is_needed: bool = True


@frozen(kw_only=True)
class Finding:
    """What came of one check; *problem*: why it is not well, None if it is."""

    name: str
    is_needed: bool
    problem: str | None
    facts: Facts


@frozen
class Health:
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        """What is needed, and cannot be used."""
        return tuple(one for one in self.findings if one.is_needed and one.problem is not None)

    @property
    def is_whole(self) -> bool:
        return all(one.problem is None for one in self.findings)


_LEAVING: Final = Finding(name="process", is_needed=True, problem="is being stopped", facts={})


@define
class HealthService:
    """Anybody may ask, as often as they like: those who ask meanwhile share one look."""

    _checks: Sequence[Check]
    _patience: timedelta = PATIENCE
    _looking: asyncio.Task[Health] | None = field(default=None, init=False)
    _is_stopping: bool = field(default=False, init=False)

    def also(self, *checks: Check) -> "HealthService":
        """One that looks at *checks*, too."""
        return HealthService((*self._checks, *checks), self._patience)

    def begin_to_stop(self) -> None:
        """From now on the process is not ready, whatever else is well: it takes its leave."""
        self._is_stopping = True

    async def look(self) -> Health:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        health = await asyncio.shield(self._looking)
        return Health((_LEAVING, *health.findings)) if self._is_stopping else health

    async def _look(self) -> Health:
        return Health(tuple(await asyncio.gather(*map(self._find, self._checks))))

    async def _find(self, check: Check) -> Finding:
        problem: str | None = None
        facts: Facts = {}
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                facts = await check.look()
        except Unwell as unwell:
            problem, facts = unwell.reason, unwell.facts
        except TimeoutError:
            problem = "does not answer in time"
        except StorageUnavailable:
            problem = "cannot be used"
        return Finding(name=check.name, is_needed=check.is_needed, problem=problem, facts=facts)


def oldest_due(queries: Queries, clock: Clock) -> Check:
    """For how long the oldest due reminder has been waiting: shown, and judged by nobody here.

    To take no more requests would not make delivery any faster.
    """

    async def look() -> Facts:
        gauges = await queries.reminder_gauges(now=clock.now())
        age = gauges.oldest_due
        return {"oldest_due_seconds": None if age is None else age.total_seconds()}

    return Check(name="reminders", look=look, is_needed=False)


@define
class Rounds:
    """Of a loop that goes round as long as all is well: when it last did."""

    _clock: Clock
    _last: datetime = field(init=False)

    @_last.default
    def _begun(self) -> datetime:
        return self._clock.now()

    def finish(self) -> None:
        """Say that it got round once more."""
        self._last = self._clock.now()

    def check(self, name: str, *, within: timedelta) -> Check:
        """Failing, when the last round, or the beginning, is longer ago than *within*."""

        async def look() -> Facts:
            ago = (self._clock.now() - self._last).total_seconds()
            if ago > within.total_seconds():
                raise Unwell(f"last went well {ago:.0f} seconds ago")
            return {}

        return Check(name=name, look=look)
