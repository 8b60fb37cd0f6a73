"""Moving: what becomes of deadlines when their owner goes to live by other clocks."""

from datetime import datetime
from enum import StrEnum

from attrs import field, frozen

from taskbot.domain.deadline import Deadline, TimedDeadline
from taskbot.domain.errors import DeadlineOutOfRange
from taskbot.domain.timezone import aware_utc, checked_timezone, local, moment_of


class TimedDeadlines(StrEnum):
    """What of a moment stays as it is."""

    KEEP_MOMENT = "keep_moment"
    """The moment: a call at 18:00 in Moscow is one at 16:00 in Berlin."""
    KEEP_CLOCK = "keep_clock"
    """What the clock shows: medicine at 18:00 is due at 18:00, wherever one is."""


@frozen(kw_only=True)
class Move:
    """At *now* somebody goes from the clocks of one zone to those of another."""

    origin: str = field(converter=checked_timezone)
    target: str = field(converter=checked_timezone)
    timed: TimedDeadlines = TimedDeadlines.KEEP_MOMENT
    now: datetime = field(converter=aware_utc)

    def take_along(self, deadline: Deadline) -> Deadline:
        """What *deadline* is after the move.

        Whole days go along. A moment keeps its clock if that is wanted, if it was said by the
        clocks that are left (one of another zone is meant by those), and if it stays ahead: what
        is over stays over, and nothing becomes overdue by travelling.
        """
        if self.timed is TimedDeadlines.KEEP_MOMENT or not isinstance(deadline, TimedDeadline):
            return deadline.in_timezone(self.target)
        if deadline.timezone != self.origin or deadline.due_at <= self.now:
            return deadline.in_timezone(self.target)
        shown = local(deadline.due_at, self.origin).replace(fold=0)
        try:
            same_clock = TimedDeadline(
                moment_of(shown.date(), shown.time(), self.target), self.target
            )
        except (DeadlineOutOfRange, OverflowError):  # at the ends of the calendar
            return deadline.in_timezone(self.target)
        return same_clock if same_clock.due_at > self.now else deadline.in_timezone(self.target)


def both_ways(
    deadline: Deadline | None, *, origin: str, target: str, now: datetime
) -> tuple[TimedDeadline, TimedDeadline] | None:
    """What *deadline* becomes if it keeps its moment, and if it keeps its clock.

    None where that is the same: then there is nothing to choose.
    """
    if not isinstance(deadline, TimedDeadline):
        return None
    kept = deadline.in_timezone(target)
    move = Move(origin=origin, target=target, timed=TimedDeadlines.KEEP_CLOCK, now=now)
    moved = move.take_along(deadline)
    return (kept, moved) if isinstance(moved, TimedDeadline) and moved != kept else None
