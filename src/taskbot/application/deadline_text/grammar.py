"""From parts to a deadline."""

import re
from datetime import date, datetime, time, timedelta
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
    PartOfDay,
    Rule,
    Setting,
)
from taskbot.application.deadline_text.readings import (
    AlreadyPast,
    DayMissing,
    HalfMissing,
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

NOON: Final = 12
EVENING: Final = time(17)
_MOST_MOMENTS: Final = 4

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
) -> Deadline | DayMissing | HalfMissing | NotUnderstood:
    match _of(parts, Day), _clocks(parts), _of(parts, Moment):
        case [], [], [moment]:
            return TimedDeadline(now + moment.ahead, timezone)
        case [day], [Clock(either_half=True) as clock], []:
            return _either_half([day.date], clock, day, setting, timezone)
        case [day], [clock], []:
            return _timed(day, clock.time, setting, timezone)
        case [day], [], []:
            return DayDeadline(day.date, timezone)
        case [], [Clock(either_half=True) as clock], []:
            tomorrow = Day(setting.today + timedelta(days=1), or_today=True)
            return _either_half([tomorrow.date], clock, tomorrow, setting, timezone)
        case [], [clock], []:
            return DayMissing(clock.time)
        case _:
            return NotUnderstood()


def _clocks(parts: list[Part]) -> list[Clock]:
    """The times that are given, each in the half of the day that is named, if one is."""
    clocks, named = _of(parts, Clock), _of(parts, PartOfDay)
    match clocks, named:
        case _, []:
            return clocks
        case [], [part]:
            return [Clock(part.time)]
        case [clock], [part] if (within := _within(clock.time, part)) is not None:
            return [Clock(within)]
        case _:
            return [Clock(part.time) for part in named] + clocks  # too many


def _within(clock_time: time, part: PartOfDay) -> time | None:
    """*clock_time* in that part of the day; None if it is in another half, or may be."""
    if clock_time.hour == NOON:
        return None if part.time > EVENING else clock_time
    if clock_time.hour > NOON:
        return clock_time if part.afternoon else None
    return clock_time.replace(hour=clock_time.hour + NOON) if part.afternoon else clock_time


def _either_half(
    days: list[date], clock: Clock, day: Day, setting: Setting, timezone: str
) -> TimedDeadline | HalfMissing:
    """What is ahead of all that it may mean; if nothing is, the last of it."""
    later = clock.time.replace(hour=clock.time.hour + NOON)
    if day.or_today:
        days = [setting.today, *days]
    every = [(one, at) for one in days for at in (clock.time, later)]
    ahead = [(one, at) for one, at in every if datetime.combine(one, at) > setting.now]
    if len(ahead) > 1:
        DayDeadline(ahead[-1][0], timezone)  # refuses the ends of the calendar
        return HalfMissing(tuple(ahead[:_MOST_MOMENTS]))
    on, at = ahead[0] if ahead else every[-1]
    return _timed(Day(on), at, setting, timezone)


def _of(parts: list[Part], kind: type[_P]) -> list[_P]:
    return [part for part in parts if isinstance(part, kind)]


def _timed(day: Day, clock_time: time, setting: Setting, timezone: str) -> TimedDeadline:
    chosen = day.date
    if day.or_today and clock_time > setting.now.time():
        chosen = setting.today
    DayDeadline(chosen, timezone)  # refuses the ends of the calendar, where zones overflow
    return TimedDeadline(moment_of(chosen, clock_time, timezone), timezone)
