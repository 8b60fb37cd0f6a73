"""Choosing a deadline: by quick buttons, or by typing it.

A button carries the very day that it shows (`20261124`, `20261124T1800`): pressed tomorrow, it
still means what the person read.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from aiogram.filters.callback_data import CallbackData

from taskbot.adapters.telegram.keyboards import Button, Row, button, in_rows_of
from taskbot.adapters.telegram.texts import buttons
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.deadline_text import (
    AlreadyPast,
    NotUnderstood,
    Reading,
    Understood,
    understand_deadline,
)
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.errors import DeadlineInPast, DeadlineOutOfRange
from taskbot.domain.timezone import local, moment_of

NONE: Final = "none"
_DAY: Final = "%Y%m%d"
_TIME: Final = "%H%M"

Carry = Callable[[str], CallbackData]


def quick_rows(voice: Voice, carry: Carry) -> list[Row]:
    """Whole days that people mean most; *carry* makes a button's data from its choice."""
    rows = []
    for which in buttons.DAYS:
        reading = read_text(voice, which)
        if isinstance(reading, Understood) and isinstance(reading.deadline, DayDeadline):
            day = reading.deadline.due_on
            label = buttons.quick_day(voice, which, day)
            rows.append(button(label, carry(f"{day:{_DAY}}")))
    return in_rows_of(2, rows)


def near_days(voice: Voice, carry: Carry) -> list[Button]:
    """Today and tomorrow, for where there is little room."""
    return [
        button(voice.label(buttons.DAYS[which]), carry(f"{day:{_DAY}}"))
        for which, day in (
            ("today", voice.today),
            ("tomorrow", voice.today + timedelta(days=1)),
        )
    ]


def day_rows(voice: Voice, clock_time: time, carry: Carry) -> list[Row]:
    """Which day was meant with *clock_time*: the next two on which it is still ahead."""
    is_over = clock_time <= local(voice.now, voice.timezone).time()
    days = [voice.today + timedelta(days=ahead) for ahead in ((1, 2) if is_over else (0, 1))]
    return [
        [
            button(
                buttons.day_and_time(voice, day, clock_time),
                carry(f"{day:{_DAY}}T{clock_time:{_TIME}}"),
            )
            for day in days
        ]
    ]


def read_choice(voice: Voice, choice: str) -> Reading:
    """What a button of `quick_rows` or `day_rows` says; anything else is not understood."""
    day, _, clock_time = choice.partition("T")
    try:
        deadline = _deadline(
            voice,
            datetime.strptime(day, _DAY).date(),  # noqa: DTZ007 - a day on the person's calendar
            datetime.strptime(clock_time, _TIME).time() if clock_time else None,  # noqa: DTZ007
        )
    except (ValueError, DeadlineOutOfRange):
        return NotUnderstood()
    try:
        deadline.require_ahead(now=voice.now)
    except DeadlineInPast:
        return AlreadyPast(deadline)
    return Understood(deadline, (0, 0))


def _deadline(voice: Voice, day: date, clock_time: time | None) -> Deadline:
    whole = DayDeadline(day, voice.timezone)  # refuses the ends of the calendar
    if clock_time is None:
        return whole
    return TimedDeadline(moment_of(day, clock_time, voice.timezone), voice.timezone)


def read_text(voice: Voice, text: str, *, at: str | None = None) -> Reading:
    """What *text* says. *at*: the time (HH:MM) that was typed before without a day."""
    reading = _understood(voice, text)
    if at and isinstance(reading, Understood) and isinstance(reading.deadline, DayDeadline):
        return _understood(voice, f"{text} {at}")
    return reading


def _understood(voice: Voice, text: str) -> Reading:
    return understand_deadline(
        text, language=voice.language, now=voice.now, timezone=voice.timezone
    )
