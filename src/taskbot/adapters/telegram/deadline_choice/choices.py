"""How a button spells what it chooses; old messages keep their buttons for years.

`20261124` is that whole day and `20261124T1800` a moment of it; `d20261124` asks for the time of
that day, `m202611` shows a month, `m202611T1800` one in which a day is looked for to that time.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final, TypeAlias

from aiogram.filters.callback_data import CallbackData
from attrs import frozen

NONE: Final = "none"
"""No deadline."""
START: Final = "b"
"""Back to the first question."""
NOWHERE: Final = "x"
"""A cell of the calendar that is no day to be chosen."""

_DAY: Final = "%Y%m%d"
_MONTH: Final = "%Y%m"
_TIME: Final = "%H%M"

Carry: TypeAlias = Callable[[str], CallbackData]
"""Makes a button's data from its choice."""


@frozen
class Chosen:
    """A whole day, or a moment of it."""

    day: date
    at: time | None


@frozen
class TimeOf:
    """What time on that *day* is to be asked."""

    day: date


@frozen
class Month:
    """A page of the calendar, by its *first* day; None: the current one."""

    first: date | None
    at: time | None = None


Choice: TypeAlias = Chosen | TimeOf | Month


def day_choice(day: date, clock_time: time | None = None) -> str:
    return f"{day:{_DAY}}{_time(clock_time)}"


def time_choice(day: date) -> str:
    return f"d{day:{_DAY}}"


def month_choice(first: date | None = None, clock_time: time | None = None) -> str:
    return f"m{'' if first is None else f'{first:{_MONTH}}'}{_time(clock_time)}"


def _time(clock_time: time | None) -> str:
    return "" if clock_time is None else f"T{clock_time:{_TIME}}"


def read(choice: str) -> Choice | None:
    """What *choice* spells; None if it is nothing of ours."""
    kind, rest = (choice[:1], choice[1:]) if choice[:1] in {"d", "m"} else ("", choice)
    day, _, clock_time = rest.partition("T")
    try:
        at = _parsed(clock_time, _TIME).time() if clock_time else None
        if kind == "m":
            return Month(_parsed(day, _MONTH).date() if day else None, at)
        on = _parsed(day, _DAY).date()
    except ValueError:
        return None
    return TimeOf(on) if kind == "d" else Chosen(on, at)


def _parsed(text: str, form: str) -> datetime:
    return datetime.strptime(text, form)  # noqa: DTZ007 - of the person's calendar and clock
