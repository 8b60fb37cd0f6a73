"""What became of what was asked, one by one."""

from enum import StrEnum
from typing import Final

from attrs import frozen


class Fate(StrEnum):
    DONE = "done"
    SHED = "shed"
    """Refused with 503, `/problems/overloaded`: nothing was done."""
    LIMITED = "limited"
    """Refused with 429."""
    FAILED = "failed"
    """Anything else that is no success; *detail* says what."""


@frozen
class Outcome:
    """*scheduled* and *ended*: seconds since 1970."""

    kind: str
    scheduled: float
    ended: float
    fate: Fate
    detail: str = ""

    @property
    def seconds(self) -> float:
        return self.ended - self.scheduled


@frozen
class Arrival:
    """One reminder that came to its person's chat, by its *number*."""

    number: int
    at: float


PROGRAMS: Final = "programs"
PEOPLE: Final = "people"
