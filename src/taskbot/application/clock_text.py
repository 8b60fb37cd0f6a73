"""Times of the day as people type them."""

import re
from datetime import UTC, datetime, time
from typing import Final

from taskbot.application.deadline_text import DayMissing, understand_deadline
from taskbot.domain.user import Language

_DIGITS: Final = re.compile(r"([0-9]{1,2})(?:[:.\- ]?([0-9]{2}))?")
_SOME_DAY: Final = datetime(2001, 1, 1, tzinfo=UTC)


def understand_clock(text: str, *, language: Language) -> time | None:
    """Read *text* as a time of the day: 8, 8:30, 0830, «в 9 утра», "7 pm"; None if it is none."""
    if (digits := _DIGITS.fullmatch(text.strip())) is not None:
        try:
            return time(int(digits[1]), int(digits[2] or 0))
        except ValueError:
            return None
    reading = understand_deadline(text, language=language, now=_SOME_DAY, timezone="UTC")
    return reading.time if isinstance(reading, DayMissing) else None
