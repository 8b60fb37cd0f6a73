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
    PartOfDay,
    Rule,
    Setting,
    clock_of,
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
_HOURS: Final = (
    "час", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
    "одиннадцать", "двенадцать",
)  # fmt: skip
_HOUR: Final = rf"(\d{{1,2}}|{'|'.join(_HOURS)})"
_HOURS_OF: Final = (
    "первого", "второго", "третьего", "четвертого", "пятого", "шестого", "седьмого",
    "восьмого", "девятого", "десятого", "одиннадцатого", "двенадцатого",
)  # fmt: skip
_HOUR_OF: Final = rf"({'|'.join(_HOURS_OF)})"
_DAYS_OF: Final = (
    *_HOURS_OF, "тринадцатого", "четырнадцатого", "пятнадцатого", "шестнадцатого",
    "семнадцатого", "восемнадцатого", "девятнадцатого", "двадцатого",
    *(f"двадцать {word}" for word in _HOURS_OF[:9]), "тридцатого", "тридцать первого",
)  # fmt: skip
_DAY_OF: Final = rf"({'|'.join(sorted(_DAYS_OF, key=len, reverse=True))})"
_MINUTES_TO: Final = {"четверти": 15, "пяти": 5, "десяти": 10, "пятнадцати": 15, "двадцати": 20}
_PART: Final = r"(?:\s+(утра|дня|вечера|ночи)\b)?"
_NUMBERS: Final = {
    "пятнадцать": 15, "двадцать": 20, "тридцать": 30, "сорок": 40,
    "один": 1, "одну": 1, "два": 2, "две": 2, "пару": 2, "три": 3, "четыре": 4, "пять": 5,
    "шесть": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "полгода": 6,
}  # fmt: skip
_NUMBER: Final = (
    r"(\d{1,4}|один|одну|два|две|пару|три|четыре|пять|шесть|семь|восемь|девять|десять"
    r"|пятнадцать|двадцать|тридцать|сорок)"
)


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
    """The hour, with the part of the day: «в 6 вечера», «9 утра», «в час дня»."""
    return _at(found, _hour(found[1]), int(found[2] or 0), found[3])


def _in_hours(found: Match[str], _: Setting) -> tuple[Part, ...]:
    """Hours and minutes: «через 1 час 30 минут», «через 1,5 часа»."""
    minutes = 60 * _number(found[1]) + (30 if found[2] else _number(found[3]))
    return (Moment(timedelta(minutes=minutes)),)


def _hour(word: str) -> int:
    return int(word) if word.isdecimal() else _HOURS.index(word) + 1


def _at(found: Match[str], hour: int, minute: int, part: str | None) -> tuple[Part, ...]:
    """*part*: the half of the day, if it is said: «утра», «вечера»."""
    if part is None:
        return (spoken_clock(found[0].strip(), hour, minute),)
    if hour == 12 and part == "ночи":  # noqa: PLR2004 - midnight, of which day?
        return (Ambiguous(),)
    afternoon = part == "вечера" or (part == "дня" and hour != 11)  # noqa: PLR2004
    return (half_day_clock(found[0].strip(), str(hour), str(minute), afternoon=afternoon),)


def _half_of(found: Match[str], _: Setting) -> tuple[Part, ...]:
    """«В половине седьмого» is half past six."""
    return _at(found, (_HOURS_OF.index(found[1]) - 1) % 12 + 1, 30, found[2])


def _minutes_to(found: Match[str], _: Setting) -> tuple[Part, ...]:
    minute = 60 - _MINUTES_TO[found[1]]
    return _at(found, (_hour(found[2]) - 2) % 12 + 1, minute, found[3])


