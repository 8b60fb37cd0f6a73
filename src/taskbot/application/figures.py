"""Figures about all that there is, for operators: counted at one moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from taskbot.domain.reminder import LATE_AFTER, Reminder

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


@frozen(kw_only=True)
class Delivered:
    """What was sent in a span of time, and how late after its promise.

    *late*: later than people are told of (`LATE_AFTER`). *median* and *p95*: half of them, and 95
    of a hundred, were no later. To the millisecond; None where nothing was sent.
    """

    sent: int = 0
    late: int = 0
    median: timedelta | None = None
    p95: timedelta | None = None
    latest: timedelta | None = None

    @classmethod
    def of(cls, reminders: Sequence[Reminder]) -> "Delivered":
        """The figures of these, all of which were sent: what storages compute, said once."""
        ordered = sorted(
            one.lateness(now=one.sent_at) // _MILLISECOND * _MILLISECOND
            for one in reminders
            if one.sent_at is not None
        )
        if not ordered:
            return cls()
        number = len(ordered)
        return cls(
            sent=number,
            late=sum(lateness > LATE_AFTER for lateness in ordered),
            median=ordered[rank(number, percent=50) - 1],
            p95=ordered[rank(number, percent=95) - 1],
            latest=ordered[-1],
        )


def rank(number: int, *, percent: int) -> int:
    """Which of *number* values in their order, from 1 on, *percent* of all do not exceed."""
    return (number * percent + 99) // 100


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
