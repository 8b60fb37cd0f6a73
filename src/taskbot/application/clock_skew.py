"""How far this machine's clock is from others', for the doctor to tell."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from attrs import field, frozen

from taskbot.application.doctor import Problem, ProblemKind, Reason, Seen, Skipped
from taskbot.application.ports import Clock
from taskbot.domain.timezone import aware_utc

TOLERATED: Final = timedelta(seconds=2)
GRAVE: Final = timedelta(seconds=30)
"""Reminders that are so early or so late are noticed, and leases are lost."""
_PATIENCE_SECONDS: Final = 5.0
_KEEP_TIME: Final = "timedatectl set-ntp true"


@frozen
class Told:
    """What another clock shows: this moment, or one up to *within* later."""

    at: datetime = field(converter=aware_utc)
    within: timedelta = timedelta(0)


Source: TypeAlias = Callable[[], Awaitable[Told | None]]
"""None where there is no other clock. Whatever it raises, it is left out: others look at that."""


@frozen
class ClockSkew:
    """*sources*: other clocks, by the names that the operator knows them by."""

    _sources: Mapping[str, Source]
    _clock: Clock

    async def look(self) -> Seen:
        if not self._sources:
            raise Skipped(reason=Reason.NOTHING_TO_COMPARE)
        asked = await asyncio.gather(*map(self._ahead_of, self._sources.values()))
        known = {name: ahead for name, ahead in zip(self._sources, asked, strict=True) if ahead}
        if not known:
            raise Skipped(reason=Reason.NOTHING_TO_COMPARE)
        facts = {f"ahead_of_{name}_seconds": about for name, (about, _) in known.items()}
        return Seen(
            facts,
            [_problem(name, sure) for name, (_, sure) in known.items() if abs(sure) >= TOLERATED],
        )

    async def _ahead_of(self, source: Source) -> tuple[float, timedelta] | None:
        """By about how many seconds it is ahead, and by what at least, whatever the way took."""
        before = self._clock.now()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                told = await source()
        except Exception:  # noqa: BLE001 - see `Source`
            return None
        if told is None:
            return None
        after = self._clock.now()
        least, most = before - told.at - told.within, after - told.at
        sure = least if least > timedelta(0) else min(most, timedelta(0))
        return round((least + most).total_seconds() / 2, 1) + 0.0, sure  # no -0.0


def _problem(name: str, ahead: timedelta) -> Problem:
    kind = ProblemKind.CLOCK_AHEAD if ahead > timedelta(0) else ProblemKind.CLOCK_BEHIND
    return Problem(
        kind=kind,
        values={"other": name, "seconds": f"{abs(ahead).total_seconds():.0f}"},
        remedy=_KEEP_TIME,
        is_grave=abs(ahead) >= GRAVE,
    )
