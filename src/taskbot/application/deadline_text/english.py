"""Deadlines in English words. Texts come in lower case."""

import re
from datetime import time, timedelta
from re import Match
from typing import Final

from taskbot.application.deadline_text.parts import (
    Clock,
    Moment,
    Part,
    PartOfDay,
    Rule,
    Setting,
    day_of,
    day_of_month,
    end_of_month,
    end_of_week,
    end_of_year,
    half_day_clock,
    in_days,
    in_months,
    next_month,
    next_year,
    spoken_clock,
    weekday,
    weekend,
)

MORNING: Final = time(9)
NOON: Final = time(12)
AFTERNOON: Final = time(13)
EVENING: Final = time(19)

_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_MONTH: Final = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY: Final = (
    r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\b\.?"
)
_HOURS: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_NUMBERS: Final = {
    "a": 1, "an": 1, "a couple of": 2, "fifteen": 15, "twenty": 20, "thirty": 30,
    **{word: number for number, word in enumerate(_HOURS, start=1)},
}  # fmt: skip
_NUMBER: Final = rf"(\d{{1,4}}|a\s+couple\s+of|an?|fifteen|twenty|thirty|{'|'.join(_HOURS)})"
_HOUR: Final = rf"(\d{{1,2}}|{'|'.join(_HOURS)})"
_HALF: Final = r"(?:\s*([ap])\.?m\b\.?)?"


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[" ".join(word.split())]


