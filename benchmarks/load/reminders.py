"""The reminders that were promised during a run: by what they are known again, and when due."""

import re
from collections.abc import Iterable
from typing import Final

from attrs import define, field, frozen

from benchmarks.load.outcomes import Arrival

_MARK: Final = re.compile(r"due(\d+)\b")


def numbers_in(text: str) -> list[int]:
    """Which reminders a message is: several, if they were due together."""
    return [int(found) for found in _MARK.findall(text)]


@frozen
class Punctuality:
    """*late*: seconds after its moment at which each came, in order."""

    planned: int
    late: list[float]
    lost: list[int]
    doubled: list[int]
    unasked: list[int]
    """Came, and nobody was told that they would: their request got no answer."""


@define
class Promises:
    """*due*: when each is to come, in seconds since 1970, by its number."""

    due: dict[int, float] = field(factory=dict)
    unsure: set[int] = field(factory=set)
    _last: int = 0

    def next_title(self) -> tuple[int, str]:
        self._last += 1
        return self._last, f"Напомнить due{self._last}"

    def add(self, number: int, at: float) -> None:
        self.due[number] = at

    def open_ones(self, arrivals: Iterable[Arrival]) -> set[int]:
        """What has not come."""
        return self.due.keys() - {arrival.number for arrival in arrivals}

    def compared(self, arrivals: Iterable[Arrival]) -> Punctuality:
        came: dict[int, list[float]] = {}
        for arrival in arrivals:
            came.setdefault(arrival.number, []).append(arrival.at)
        late = sorted(min(came[number]) - at for number, at in self.due.items() if number in came)
        return Punctuality(
            planned=len(self.due),
            late=late,
            lost=sorted(self.due.keys() - came.keys()),
            doubled=sorted(number for number, moments in came.items() if len(moments) > 1),
            unasked=sorted(came.keys() - self.due.keys()),
        )
