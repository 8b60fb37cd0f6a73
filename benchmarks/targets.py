"""What was aimed at, and whether it was reached."""

from typing import Literal

from msgspec import Struct

from benchmarks.figures import significant

AT_LEAST: Literal["at least"] = "at least"
AT_MOST: Literal["at most"] = "at most"


class Verdict(Struct, frozen=True, kw_only=True):
    """One target, and what came of it."""

    what: str
    value: float
    bound: Literal["at least", "at most"]
    limit: float
    unit: str
    is_met: bool


def at_least(what: str, value: float | None, limit: float, unit: str) -> list[Verdict]:
    """One verdict; none where nothing was measured."""
    return _judged(what, value, AT_LEAST, limit, unit)


def at_most(what: str, value: float | None, limit: float, unit: str) -> list[Verdict]:
    return _judged(what, value, AT_MOST, limit, unit)


def _judged(
    what: str,
    value: float | None,
    bound: Literal["at least", "at most"],
    limit: float,
    unit: str,
) -> list[Verdict]:
    if value is None:
        return []
    is_met = value >= limit if bound == AT_LEAST else value <= limit
    return [
        Verdict(
            what=what,
            value=significant(value),
            bound=bound,
            limit=limit,
            unit=unit,
            is_met=is_met,
        )
    ]
