"""Deadlines in English words. Texts come in lower case."""

import re
from datetime import time, timedelta
from re import Match
from typing import Final

from taskbot.application.deadline_text.parts import (
    Clock,
    Moment,
    Part,
    Rule,
    Setting,
    clock_of,
    day_of,
    day_of_month,
    end_of_month,
    half_day_clock,
    in_days,
    in_months,
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
_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "a couple of": 2,
}  # fmt: skip
_NUMBER: Final = r"(\d{1,4}|a\s+couple\s+of|an?|one|two|three|four|five|six|seven|eight|nine|ten)"


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


RULES: Final[tuple[Rule, ...]] = (
    (re.compile(r"today\b"), lambda _, setting: (in_days(0, setting),)),
    (
        re.compile(r"tonight\b"),
        lambda _, setting: (in_days(0, setting), Clock(EVENING)),
    ),
    (re.compile(r"(?:the\s+)?day\s+after\s+tomorrow\b"), lambda _, s: (in_days(2, s),)),
    (re.compile(r"tomorrow\b|tmrw?\b"), lambda _, setting: (in_days(1, setting),)),
    # Over, which is better said than not understood.
    (re.compile(r"(?:the\s+)?day\s+before\s+yesterday\b"), lambda _, s: (in_days(-2, s),)),
    (re.compile(r"yesterday\b"), lambda _, setting: (in_days(-1, setting),)),
    (
        re.compile(r"in\s+half\s+an\s+hour\b"),
        lambda _, __: (Moment(timedelta(minutes=30)),),
    ),
    (
        re.compile(rf"in\s+{_NUMBER}\s*(min(?:ute)?s?|h(?:(?:ou)?rs?)?)\b"),
        _in_time,
    ),
    (re.compile(rf"in\s+{_NUMBER}\s*(days?|weeks?|months?|years?)\b"), _in_dates),
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
        re.compile(r"(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?month\b"),
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
    (
        re.compile(r"at\s+(\d{1,2})(?![\d:./]|\s*[ap]\.?m)"),
        lambda found, _: (clock_of(found[0], found[1]),),
    ),
    (re.compile(r"noon\b|midday\b"), lambda _, __: (Clock(NOON),)),
    (re.compile(r"(?:in\s+the\s+)?morning\b"), lambda _, __: (Clock(MORNING),)),
    (re.compile(r"(?:in\s+the\s+)?afternoon\b"), lambda _, __: (Clock(AFTERNOON),)),
    (re.compile(r"(?:in\s+the\s+)?evening\b"), lambda _, __: (Clock(EVENING),)),
)

FILLERS: Final = re.compile(r"(?:by|on|at|the|due|till|until|before|deadline)\b")