def _weekday(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    number = _WEEKDAYS.index(found[2][:3])
    return (weekday(number, setting, of_next_week=found[1] is not None),)


def _month_first(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    month = _MONTHS.index(found[1][:3]) + 1
    return (day_of(found[0], found[3], month, found[2], setting),)


def _day_first(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    month = _MONTHS.index(found[2][:3]) + 1
    return (day_of(found[0], found[3], month, found[1], setting),)


def _in_time(found: Match[str], _: Setting) -> tuple[Part, ...]:
    number, unit = _number(found[1]), found[2]
    return (Moment(timedelta(minutes=number * (60 if unit.startswith("h") else 1))),)


def _in_dates(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    number, unit = _number(found[1]), found[2]
    if unit.startswith("month"):
        return (in_months(number, setting),)
    if unit.startswith("year"):
        return (in_months(12 * number, setting),)
    return (in_days(number * (7 if unit.startswith("week") else 1), setting),)


def _half_day(found: Match[str], _: Setting) -> tuple[Part, ...]:
    return (half_day_clock(found[0], found[1], found[2], afternoon=found[3] == "p"),)


def _in_hours(found: Match[str], _: Setting) -> tuple[Part, ...]:
    """Hours with something more: in an hour and a half, in 1.5 hours, in 2 hours 30 minutes."""
    minutes = 60 * _number(found[1])
    minutes += _number(found[3]) if found[3] else 30
    return (Moment(timedelta(minutes=minutes)),)


def _past(found: Match[str], minute: int, hour: int, half: str | None) -> tuple[Part, ...]:
    if half is None:
        return (spoken_clock(found[0], hour, minute),)
    return (half_day_clock(found[0], str(hour), str(minute), afternoon=half == "p"),)


def _half_past(found: Match[str], _: Setting) -> tuple[Part, ...]:
    return _past(found, 30 if found[1] == "half" else 15, _number(found[2]), found[3])


def _quarter_to(found: Match[str], _: Setting) -> tuple[Part, ...]:
    return _past(found, 45, (_number(found[1]) - 2) % 12 + 1, found[2])


def _tomorrow_at(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    day = in_days(1 if found[1].startswith("tom") or found[1][1] == "m" else 0, setting)
    return (day, spoken_clock(found[0], int(found[2])))


RULES: Final[tuple[Rule, ...]] = (
    (re.compile(r"(today|tomorrow|tmrw?)\s+(\d{1,2})\s*$"), _tomorrow_at),
    (re.compile(r"today\b"), lambda _, setting: (in_days(0, setting),)),
    (
        re.compile(r"tonight\b"),
        lambda _, setting: (in_days(0, setting), PartOfDay(EVENING, afternoon=True)),
    ),
    (
        re.compile(r"this\s+(?=(?:morning|afternoon|evening)\b)"),
        lambda _, setting: (in_days(0, setting),),
    ),
    (
        re.compile(r"(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?(?:to)?day\b|eod\b"),
        lambda _, setting: (in_days(0, setting),),
    ),
    (
        re.compile(r"(?:(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?|this\s+)week\b|eow\b"),
        lambda _, setting: (end_of_week(setting),),
    ),
    (
        re.compile(r"(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?year\b|eoy\b"),
        lambda _, setting: (end_of_year(setting),),
    ),
    (re.compile(r"(?:the\s+)?day\s+after\s+tomorrow\b"), lambda _, s: (in_days(2, s),)),
    (re.compile(r"tomorrow\b|tmrw?\b"), lambda _, setting: (in_days(1, setting),)),
    # Over, which is better said than not understood.
    (re.compile(r"(?:the\s+)?day\s+before\s+yesterday\b"), lambda _, s: (in_days(-2, s),)),
    (re.compile(r"yesterday\b"), lambda _, setting: (in_days(-1, setting),)),
    (
        re.compile(r"(?:in\s+)?half\s+an\s+hour\b"),
        lambda _, __: (Moment(timedelta(minutes=30)),),
    ),
    (
        re.compile(
            rf"(?:in\s+)?{_NUMBER}(\.5)?\s*h(?:(?:ou)?rs?)?\b"
            rf"(?(2)|\s*(?:and\s+a\s+half|(?:and\s+)?{_NUMBER}\s*m(?:in(?:ute)?s?)?)\b)"
            r"(?:\s+from\s+now\b)?"
        ),
        _in_hours,
    ),
    (
        re.compile(rf"(?:in\s+)?{_NUMBER}\s*(min(?:ute)?s?|h(?:ou)?rs?)\b(?:\s+from\s+now\b)?"),
        _in_time,
    ),
    (re.compile(rf"in\s+{_NUMBER}\s*(h)\b"), _in_time),  # alone, 10h is a time to some
    (
        re.compile(
            rf"(?:in\s+)?{_NUMBER}\s*(days?|weeks?|months?|years?)\b"
            r"(?:\s+from\s+(?:now|today)\b)?"
        ),
        _in_dates,
    ),
    (re.compile(rf"(?:(next)\s+|this\s+|coming\s+)?{_WEEKDAY}"), _weekday),
    (
        re.compile(r"(?:(?:this|the|on\s+the)\s+)?weekend\b"),
        lambda _, setting: (weekend(setting),),
    ),
    (
        re.compile(r"next\s+week\b"),
        lambda _, setting: (weekday(0, setting, of_next_week=True),),
    ),
    (
        re.compile(r"next\s+month\b"),
        lambda _, setting: (next_month(setting),),
    ),
    (
        re.compile(r"next\s+year\b"),
        lambda _, setting: (next_year(setting),),
    ),
    (
        re.compile(r"(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?month\b|eom\b"),
        lambda _, setting: (end_of_month(setting),),
    ),
    (
        re.compile(rf"{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+(\d{{4}})\b)?"),
        _month_first,
    ),
    (
        re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(\d{{4}})\b)?"),
        _day_first,
    ),
    (
        re.compile(r"(\d{1,2})(?:st|nd|rd|th)\b"),
        lambda found, setting: (day_of_month(found[0], found[1], setting),),
    ),
    (re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?m\b\.?"), _half_day),
    (re.compile(rf"(?:at\s+)?(half|(?:a\s+)?quarter)\s+past\s+{_HOUR}\b{_HALF}"), _half_past),
    (re.compile(rf"(?:at\s+)?(?:a\s+)?quarter\s+to\s+{_HOUR}\b{_HALF}"), _quarter_to),
    (
        re.compile(
            rf"(?:at\s+|by\s+)?{_HOUR}\s+o['’]?\s?clock\b"
            rf"|at\s+{_HOUR}\b(?![:./]\d|\s*[ap]\.?m)"
        ),
        lambda found, _: (spoken_clock(found[0], _number(found[1] or found[2])),),
    ),
    (re.compile(r"noon\b|midday\b"), lambda _, __: (Clock(NOON),)),
    (
        re.compile(r"(?:in\s+the\s+)?morning\b"),
        lambda _, __: (PartOfDay(MORNING, afternoon=False),),
    ),
    (re.compile(r"lunch(?:time)?\b"), lambda _, __: (Clock(AFTERNOON),)),
    (
        re.compile(r"(?:in\s+the\s+)?afternoon\b"),
        lambda _, __: (PartOfDay(AFTERNOON, afternoon=True),),
    ),
    (
        re.compile(r"(?:in\s+the\s+)?evening\b|night\b"),
        lambda _, __: (PartOfDay(EVENING, afternoon=True),),
    ),
)

FILLERS: Final = re.compile(r"(?:no\s+later\s+than|by|on|at|the|due|till|until|before|deadline)\b")
