"""Spans of time, and the ones that people name: today, this week."""

from datetime import date, datetime, time, timedelta

from attrs import field, frozen

from taskbot.domain.timezone import aware_utc_or_none, local, moment_of

_DAY = timedelta(days=1)


@frozen
class TimeSpan:
    """From *start* until just before *end* (UTC); None where it has no such bound."""

    start: datetime | None = field(default=None, converter=aware_utc_or_none)
    end: datetime | None = field(default=None, converter=aware_utc_or_none)


def today(now: datetime, timezone: str) -> TimeSpan:
    """The day that calendars in *timezone* show at *now*."""
    day = local(now, timezone).date()
    return _days(day, day + _DAY, timezone)


def this_week(now: datetime, timezone: str) -> TimeSpan:
    """The week, from Monday on (ISO 8601), that calendars in *timezone* show at *now*."""
    day = local(now, timezone).date()
    monday = day - day.weekday() * _DAY
    return _days(monday, monday + 7 * _DAY, timezone)


def from_tomorrow(now: datetime, timezone: str) -> TimeSpan:
    """All the time after `today`."""
    return TimeSpan(today(now, timezone).end)


def _days(first: date, after: date, timezone: str) -> TimeSpan:
    return TimeSpan(moment_of(first, time(), timezone), moment_of(after, time(), timezone))
