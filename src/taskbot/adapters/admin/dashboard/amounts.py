"""Shares and lengths of time, as the reader's language writes them."""

from datetime import timedelta
from typing import Final

from babel.numbers import format_percent
from babel.units import format_unit
from starlette_admin.i18n import get_locale

from taskbot.adapters.admin.words import say

_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_UNITS: Final = (
    ("duration-day", timedelta(days=1)),
    ("duration-hour", timedelta(hours=1)),
    ("duration-minute", _MINUTE),
    ("duration-second", _SECOND),
)


def share(part: int, whole: int) -> str:
    """*part* of *whole* in percent, never rounded up to all of it; a dash where there is none."""
    if not whole:
        return "\N{EN DASH}"
    # Cut off, not rounded: where one of a million is missing it is not 100 %.
    return format_percent(part * 10_000 // whole / 10_000, "#,##0.##%", locale=get_locale())


def length(span: timedelta | None) -> str:
    """*span* in its two largest units, or in seconds with a fraction; a dash for None."""
    if span is None:
        return "\N{EN DASH}"
    if span < _MINUTE:
        seconds = max(span, timedelta(0)) / _SECOND
        return _said(round(seconds, 0 if seconds >= 10 else 2), "duration-second")  # noqa: PLR2004 - two digits are enough
    rest = span
    parts: list[str] = []
    for unit, size in _UNITS:
        whole, rest = divmod(rest, size)
        if whole or parts:
            parts.append(_said(whole, unit) if whole else "")
    return " ".join(filter(None, parts[:2]))


def _said(value: float, unit: str) -> str:
    return format_unit(value, unit, length="short", locale=get_locale())


def axis_units() -> dict[str, str]:
    """What an axis of lengths of time writes behind its numbers."""
    return {"second": say("s"), "minute": say("min"), "hour": say("h"), "day": say("d")}
