"""What a run has shown: for each half minute, for each phase, and in the end."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from attrs import frozen

from benchmarks.load.figures import Slope, percentile, spread
from benchmarks.load.outcomes import Arrival, Fate, Outcome
from benchmarks.load.phases import Phase, Phases
from benchmarks.load.reminders import Promises
from benchmarks.load.sampling import Sample, Sampler

_RECOVERY_STEP_SECONDS: Final = 1.0
_RECOVERY_WINDOW_SECONDS: Final = 5.0
_AS_BEFORE: Final = 1.5
"""Times the p99 of the half minutes before: from then on it is as it was."""


@frozen
class Observed:
    """*programs*: what the API was asked; *people*: what was said to the bot."""

    phases: Phases
    programs: Sequence[Outcome]
    people: Sequence[Outcome]
    arrivals: Sequence[Arrival]
    promises: Promises
    sampler: Sampler

    def window(self, window: Phase) -> dict[str, Any]:
        return {
            "phase": window.name,
            "from": round(window.begin - self.phases.passed[0].begin, 1),
            "to": round(window.end - self.phases.passed[0].begin, 1),
            "api": summed_up(self.programs, window),
            "bot": summed_up(self.people, window),
            "kinds": by_kind([*self.programs, *self.people], window),
            "reminders": self.punctuality(window),
            **self.resources(window),
        }

    def phase(self, name: str) -> dict[str, Any]:
        return self.window(self.phases[name])

    def punctuality(self, window: Phase) -> dict[str, Any]:
        """Of the reminders that were to come in *window*: seconds from their moments."""
        due = {number: at for number, at in self.promises.due.items() if window.has(at)}
        first: dict[int, float] = {}
        for arrival in self.arrivals:
            if arrival.number in due:
                first.setdefault(arrival.number, arrival.at)
        return {"planned": len(due)} | spread(at - due[number] for number, at in first.items())

    def resources(self, window: Phase) -> dict[str, Any]:
        """Memory on average, and of how many processors each process was the user."""
        samples = self.sampler.between(window.begin, window.end)
        if len(samples) < 2:  # noqa: PLR2004 - it takes two to see what was used in between
            nothing: dict[str, Any] = {"resident_mib": {}, "processors": {}, "waited": {}}
            return nothing | {"processors_busy": None, "load_average": None}
        first, last = samples[0], samples[-1]
        seconds = last.at - first.at
        return {
            "resident_mib": {
                name: round(statistics.fmean(one.resident[name] for one in samples), 2)
                for name in first.resident
            },
            "processors": {
                name: round((last.cpu[name] - first.cpu[name]) / seconds, 3) for name in first.cpu
            },
            "waited": {
                name: round((last.waited[name] - first.waited[name]) / seconds, 3)
                for name in first.waited
            },
            "processors_busy": round((last.busy - first.busy) / seconds, 2),
            "load_average": round(statistics.fmean(one.load for one in samples), 1),
        }

    def memory(self, name: str = "steady") -> dict[str, Any]:
        """MiB a minute by which each process grew in a phase."""
        phase = self.phases[name]
        samples = self.sampler.between(phase.begin, phase.end)
        return {process: _growth(samples, process) for process in samples[0].resident}

    def recovery(self) -> dict[str, Any]:
        """Seconds from the end of the overload until the API's p99 is what it was, for good."""
        before = statistics.median(
            percentile(sorted(taken), 0.99)
            for window in self.phases.windows()
            if window.name == "steady" and (taken := _taken(self.programs, window))
        )
        after = self.phases["recovery"]
        seconds, moment = None, after.end - _RECOVERY_WINDOW_SECONDS
        while moment >= after.begin:
            window = Phase("", moment, moment + _RECOVERY_WINDOW_SECONDS)
            taken = sorted(_taken(self.programs, window))
            is_refused = any(
                one.fate is not Fate.DONE for one in self.programs if window.has(one.scheduled)
            )
            if is_refused or not taken or percentile(taken, 0.99) > before * _AS_BEFORE:
                break
            seconds = moment - after.begin
            moment -= _RECOVERY_STEP_SECONDS
        return {
            "p99_before": round(before, 4),
            "as_before_is_up_to": round(before * _AS_BEFORE, 4),
            "seconds": None if seconds is None else round(seconds, 1),
        }


def _growth(samples: Sequence[Sample], process: str) -> dict[str, Any]:
    points = [((one.at - samples[0].at) / 60, one.resident[process]) for one in samples]
    slope = Slope.of(points)
    return {
        "first": round(points[0][1], 2),
        "last": round(points[-1][1], 2),
        "mib_per_minute": round(slope.value, 4),
        "standard_error": round(slope.standard_error, 4),
    }


def _taken(outcomes: Iterable[Outcome], window: Phase) -> list[float]:
    return [one.seconds for one in outcomes if one.fate is Fate.DONE and window.has(one.scheduled)]


def summed_up(outcomes: Iterable[Outcome], window: Phase) -> dict[str, Any]:
    """How many came a second, what became of them, and how long the accepted ones took."""
    within = [one for one in outcomes if window.has(one.scheduled)]
    fates = Counter(one.fate for one in within)
    return {
        "offered_per_second": round(len(within) / (window.end - window.begin), 1),
        **{fate.value: fates[fate] for fate in Fate},
        "seconds": spread(one.seconds for one in within if one.fate is Fate.DONE),
    }


def by_kind(outcomes: Iterable[Outcome], window: Phase) -> dict[str, Any]:
    kinds: dict[str, list[Outcome]] = {}
    for one in outcomes:
        if window.has(one.scheduled):
            kinds.setdefault(one.kind, []).append(one)
    return {
        kind: {
            "errors": sum(one.fate is Fate.FAILED for one in kinds[kind]),
            "refused": sum(one.fate in (Fate.SHED, Fate.LIMITED) for one in kinds[kind]),
            **spread(one.seconds for one in kinds[kind] if one.fate is Fate.DONE),
        }
        for kind in sorted(kinds)
    }
