"""What happens when in a run."""

from typing import Final

from attrs import define, field, frozen

WINDOW_SECONDS: Final = 30.0


@frozen(kw_only=True)
class Plan:
    """Seconds, and how much is asked for in one of them.

    *share*: what is offered, of what was answered when as much was asked as could be. *factor*: by
    how much more is asked during the overload, of the API and of the bot.
    """

    steady: float = 600.0
    warm_up: float = 60.0
    calibration: float = 10.0
    overload: float = 60.0
    recovery: float = 60.0
    share: float = 0.4
    factor: float = 4.0
    updates: float = 5.0
    reminders: float = 20.0

    @property
    def whole(self) -> float:
        """How long reminders have to come due: from before the calibration to the end."""
        return self.warm_up + self.calibration + self.steady + self.overload + self.recovery + 30.0


@frozen
class Phase:
    """*begin* and *end*: seconds since 1970."""

    name: str
    begin: float
    end: float

    def has(self, moment: float) -> bool:
        return self.begin <= moment < self.end


@define
class Phases:
    passed: list[Phase] = field(factory=list)

    def add(self, name: str, begin: float, end: float) -> None:
        self.passed.append(Phase(name, begin, end))

    def __getitem__(self, name: str) -> Phase:
        return next(phase for phase in self.passed if phase.name == name)

    def windows(self) -> list[Phase]:
        """All of it in pieces of half a minute, each within one phase."""
        found = []
        for phase in self.passed:
            number = max(round((phase.end - phase.begin) / WINDOW_SECONDS), 1)
            width = (phase.end - phase.begin) / number
            for place in range(number):
                begin = phase.begin + place * width
                found.append(Phase(phase.name, begin, begin + width))
        return found
