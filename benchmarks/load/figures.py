"""Sums over many measured values."""

import math
import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest of *ordered* values that *share* (0 to 1) of them do not exceed."""
    return ordered[max(math.ceil(len(ordered) * share) - 1, 0)]


def spread(values: Iterable[float]) -> dict[str, float | int | None]:
    """p50, p99 and the largest of *values* in seconds, and how many there are."""
    ordered = sorted(values)
    if not ordered:
        return {"number": 0, "p50": None, "p99": None, "max": None}
    return {
        "number": len(ordered),
        "p50": round(percentile(ordered, 0.5), 4),
        "p99": round(percentile(ordered, 0.99), 4),
        "max": round(ordered[-1], 4),
    }


@frozen
class Slope:
    """By how much something grows in a unit of time, by least squares."""

    value: float
    standard_error: float

    @classmethod
    def of(cls, points: Sequence[tuple[float, float]]) -> "Slope":
        """Raise `ValueError` for fewer than three *points* (moment, value).

        The standard error takes the residuals to be independent. Memory moves in steps, so it is
        rather larger.
        """
        number = len(points)
        if number < 3:  # noqa: PLR2004 - two have no residuals
            raise ValueError("a slope needs three points")
        at, values = [x for x, _ in points], [y for _, y in points]
        fitted = statistics.linear_regression(at, values)
        middle = statistics.fmean(at)
        width = sum((x - middle) ** 2 for x in at)
        left = sum((y - fitted.intercept - fitted.slope * x) ** 2 for x, y in points)
        return cls(fitted.slope, math.sqrt(left / (number - 2) / width))

    def shown(self) -> dict[str, Any]:
        return {"value": round(self.value, 4), "standard_error": round(self.standard_error, 4)}
