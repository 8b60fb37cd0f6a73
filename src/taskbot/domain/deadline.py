"""Deadlines: until when a task should be done.

A deadline is either a moment or a whole day. Both keep the IANA zone in which the person
meant them: that zone says when the day is over, and how the moment is shown.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from taskbot.domain.errors import DeadlineInPast, DeadlineOutOfRange, NotWholeDays
from taskbot.domain.time_span import TimeSpan
from taskbot.domain.timezone import checked_timezone, local, moment_of

FIRST_YEAR: Final = 1971
LAST_YEAR: Final = 2999

_DAY: Final = timedelta(days=1)


def _moment(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a deadline needs a time zone")
    # Checked before the conversion, which overflows at the ends of the calendar.
    _require_in_range(moment.date())
    in_utc = moment.astimezone(UTC)
    # Checked again: this is the day that is stored, and must be accepted when it is read.
    _require_in_range(in_utc.date())
    return in_utc


def _day(day: date) -> date:
    if isinstance(day, datetime):
        raise TypeError("a whole-day deadline is a date, not a moment")
    _require_in_range(day)
    return day


def _require_in_range(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DeadlineOutOfRange(FIRST_YEAR, LAST_YEAR)


def _days_and_rest(by: timedelta) -> tuple[int, timedelta]:
    days = abs(by) // _DAY  # towards zero: an hour earlier is no day earlier
    if by < timedelta(0):
        days = -days
    return days, by - days * _DAY


def _moved(day: date, days: int) -> date:
    try:
        moved = day + days * _DAY
    except OverflowError:
        raise DeadlineOutOfRange(FIRST_YEAR, LAST_YEAR) from None
    _require_in_range(moved)
    return moved


@frozen
class TimedDeadline:
    """A moment in UTC, with the zone in which the person said it."""

    due_at: datetime = field(converter=_moment)
    timezone: str = field(converter=checked_timezone)

    @property
    def ends_at(self) -> datetime:
        """From this moment (UTC) on the task is overdue."""
        return self.due_at

    def is_within(self, span: TimeSpan) -> bool:
        return (span.start is None or span.start <= self.due_at) and (
            span.end is None or self.due_at < span.end
        )

    def require_ahead(self, *, now: datetime) -> None:
        """Raise `DeadlineInPast` unless the deadline may still be set at *now*."""
        if self.ends_at <= now:
            raise DeadlineInPast(self.due_at)

    def in_timezone(self, timezone: str) -> "TimedDeadline":
        """The same moment, shown by other clocks."""
        return evolve(self, timezone=timezone)

    def later(self, by: timedelta) -> "TimedDeadline":
        """So much later, or earlier: by days that its clocks tell, and what is left as time passes.

        A day after 18:00 it is 18:00, though the clocks be changed between.
        """
        days, rest = _days_and_rest(by)
        shown = local(self.due_at, self.timezone)
        same_clock = moment_of(_moved(shown.date(), days), shown.time(), self.timezone)
        try:
            return evolve(self, due_at=same_clock + rest)
        except OverflowError:
            raise DeadlineOutOfRange(FIRST_YEAR, LAST_YEAR) from None


@frozen
class DayDeadline:
    """A whole local day: due when it ends in *timezone*."""

    due_on: date = field(converter=_day)
    timezone: str = field(converter=checked_timezone)

    @property
    def ends_at(self) -> datetime:
        """The first moment (UTC) after the day; from then on the task is overdue."""
        return moment_of(self.due_on + timedelta(days=1), time(), self.timezone)

    def is_within(self, span: TimeSpan) -> bool:
        """Whether the last moment of the day is in *span*."""
        return (span.start is None or span.start < self.ends_at) and (
            span.end is None or self.ends_at <= span.end
        )

    def moment_at(self, clock_time: time) -> datetime:
        """When (UTC) clocks show *clock_time* on that day.

        Where a zone skipped the whole day there is no such moment: the day's end stands in.
        """
        return min(moment_of(self.due_on, clock_time, self.timezone), self.ends_at)

    def require_ahead(self, *, now: datetime) -> None:
        """Raise `DeadlineInPast` unless the deadline may still be set at *now*."""
        if self.ends_at <= now:
            raise DeadlineInPast(self.due_on)

    def in_timezone(self, timezone: str) -> "DayDeadline":
        """The same date on another calendar: it follows the person who moves."""
        return evolve(self, timezone=timezone)

    def later(self, by: timedelta) -> "DayDeadline":
        """So many days later, or earlier. Raise `NotWholeDays` for anything else."""
        days, rest = _days_and_rest(by)
        if rest:
            raise NotWholeDays
        return evolve(self, due_on=_moved(self.due_on, days))


Deadline: TypeAlias = TimedDeadline | DayDeadline


def local_day(moment: datetime, timezone: str) -> date:
    """The date that calendars in *timezone* show at *moment*."""
    return local(moment, timezone).date()
