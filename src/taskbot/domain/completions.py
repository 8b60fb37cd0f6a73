"""Completions: how much got done on which day, by the calendar of whoever did it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final, Self

from attrs import evolve, field, frozen

from taskbot.domain.timezone import local, moment_of

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)
_INSTANT: Final = timedelta(microseconds=1)


def start_of(day: date, timezone: str) -> datetime:
    """The moment (UTC) from which on calendars in *timezone* show *day*, or a later one."""
    return moment_of(day, time(), timezone)


def day_before(day: date, timezone: str) -> date:
    """The day that was over when *day* began.

    Not always yesterday's date: a zone that crossed the date line has left a day out.
    """
    return local(start_of(day, timezone) - _INSTANT, timezone).date()


@frozen
class DayCount:
    day: date
    completed: int


@frozen
class WeekCount:
    """A week of ISO 8601, by its *monday*."""

    monday: date
    completed: int


@frozen
class Streak:
    """Consecutive days with something done on each; None at no such day."""

    days: int
    began_on: date | None


@frozen(kw_only=True)
class CompletionHistory:
    """Ends with *today*. Where it begins is for the caller to know."""

    timezone: str
    today: date
    _on: Counter[date] = field(factory=Counter)

    @classmethod
    def until(cls, now: datetime, *, timezone: str) -> Self:
        """One in which nothing was done yet."""
        return cls(timezone=timezone, today=local(now, timezone).date())

    def add(self, moments: Iterable[datetime]) -> Self:
        """With something done at each of *moments* as well."""
        on = Counter(local(moment, self.timezone).date() for moment in moments)
        return evolve(self, on=self._on + on)

    def per_day(self, number: int) -> tuple[DayCount, ...]:
        """The last *number* days that there were, today the last of them."""
        return tuple(DayCount(day, self._on[day]) for day in self._last_days(number))

    def per_week(self, number: int) -> tuple[WeekCount, ...]:
        """The last *number* weeks, this one the last of them."""
        monday = self.today - self.today.weekday() * _DAY
        mondays = [monday - back * _WEEK for back in reversed(range(number))]
        in_week = Counter[date]()
        for day, completed in self._on.items():
            in_week[day - day.weekday() * _DAY] += completed
        return tuple(WeekCount(one, in_week[one]) for one in mondays)

    @property
    def streak(self) -> Streak:
        """The one that goes on: nothing done yet today does not end it."""
        day = self.today if self._on[self.today] else day_before(self.today, self.timezone)
        days, began_on = 0, None
        while self._on[day]:
            days, began_on = days + 1, day
            day = day_before(day, self.timezone)
        return Streak(days, began_on)

    def begin_of(self, *, days: int, weeks: int) -> date:
        """The first day that is needed for so many days and weeks."""
        return min(self._last_days(days)[0], self.per_week(weeks)[0].monday)

    def _last_days(self, number: int) -> list[date]:
        days = [self.today]
        while len(days) < number:
            days.append(day_before(days[-1], self.timezone))
        return days[::-1]
