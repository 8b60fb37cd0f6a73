"""Deadlines in Russian words. Texts come in lower case and without «ё»."""

import re
from datetime import time, timedelta
from re import Match
from typing import Final

from taskbot.application.deadline_text.parts import (
    Ambiguous,
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
    "янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
)  # fmt: skip
_MONTH: Final = (
    r"(янв(?:аря)?|фев(?:раля)?|мар(?:та)?|апр(?:еля)?|мая|июн[яь]?|июл[яь]?|авг(?:уста)?"
    r"|сен(?:т(?:ября)?)?|окт(?:ября)?|ноя(?:бря)?|дек(?:абря)?)\b\.?"
)
_WEEKDAYS: Final = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
_WEEKDAY: Final = (
    r"(понедельник[уа]?|вторник[уа]?|сред[уыае]|четверг[уа]?|пятниц[уыае]|суббот[уыае]"
    r"|воскресень[ею]|воскресенья|пн|вт|ср|чт|пт|сб|вс)\b"
)
_BEGINNINGS: Final = ("пон", "вто", "сре", "чет", "пят", "суб", "вос")
_NUMBERS: Final = {
    "один": 1, "одну": 1, "два": 2, "две": 2, "пару": 2, "три": 3, "четыре": 4, "пять": 5,
    "шесть": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "полгода": 6,
}  # fmt: skip
_NUMBER: Final = r"(\d{1,4}|один|одну|два|две|пару|три|четыре|пять|шесть|семь|восемь|девять|десять)"


def _number(word: str | None) -> int:
    if word is None:
        return 1
    return int(word) if word.isdecimal() else _NUMBERS[word]


def _weekday(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    word = found[2]
    number = (
        _WEEKDAYS.index(word)
        if word in _WEEKDAYS
        else next(n for n, beginning in enumerate(_BEGINNINGS) if word.startswith(beginning))
    )
    return (weekday(number, setting, of_next_week=found[1] is not None),)


def _date(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    month = next(n for n, begins in enumerate(_MONTHS, start=1) if found[2].startswith(begins))
    if found[2].startswith("мар"):
        month = 3
    return (day_of(found[0], found[3], month, found[1], setting),)


def _in_time(found: Match[str], _: Setting) -> tuple[Part, ...]:
    number, unit = _number(found[1]), found[2]
    minutes = number * (60 if unit.startswith("ч") else 1)
    return (Moment(timedelta(minutes=minutes)),)


def _in_dates(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    number, unit = _number(found[1]), found[2]
    if unit.startswith("мес"):
        return (in_months(number, setting),)
    if unit.startswith(("год", "лет")):
        return (in_months(12 * number, setting),)
    return (in_days(number * (7 if unit.startswith("нед") else 1), setting),)


def _by_clock(found: Match[str], _: Setting) -> tuple[Part, ...]:
    """The hour, with the part of the day if it is named: «в 6 вечера», «9 утра», «в 18»."""
    hour, minute, part = found[1], found[2], found[3]
    if part is None:
        return (clock_of(found[0].strip(), hour, minute),)
    if int(hour) == 12 and part == "ночи":  # noqa: PLR2004 - midnight, of which day?
        return (Ambiguous(),)
    afternoon = part == "вечера" or (part == "дня" and int(hour) != 11)  # noqa: PLR2004
    return (half_day_clock(found[0].strip(), hour, minute, afternoon=afternoon),)


RULES: Final[tuple[Rule, ...]] = (
    (re.compile(r"сегодня\b"), lambda _, setting: (in_days(0, setting),)),
    (re.compile(r"послезавтра\b"), lambda _, setting: (in_days(2, setting),)),
    (re.compile(r"завтра\b"), lambda _, setting: (in_days(1, setting),)),
    # Over, which is better said than not understood.
    (re.compile(r"позавчера\b"), lambda _, setting: (in_days(-2, setting),)),
    (re.compile(r"вчера\b"), lambda _, setting: (in_days(-1, setting),)),
    (re.compile(r"через\s+полчаса\b"), lambda _, __: (Moment(timedelta(minutes=30)),)),
    (re.compile(r"через\s+полтора\s+часа\b"), lambda _, __: (Moment(timedelta(minutes=90)),)),
    (re.compile(r"через\s+полгода\b"), lambda _, setting: (in_months(6, setting),)),
    (
        re.compile(rf"через\s+(?:{_NUMBER}\s*)?(мин(?:ут[уы]?)?|час(?:а|ов)?|ч)\b\.?"),
        _in_time,
    ),
    (
        re.compile(
            rf"через\s+(?:{_NUMBER}\s*)?"
            r"(день|дня|дней|сутки|суток|недел[юьи]|месяц(?:а|ев)?|год(?:а)?|лет)\b"
        ),
        _in_dates,
    ),
    (
        re.compile(rf"(?:(следующ\w{{2,3}})\s+|эт[уо]т?\s+|ближайш\w{{2,3}}\s+)?{_WEEKDAY}"),
        _weekday,
    ),
    (
        re.compile(r"(?:на\s+|в\s+)?(?:эти(?:х)?\s+)?выходны[ехм]{1,2}\b"),
        lambda _, setting: (weekend(setting),),
    ),
    (
        re.compile(r"(?:на\s+)?следующ(?:ей|ую|ая)\s+недел[еюя]\b"),
        lambda _, setting: (weekday(0, setting, of_next_week=True),),
    ),
    (
        re.compile(r"(?:в\s+)?кон(?:це|ец|ца)\s+месяца\b"),
        lambda _, setting: (end_of_month(setting),),
    ),
    (
        re.compile(
            rf"(\d{{1,2}})(?:-?(?:го|е))?\s+{_MONTH}(?:\s+(\d{{4}})(?:\s*г(?:ода?)?\b\.?)?)?"
        ),
        _date,
    ),
    (
        re.compile(r"(\d{1,2})(?:-?го|\s+числа)\b"),
        lambda found, setting: (day_of_month(found[0], found[1], setting),),
    ),
    (
        re.compile(
            r"(?:в\s+|к\s+|до\s+)?(\d{1,2})(?::(\d{2}))?\s*(?:час(?:а|ов)?|ч)?\b\.?"
            r"\s*(утра|дня|вечера|ночи)\b"
        ),
        _by_clock,
    ),
    (
        re.compile(
            rf"(?:в|к|до)\s+(\d{{1,2}})(?![\d:./-])(?!\s+(?:{_MONTH}|числа))"
            r"(?:\s*(?:час(?:а|ов)?|ч)\b\.?)?"
        ),
        lambda found, _: (clock_of(found[0].strip(), found[1]),),
    ),
    (re.compile(r"(?:с\s+)?утр(?:ом|а)\b"), lambda _, __: (Clock(MORNING),)),
    (re.compile(r"(?:в\s+)?полдень\b"), lambda _, __: (Clock(NOON),)),
    (re.compile(r"днем\b|в\s+обед\b"), lambda _, __: (Clock(AFTERNOON),)),
    (re.compile(r"вечером\b"), lambda _, __: (Clock(EVENING),)),
)

FILLERS: Final = re.compile(r"(?:до|к|ко|в|во|на|срок|дедлайн)\b")
