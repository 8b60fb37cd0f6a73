"""Dates and times in digits."""

import re
from re import Match
from typing import Final

from taskbot.application.deadline_text.parts import (
    Ambiguous,
    Part,
    Rule,
    Setting,
    clock_of,
    day_of,
)
from taskbot.domain.user import Language

_LAST_MONTH: Final = 12
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59


def _iso(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    return (day_of(found[0], found[1], int(found[2]), found[3], setting),)


def _dotted_with_year(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    return (day_of(found[0], found[3], int(found[2]), found[1], setting),)


def _slashed(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    """Day and month, in the order that is possible; where both are, in the language's."""
    first, second = int(found[1]), int(found[2])
    if second > _LAST_MONTH >= first:
        return (day_of(found[0], found[3], first, found[2], setting),)
    if first <= _LAST_MONTH and first != second and setting.language is Language.ENGLISH:
        return (Ambiguous(),)  # 03/04 is March to some and April to others
    return (day_of(found[0], found[3], second, found[1], setting),)


def _dotted(found: Match[str], setting: Setting) -> tuple[Part, ...]:
    """25.12 is a date, 18.30 a time: there is no thirtieth month."""
    first, second = int(found[1]), int(found[2])
    if (
        second > _LAST_MONTH
        and len(found[2]) == 2  # noqa: PLR2004 - two digits
        and first <= _LAST_HOUR
        and second <= _LAST_MINUTE
    ):
        return (clock_of(found[0], found[1], found[2]),)
    return (day_of(found[0], None, second, found[1], setting),)


def _clock(found: Match[str], _: Setting) -> tuple[Part, ...]:
    return (clock_of(found[0], found[1], found[2]),)


RULES: Final[tuple[Rule, ...]] = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)"), _iso),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?!\d)"), _dotted_with_year),
    (re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])"), _slashed),
    (re.compile(r"(\d{1,2}):(\d{2})(?![\d:])(?!\s*[ap]\.?m\b)"), _clock),
    (re.compile(r"(?:в|at)\s+((?:[01]?\d|2[0-3]))\.([0-5]\d)(?![\d.])"), _clock),
    (re.compile(r"(\d{1,2})\.(\d{1,2})(?![\d.:])"), _dotted),
)
