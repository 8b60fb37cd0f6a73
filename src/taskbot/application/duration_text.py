"""Durations as people type them, in Russian and English."""

import re
from datetime import timedelta
from typing import Final

TEXT_LIMIT: Final = 60
_NUMBERS: Final = {
    "полтора": 1.5, "полторы": 1.5, "пару": 2, "a couple of": 2, "half a": 0.5, "half an": 0.5,
    "пол": 0.5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "a": 1, "an": 1,
    "один": 1, "одну": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "десять": 10,
}  # fmt: skip
_UNITS: Final = (
    (r"m|mins?|minutes?|м|мин|минут[ауы]?", timedelta(minutes=1)),
    (r"h|hrs?|hours?|ч|час(?:а|ов)?", timedelta(hours=1)),
    (r"d|days?|д|дн|день|дня|дней|сут(?:ки|ок)", timedelta(days=1)),
    (r"w|weeks?|н|нед|недел[яюиь]", timedelta(weeks=1)),
)
_NUMBER: Final = "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))
_PART: Final = re.compile(
    rf"(?:(\d{{1,6}}(?:[.,]\d{{1,2}})?)|({_NUMBER}))?\s*(?:"
    + "|".join(f"(?P<u{place}>{unit})" for place, (unit, _) in enumerate(_UNITS))
    + r")(?![^\W\d_])\.?"
)
_BETWEEN: Final = re.compile(r"[\s,]*(?:(?:and|и)\s+)?")
_AROUND: Final = re.compile(
    r"^(?:за|через|in|до срока)\s+|\s+(?:before|earlier|early|ahead|заранее|до|до срока)$"
)
_AT_ONCE: Final = frozenset(
    {"0", "at the time", "at the moment", "on time", "в срок", "в момент срока", "вовремя"}
)


def understand_duration(text: str) -> timedelta | None:
    """Read *text* as a duration in whole minutes, such as «90 минут», "1 day 2 hours", "1.5 h".

    None for what is none, and for a number without a unit: it could be either.
    """
    if len(text) > TEXT_LIMIT:
        return None
    plain = " ".join(text.lower().replace("ё", "е").split())
    if plain in _AT_ONCE:
        return timedelta(0)
    plain = _AROUND.sub("", plain)
    total, place = timedelta(0), 0
    while place < len(plain):
        found = _PART.match(plain, place)
        if found is None:
            return None
        total += _length(found)
        place = found.end()
        if gap := _BETWEEN.match(plain, place):
            place = gap.end()
    return _whole_minutes(total) if plain else None


def _length(found: re.Match[str]) -> timedelta:
    unit = next(size for n, (_, size) in enumerate(_UNITS) if found[f"u{n}"])
    if found[1]:
        return float(found[1].replace(",", ".")) * unit
    return _NUMBERS[found[2]] * unit if found[2] else unit


def _whole_minutes(duration: timedelta) -> timedelta:
    return timedelta(minutes=round(duration / timedelta(minutes=1)))
