"""The parts of a deadline that patterns find, and what patterns know while they do."""

import calendar
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from re import Match, Pattern
from typing import Final, TypeAlias

from attrs import frozen

from taskbot.domain.user import Language

_SHORT_YEARS: Final = 2000
_LAST_VAGUE_HOUR: Final = 7  # from eight on people mean the morning, or say otherwise


@frozen
class Day:
    """A local date. *or_today*: it may as well be today, if a time of today is still ahead."""

    date: date
    or_today: bool = False


@frozen
class Clock:
    """A time on the person's clock. *either_half*: it may as well be twelve hours later."""

    time: time
    either_half: bool = False


@frozen
class PartOfDay:
    """When it is if no time is given, and in which half of the day the hour is that is given."""

    time: time
    afternoon: bool


@frozen
class Moment:
    """A local time so and so long from now, without a zone."""

    ahead: timedelta


@frozen
class NoSuchDate:
    text: str


@frozen
class NoSuchTime:
    text: str


@frozen
class Ambiguous:
    """It can be read in two ways, and nothing says in which."""


Part: TypeAlias = Day | Clock | PartOfDay | Moment | NoSuchDate | NoSuchTime | Ambiguous


@frozen
class Setting:
    """*now* is what the person's clock shows, without its zone."""

    now: datetime
    language: Language

    @property
    def today(self) -> date:
        return self.now.date()


Reader: TypeAlias = Callable[[Match[str], Setting], tuple[Part, ...]]
"""From what a pattern matched to the parts that it says."""

Rule: TypeAlias = tuple[Pattern[str], Reader]


def day_of(written: str, year: str | None, month: int, day: str, setting: Setting) -> Part:
    """The date; without a year the next such date, today included."""
    if year is not None:
        number = int(year) + (_SHORT_YEARS if len(year) == 2 else 0)  # noqa: PLR2004 - two digits
        return _date_or_none(written, number, month, int(day))
    found: Part = NoSuchDate(written)
    # A 29th of February may be up to eight years away.
    for number in range(setting.today.year, setting.today.year + 9):
        found = _date_or_none(written, number, month, int(day))
        if isinstance(found, Day) and found.date >= setting.today:
            return found
    return found


def _date_or_none(written: str, year: int, month: int, day: int) -> Part:
    try:
        return Day(date(year, month, day))
    except ValueError:
        return NoSuchDate(written)


def day_of_month(written: str, day: str, setting: Setting) -> Part:
    """The next day with this number, today included."""
    year, month = setting.today.year, setting.today.month
    for _ in range(3):  # two months in a row may lack a 31st only with another between them
        found = _date_or_none(written, year, month, int(day))
        if isinstance(found, Day) and found.date >= setting.today:
            return found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004
    return NoSuchDate(written)


def clock_of(written: str, hour: str, minute: str | None = None) -> Part:
    """The time on a clock of 24 hours."""
    try:
        return Clock(time(int(hour), int(minute or 0)))
    except ValueError:
        return NoSuchTime(written)


def spoken_clock(written: str, hour: int, minute: int = 0) -> Part:
    """The time as it is said without saying which half of the day: small hours may be either."""
    said = clock_of(written, str(hour), str(minute))
    if isinstance(said, Clock) and 1 <= hour <= _LAST_VAGUE_HOUR:
        return Clock(said.time, either_half=True)
    return said


def half_day_clock(written: str, hour: str, minute: str | None, *, afternoon: bool) -> Part:
    """The time on a clock of 12 hours: 12 is the first hour of its half."""
    number = int(hour)
    if not 1 <= number <= 12:  # noqa: PLR2004 - the numbers on that clock
        return NoSuchTime(written)
    return clock_of(written, str(number % 12 + (12 if afternoon else 0)), minute)


def in_days(number: int, setting: Setting) -> Part:
    try:
        return Day(setting.today + timedelta(days=number))
    except OverflowError:
        return NoSuchDate(f"+{number}")


def in_months(number: int, setting: Setting) -> Part:
    """The same day of a later month, or its last day where that month is shorter."""
    months = setting.today.year * 12 + setting.today.month - 1 + number
    year, month = months // 12, months % 12 + 1
    if year > date.max.year:
        return NoSuchDate(f"+{number}")
    last = calendar.monthrange(year, month)[1]
    return Day(date(year, month, min(setting.today.day, last)))


def weekday(number: int, setting: Setting, *, of_next_week: bool) -> Part:
    """The coming Monday (0) to Sunday (6), or the one of the next calendar week."""
    if of_next_week:
        monday = setting.today + timedelta(days=7 - setting.today.weekday())
        return Day(monday + timedelta(days=number))
    ahead = (number - setting.today.weekday()) % 7
    return Day(setting.today + timedelta(days=ahead or 7), or_today=ahead == 0)


def weekend(setting: Setting) -> Part:
    """The coming Saturday; on a weekend, today."""
    saturday = 5
    return Day(setting.today + timedelta(days=max(saturday - setting.today.weekday(), 0)))


def end_of_month(setting: Setting) -> Part:
    last = calendar.monthrange(setting.today.year, setting.today.month)[1]
    return Day(setting.today.replace(day=last))


def end_of_week(setting: Setting) -> Part:
    return in_days(6 - setting.today.weekday(), setting)


def end_of_year(setting: Setting) -> Part:
    return Day(date(setting.today.year, 12, 31))


def next_month(setting: Setting) -> Part:
    """Its first day."""
    found = in_months(1, setting)
    return Day(found.date.replace(day=1)) if isinstance(found, Day) else found


def next_year(setting: Setting) -> Part:
    """Its first day."""
    found = in_months(12, setting)
    return Day(found.date.replace(month=1, day=1)) if isinstance(found, Day) else found
