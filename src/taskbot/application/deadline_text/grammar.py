"""From parts to a deadline."""

import re
from datetime import datetime, time
from typing import Final, TypeVar

from taskbot.application.deadline_text import english, numeric, russian
from taskbot.application.deadline_text.parts import (
    Ambiguous,
    Clock,
    Day,
    Moment,
    NoSuchDate,
    NoSuchTime,
    Part,
    Rule,
    Setting,
)
from taskbot.application.deadline_text.readings import (
    AlreadyPast,
    DayMissing,
    ImpossibleDate,
    ImpossibleTime,
    NotUnderstood,
    Reading,
    Understood,
)
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.errors import DeadlineInPast, DeadlineOutOfRange
from taskbot.domain.timezone import local, moment_of
from taskbot.domain.user import Language

TEXT_LIMIT: Final = 200
_RULES: Final[tuple[Rule, ...]] = (*numeric.RULES, *russian.RULES, *english.RULES)
_GAP: Final = re.compile(r"[\s,.;!]+")
_WORD: Final = re.compile(r"\w")

_P = TypeVar("_P")


def understand_deadline(text: str, *, language: Language, now: datetime, timezone: str) -> Reading:
    """Read the whole of *text* as a deadline of somebody who lives by the clocks of *timezone*.

    Both languages are understood; *language* only settles what digits leave open. Whatever is
    understood lies ahead of *now* (aware).
    """
    if len(text) > TEXT_LIMIT:
        return NotUnderstood()
    setting = Setting(local(now, timezone).replace(tzinfo=None), language)
    found = _parts(_plain(text), setting)
    if found is None:
        return NotUnderstood()
    parts, span = found
    reading = _combine(parts, span, setting, now=now, timezone=timezone)
    return ImpossibleDate(text.strip()) if reading is None else reading


def _plain(text: str) -> str:
    """*text* in lower case and without «ё», each character in its place."""
    lowered = (low if len(low := character.lower()) == 1 else character for character in text)
    return "".join(lowered).replace("ё", "е")


def _parts(text: str, setting: Setting) -> tuple[list[Part], tuple[int, int]] | None:
    """The parts that *text* consists of; None if anything else is in it, or nothing at all."""
    parts: list[Part] = []
    start, end, place = len(text), 0, 0
    while place < len(text):
        if gap := _GAP.match(text, place):
            place = gap.end()
            continue
        for pattern, read in _RULES:
            if match := pattern.match(text, place):
                parts.extend(read(match, setting))
                start, end, place = min(start, place), match.end(), match.end()
                break
        else:
            filler = russian.FILLERS.match(text, place) or english.FILLERS.match(text, place)
            if filler is None:
                return None
            place = filler.end()
        if place < len(text) and _WORD.match(text, place) and text[place - 1].isalpha():
            return None  # a word that only begins like one of ours
    return (parts, (start, end)) if parts else None


def _combine(
    parts: list[Part], span: tuple[int, int], setting: Setting, *, now: datetime, timezone: str
) -> Reading | None:
    """Read the *parts* together; None where together they lie outside of the calendar."""
    for part in parts:
        if (refusal := _refusal(part)) is not None:
            return refusal
    try:
        deadline = _deadline(parts, setting, now=now, timezone=timezone)
    except (DeadlineOutOfRange, OverflowError):
        return None
    if not isinstance(deadline, TimedDeadline | DayDeadline):
        return deadline
    try:
        deadline.require_ahead(now=now)
    except DeadlineInPast:
        return AlreadyPast(deadline)
    return Understood(deadline, span)


def _refusal(part: Part) -> Reading | None:
    match part:
        case NoSuchDate(text):
            return ImpossibleDate(text)
        case NoSuchTime(text):
            return ImpossibleTime(text)
        case Ambiguous():
            return NotUnderstood()
        case _:
            return None


def _deadline(
    parts: list[Part], setting: Setting, *, now: datetime, timezone: str
) -> Deadline | DayMissing | NotUnderstood:
    match _of(parts, Day), _of(parts, Clock), _of(parts, Moment):
        case [], [], [moment]:
            return TimedDeadline(now + moment.ahead, timezone)
        case [day], [clock], []:
            return _timed(day, clock.time, setting, timezone)
        case [day], [], []:
            return DayDeadline(day.date, timezone)
        case [], [clock], []:
            return DayMissing(clock.time)
        case _:
            return NotUnderstood()


def _of(parts: list[Part], kind: type[_P]) -> list[_P]:
    return [part for part in parts if isinstance(part, kind)]


def _timed(day: Day, clock_time: time, setting: Setting, timezone: str) -> TimedDeadline:
    chosen = day.date
    if day.or_today and clock_time > setting.now.time():
        chosen = setting.today
    DayDeadline(chosen, timezone)  # refuses the ends of the calendar, where zones overflow
    return TimedDeadline(moment_of(chosen, clock_time, timezone), timezone)