def _day_in_words(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    number = str(_DAYS_OF.index(" ".join(found[1].split())) + 1)
    if found[2] is None:
        return (day_of_month(found[0], number, setting),)
    month = next(n for n, begins in enumerate(_MONTHS, start=1) if found[2].startswith(begins))
    month = 3 if found[2].startswith("мар") else month
    return (day_of(found[0], None, month, number, setting),)


def _near_day_at(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    ahead = {"сегодня": 0, "завтра": 1, "послезавтра": 2}[found[1]]
    return (in_days(ahead, setting), spoken_clock(found[0], int(found[2])))


RULES: Final[tuple[Rule, ...]] = (
    (re.compile(r"(сегодня|завтра|послезавтра)\s+(\d{1,2})\s*$"), _near_day_at),
    (re.compile(r"сегодня\b"), lambda _, setting: (in_days(0, setting),)),
    (re.compile(r"послезавтра\b"), lambda _, setting: (in_days(2, setting),)),
    (re.compile(r"завтра\b"), lambda _, setting: (in_days(1, setting),)),
    # Over, which is better said than not understood.
    (re.compile(r"позавчера\b"), lambda _, setting: (in_days(-2, setting),)),
    (re.compile(r"вчера\b"), lambda _, setting: (in_days(-1, setting),)),
    (re.compile(r"(?:через\s+)?полчаса\b"), lambda _, __: (Moment(timedelta(minutes=30)),)),
    (re.compile(r"(?:через\s+)?полтора\s+часа\b"), lambda _, __: (Moment(timedelta(minutes=90)),)),
    (re.compile(r"через\s+полгода\b"), lambda _, setting: (in_months(6, setting),)),
    (
        re.compile(
            rf"(?:через\s+)?{_NUMBER}([,.]5)?\s*(?:час(?:а|ов)?|ч)\b\.?"
            rf"(?(2)|\s*(?:и\s+)?{_NUMBER}\s*(?:мин(?:ут[уы]?)?|м)\b\.?)"
        ),
        _in_hours,
    ),
    (
        re.compile(rf"через\s+(час)(?:\s+и)?\s+{_NUMBER}\s*(?:мин(?:ут[уы]?)?|м)\b\.?"),
        lambda found, _: (Moment(timedelta(minutes=60 + _number(found[2]))),),
    ),
    (
        re.compile(rf"через\s+(?:{_NUMBER}\s*)?(мин(?:ут[уы]?)?|час(?:а|ов)?|ч)\b\.?"),
        _in_time,
    ),
    (
        re.compile(
            rf"{_NUMBER}\s*(мин(?:ут[уы]?)?|час(?:а|ов))\b\.?(?!\s*(?:утра|дня|вечера|ночи))"
        ),
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
        re.compile(r"(?:в\s+)?кон(?:це|ец|ца|цу)\s+(?:рабочего\s+)?дня\b"),
        lambda _, setting: (in_days(0, setting),),
    ),
    (
        re.compile(r"(?:в\s+)?кон(?:це|ец|ца|цу)\s+(?:этой\s+)?недели\b|(?:на\s+)?этой\s+неделе\b"),
        lambda _, setting: (end_of_week(setting),),
    ),
    (
        re.compile(r"(?:в\s+)?кон(?:це|ец|ца|цу)\s+(?:этого\s+)?года\b"),
        lambda _, setting: (end_of_year(setting),),
    ),
    (
        re.compile(r"(?:в\s+)?следующ(?:ем|ий)\s+месяце?\b"),
        lambda _, setting: (next_month(setting),),
    ),
    (
        re.compile(r"(?:в\s+)?следующ(?:ем|ий)\s+году?\b"),
        lambda _, setting: (next_year(setting),),
    ),
    (
        re.compile(r"(?:в\s+)?кон(?:це|ец|ца|цу)\s+(?:этого\s+)?месяца\b"),
        lambda _, setting: (end_of_month(setting),),
    ),
    (
        re.compile(
            rf"(\d{{1,2}})(?:-?(?:го|е))?\s+{_MONTH}(?:\s+(\d{{4}})(?:\s*г(?:ода?)?\b\.?)?)?"
        ),
        _date,
    ),
    (re.compile(rf"{_DAY_OF}(?:\s+числа\b|\s+{_MONTH})"), _day_in_words),
    (
        re.compile(r"(\d{1,2})(?:-?го|\s+числа)\b"),
        lambda found, setting: (day_of_month(found[0], found[1], setting),),
    ),
    (
        re.compile(rf"(?:(?:в|к|до)\s+)?(?:половин[еуы]\s+|пол\s?){_HOUR_OF}\b{_PART}"),
        _half_of,
    ),
    (
        re.compile(
            rf"(?:(?:в|к|до)\s+)?без\s+({'|'.join(_MINUTES_TO)})\s+(?:минут\s+)?{_HOUR}\b{_PART}"
        ),
        _minutes_to,
    ),
    (
        re.compile(
            rf"(?:в\s+|к\s+|до\s+)?{_HOUR}(?::(\d{{2}}))?\s*(?:час(?:а|ов)?|ч)?\b\.?"
            r"\s*(утра|дня|вечера|ночи)\b"
        ),
        _by_clock,
    ),
    (
        re.compile(r"(?:в|к|до)\s+(\d{1,2})-([0-5]\d)(?![\d.-])"),
        lambda found, _: (clock_of(found[0].strip(), found[1], found[2]),),
    ),
    (
        re.compile(
            rf"(?:в|к|до)\s+{_HOUR}\b(?![:./-]\d)(?!\s+(?:{_MONTH}|числа))"
            r"(?:\s*(?:час(?:а|ов|ам)?|ч)\b\.?)?"
        ),
        lambda found, _: (spoken_clock(found[0].strip(), _hour(found[1])),),
    ),
    (
        re.compile(r"(?:с\s+|к\s+)?утр(?:ом|а|у)\b"),
        lambda _, __: (PartOfDay(MORNING, afternoon=False),),
    ),
    (re.compile(r"(?:[вк]\s+)?пол(?:день|дню|удню)\b"), lambda _, __: (Clock(NOON),)),
    (
        re.compile(r"днем\b"),
        lambda _, __: (PartOfDay(AFTERNOON, afternoon=True),),
    ),
    (re.compile(r"(?:в\s+обед|к\s+обеду)\b"), lambda _, __: (Clock(AFTERNOON),)),
    (
        re.compile(r"вечером\b|(?:к\s+)?вечеру\b"),
        lambda _, __: (PartOfDay(EVENING, afternoon=True),),
    ),
)

FILLERS: Final = re.compile(r"(?:не\s+поз(?:же|днее)|до|к|ко|в|во|на|срок|дедлайн)\b")
