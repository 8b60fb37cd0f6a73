"""What was measured, brought down to a few figures."""

import math
import statistics
from collections.abc import Callable, Sequence

from attrs import field, frozen
from msgspec import Struct


def percentile(values: Sequence[float], per_cent: float) -> float:
    """The smallest of *values* that so many per cent of them do not exceed (nearest rank)."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    rank = math.ceil(len(ordered) * per_cent / 100)
    return ordered[min(max(rank, 1), len(ordered)) - 1]


def significant(value: float, digits: int = 4) -> float:
    """*value* to so many digits: what lies behind them is noise."""
    return float(f"{value:.{digits}g}")


@frozen
class Round:
    """What one side did in one round. *taken*: seconds of each operation that was timed."""

    operations: int
    seconds: float
    cpu_seconds: float | None = None
    taken: Sequence[float] = field(factory=tuple)

    @property
    def rate(self) -> float:
        return self.operations / self.seconds

    @property
    def cpu_ms(self) -> float | None:
        return None if self.cpu_seconds is None else self.cpu_seconds * 1000 / self.operations


class Summary(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of one side: medians of its rounds, and percentiles over the operations of all of them."""

    rate: float | None = None
    cpu_ms: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    samples: int
    rounds: int


class Comparison(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is done, by us and by the floor, and maybe as it is usually built.

    *rate_share*: our rate as a part of the floor's; *cpu_share*: the floor's CPU time as a part of
    ours; *time_ratio*: our median time as a multiple of the floor's. Shares are medians of what
    each round's are, and so is *usual_cpu*: the usual one's CPU time as a multiple of ours.
    """

    name: str
    ours: Summary
    floor: Summary | None = None
    rate_share: float | None = None
    cpu_share: float | None = None
    time_ratio: float | None = None
    usual: Summary | None = None
    usual_cpu: float | None = None


class Figure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number by itself. *spread*: its smallest and its largest value, if there were several."""

    name: str
    value: float
    unit: str
    samples: int = 1
    spread: tuple[float, float] | None = None


def summary(rounds: Sequence[Round]) -> Summary:
    taken = [seconds for each in rounds for seconds in each.taken]
    cpus = [each.cpu_ms for each in rounds if each.cpu_ms is not None]
    return Summary(
        rate=significant(statistics.median(each.rate for each in rounds)),
        cpu_ms=significant(statistics.median(cpus)) if cpus else None,
        p50_ms=significant(percentile(taken, 50) * 1000) if taken else None,
        p99_ms=significant(percentile(taken, 99) * 1000) if taken else None,
        samples=len(taken) or sum(each.operations for each in rounds),
        rounds=len(rounds),
    )


def timed(taken: Sequence[float], *, rounds: int) -> Summary:
    """Of single operations, one after the other, which tell no rate."""
    return Summary(
        p50_ms=significant(percentile(taken, 50) * 1000),
        p99_ms=significant(percentile(taken, 99) * 1000),
        samples=len(taken),
        rounds=rounds,
    )


def comparison(
    name: str,
    ours: Sequence[Round],
    floor: Sequence[Round],
    usual: Sequence[Round] | None = None,
) -> Comparison:
    """Compare round by round: what disturbs one round disturbs all sides of it."""
    pairs = list(zip(ours, floor, strict=True))
    mine, other = summary(ours), summary(floor)
    return Comparison(
        name=name,
        ours=mine,
        floor=other,
        rate_share=_median(pairs, lambda us, it: us.rate / it.rate),
        cpu_share=_median(pairs, lambda us, it: _part(it.cpu_ms, us.cpu_ms)),
        time_ratio=_ratio(mine.p50_ms, other.p50_ms),
        usual=None if usual is None else summary(usual),
        usual_cpu=None
        if usual is None
        else _median(
            list(zip(ours, usual, strict=True)), lambda us, it: _part(it.cpu_ms, us.cpu_ms)
        ),
    )


def compared_times(name: str, ours: Summary, floor: Summary) -> Comparison:
    return Comparison(
        name=name, ours=ours, floor=floor, time_ratio=_ratio(ours.p50_ms, floor.p50_ms)
    )


def figure(name: str, values: Sequence[float], unit: str) -> Figure:
    """The median of *values*, which were all measured in the same way."""
    spread = None
    if len(values) > 1:
        spread = (significant(min(values)), significant(max(values)))
    return Figure(
        name=name,
        value=significant(statistics.median(values)),
        unit=unit,
        samples=len(values),
        spread=spread,
    )


def _median(
    pairs: Sequence[tuple[Round, Round]], of: Callable[[Round, Round], float | None]
) -> float | None:
    found = [value for us, it in pairs if (value := of(us, it)) is not None]
    return significant(statistics.median(found)) if found else None


def _part(one: float | None, whole: float | None) -> float | None:
    return None if one is None or not whole else one / whole


def _ratio(ours: float | None, floors: float | None) -> float | None:
    return None if ours is None or not floors else significant(ours / floors)
