"""A month as buttons, and the times of a day."""

from calendar import Calendar
from datetime import date, time, timedelta
from typing import Final

from taskbot.adapters.telegram.deadline_choice.choices import (
    NOWHERE,
    Carry,
    day_choice,
    month_choice,
    time_choice,
)
from taskbot.adapters.telegram.keyboards import Button, Row, button, in_rows_of
from taskbot.adapters.telegram.texts import deadlines as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.deadline import LAST_YEAR
from taskbot.domain.timezone import local

BLANK: Final = "\u2800"
"""Looks like a space, which no button may consist of."""
OVER: Final = "·"

_HOURS: Final = (time(12), time(15), time(18), time(21))
_LAST_MONTH: Final = date(LAST_YEAR, 12, 1)
_MORE_THAN_A_MONTH: Final = timedelta(days=31)


def month_rows(
    voice: Voice, first: date | None, carry: Carry, *, clock_time: time | None = None
) -> list[Row]:
    """The month that begins on *first*, or the current one, without the weeks that are over.

    Buttons lead to no month after the last that there may be, but anybody may make one up.

    Days that are over cannot be chosen; one ahead leads to the question about its time, unless
    there is a *clock_time* already.
    """
    this_month = voice.today.replace(day=1)
    shown = min(max(first or this_month, this_month), _LAST_MONTH)
    weeks = Calendar(voice.first_weekday).monthdatescalendar(shown.year, shown.month)
    ahead = [week for week in weeks if week[-1] >= voice.today]
    return [
        _turns(voice, shown, carry, clock_time),
        [button(name, carry(NOWHERE)) for name in voice.weekdays],
        *([_cell(voice, day, shown, carry, clock_time) for day in week] for week in ahead),
    ]


def _turns(voice: Voice, shown: date, carry: Carry, clock_time: time | None) -> Row:
    def to(month: date | None, label: str) -> Button:
        return button(label, carry(month_choice(month, clock_time)))

    nowhere = button(BLANK, carry(NOWHERE))
    before = (shown - timedelta(days=1)).replace(day=1)
    after = (shown + _MORE_THAN_A_MONTH).replace(day=1)
    has_before = shown > voice.today
    return [
        to(before, "◀") if has_before else nowhere,
        to(None, voice.month(shown)),  # the way back to today
        to(after, "▶") if after.year <= LAST_YEAR else nowhere,
    ]


def _cell(voice: Voice, day: date, shown: date, carry: Carry, clock_time: time | None) -> Button:
    if day.month != shown.month:
        return button(BLANK, carry(NOWHERE))
    if day < voice.today or (day == voice.today and _is_over(voice, clock_time)):
        return button(OVER, carry(NOWHERE))
    label = f"•{day.day}" if day == voice.today else str(day.day)
    choice = time_choice(day) if clock_time is None else day_choice(day, clock_time)
    return button(label, carry(choice))


def _is_over(voice: Voice, clock_time: time | None) -> bool:
    return clock_time is not None and clock_time <= local(voice.now, voice.timezone).time()


def time_rows(voice: Voice, day: date, carry: Carry, *, day_start: time) -> list[Row]:
    """The whole *day*, and the usual times that are still ahead on it."""
    whole = button(voice.label(words.WHOLE_DAY), carry(day_choice(day)))
    times = sorted({day_start, *_HOURS})
    ahead = [at for at in times if day != voice.today or not _is_over(voice, at)]
    signs = {day_start: "🌅 "}
    choices = [
        button(f"{signs.get(at, '')}{voice.clock(at)}", carry(day_choice(day, at))) for at in ahead
    ]
    return [[whole], *in_rows_of(3, choices)]
