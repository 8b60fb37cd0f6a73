"""What was typed, or chosen by a button, as a deadline."""

from datetime import date, time

from taskbot.adapters.telegram.deadline_choice.choices import Chosen
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.deadline_text import (
    AlreadyPast,
    DayMissing,
    HalfMissing,
    NotUnderstood,
    Reading,
    Understood,
    understand_deadline,
)
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.errors import DeadlineInPast, DeadlineOutOfRange
from taskbot.domain.timezone import moment_of


def read_text(voice: Voice, text: str, *, at: str | None = None, on: str | None = None) -> Reading:
    """What *text* says.

    *at*: the time (HH:MM) that was typed before without a day; *on*: the day (YYYY-MM-DD) whose
    time was asked.
    """
    reading = _understood(voice, text)
    if at and isinstance(reading, Understood) and isinstance(reading.deadline, DayDeadline):
        return _understood(voice, f"{text} {at}")
    if on and isinstance(reading, DayMissing | HalfMissing | NotUnderstood):
        tries = (_understood(voice, f"{on} {said}") for said in (text, f"at {text}"))
        return next((one for one in tries if not isinstance(one, NotUnderstood)), reading)
    return reading


def _understood(voice: Voice, text: str) -> Reading:
    return understand_deadline(
        text, language=voice.language, now=voice.now, timezone=voice.timezone
    )


def read_chosen(voice: Voice, chosen: Chosen) -> Reading:
    try:
        deadline = _deadline(voice, chosen.day, chosen.at)
    except DeadlineOutOfRange:
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
