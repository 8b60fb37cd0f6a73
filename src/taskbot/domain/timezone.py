"""Time zones: IANA names, and from the wall clock to the world's clock."""

from datetime import UTC, date, datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from taskbot.domain.errors import UnknownTimezone

# Names in the database that are no place a person lives by.
_NOT_FOR_PEOPLE: Final = frozenset({"Factory", "localtime", "posixrules"})


@cache
def timezone_names() -> frozenset[str]:
    """Every name of the IANA time zone database that this machine knows."""
    return frozenset(available_timezones() - _NOT_FOR_PEOPLE)


def checked_timezone(name: str) -> str:
    """*name* as it stands, or `UnknownTimezone`: names are matched to the letter."""
    if name not in timezone_names():
        raise UnknownTimezone(name)
    return name


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(checked_timezone(name))


def moment_of(day: date, clock_time: time, timezone: str) -> datetime:
    """The moment in UTC at which clocks in *timezone* show *clock_time* on *day*.

    A time that the clocks skip is read with the offset before the gap, one that they show twice
    is the first of the two (RFC 5545, section 3.3.5).
    """
    return datetime.combine(day, clock_time, tzinfo=zone(timezone)).astimezone(UTC)


def local(moment: datetime, timezone: str) -> datetime:
    """*moment* as clocks in *timezone* show it."""
    return moment.astimezone(zone(timezone))


def aware_utc(moment: datetime) -> datetime:
    """*moment* in UTC. A naive one is a programming mistake: `ValueError`."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


def aware_utc_or_none(moment: datetime | None) -> datetime | None:
    return None if moment is None else aware_utc(moment)
