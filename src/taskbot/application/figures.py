"""Figures about all that there is, for operators: counted at one moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from attrs import frozen

_MILLISECOND: Final = timedelta(milliseconds=1)


@frozen(kw_only=True)
class PeopleFigures:
    """*new*: since a day ago. *lost*: Telegram refuses to deliver to them."""

    total: int
    new: int
    lost: int
    paused: int
    leaving: int

    @property
    def reachable(self) -> int:
        return self.total - self.lost


@frozen(kw_only=True)
class TaskFigures:
    """*within_hour* and *within_day*: due from now on, until then."""

    open: int
    overdue: int
    within_hour: int
    within_day: int


@frozen(kw_only=True)
class QueueFigures:
    """Reminders that are still to be sent.

    *claimable*: by now, those included whose sender lost its lease. *within_hour*: available in
    the next hour. *held*: on hold, until their owner can be reminded again.
    """

    claimable: int
    within_hour: int
    available: int
    held: int

    @property
    def pending(self) -> int:
        return self.available + self.held


STEPS: Final = ((1_000, 10), (60_000, 100), (3_600_000, 1_000))
"""Of lateness: below so many milliseconds it is told in steps of so many; then in minutes."""
LONGEST_STEP: Final = 60_000


def in_steps(milliseconds: int) -> int:
    """*milliseconds* as exactly as a plot shows them: of a million there are few different ones."""
    step = next((step for below, step in STEPS if milliseconds < below), LONGEST_STEP)
    return milliseconds // step * step


@frozen(kw_only=True)
class LatenessCount:
    """So many came as late, `in_steps`; *late*: of them over `LATE_AFTER`; *latest*: exactly."""

    milliseconds: int
    number: int
    late: int
    latest: int


@frozen(kw_only=True)
class Delivered:
    """What was sent in a span of time, and how late after its promise.

    *late*: later than people are told of (`LATE_AFTER`). *median* and *p95*: half of them, and 95
    of a hundred, were no later, `in_steps`. *latest*: to the millisecond. None where nothing was
    sent.
    """

    sent: int = 0
    late: int = 0
    median: timedelta | None = None
    p95: timedelta | None = None
    latest: timedelta | None = None

    @classmethod
    def of(cls, counts: Iterable[LatenessCount]) -> "Delivered":
        ordered = sorted(counts, key=lambda one: one.milliseconds)
        if not ordered:
            return cls()
        sent = sum(one.number for one in ordered)
        return cls(
            sent=sent,
            late=sum(one.late for one in ordered),
            median=_at_rank(ordered, (sent * 50 + 99) // 100),
            p95=_at_rank(ordered, (sent * 95 + 99) // 100),
            latest=_MILLISECOND * max(one.latest for one in ordered),
        )


def _at_rank(ordered: Sequence[LatenessCount], rank: int) -> timedelta:
    """The lateness of the one that is the *rank*-th (from 1 on) of all."""
    up_to = accumulate(one.number for one in ordered)
    place = next(place for place, number in enumerate(up_to) if number >= rank)
    return _MILLISECOND * ordered[place].milliseconds


@frozen(kw_only=True)
class Missed:
    """Promised for a span of time, and given up (*failed*), or nobody knows whether it arrived."""

    failed: int = 0
    unknown: int = 0


@frozen(kw_only=True)
class DeliveryHour:
    """One hour by the clock, from *start* on (UTC).

    *delivered* in it, *missed* of what was promised for it: what is given up has no other moment.
    """

    start: datetime
    delivered: Delivered
    missed: Missed
