"""Who is at work: the signs of life that processes give."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from attrs import field, frozen

from taskbot.domain.timezone import aware_utc

SIGN_OF_LIFE_EVERY: Final = timedelta(minutes=1)
SILENT_AFTER: Final = timedelta(seconds=150)
"""Two signs of life may be missing, or late, before anybody is thought to be gone."""
SIGNS_OF_LIFE_KEPT: Final = timedelta(days=1)


class Part(StrEnum):
    """What a process does; `ALL` does all of it."""

    API = "api"
    BOT = "bot"
    SCHEDULER = "scheduler"
    WORKER = "worker"
    ALL = "up"


@frozen(kw_only=True)
class Process:
    """*name*: its machine and its number there. *release*: the version of taskbot."""

    name: str
    part: Part = field(converter=Part)
    release: str
    started_at: datetime = field(converter=aware_utc)

    def does(self, part: Part) -> bool:
        return self.part in {part, Part.ALL}


@frozen
class SignOfLife:
    """A process, and when it last gave a sign of life."""

    process: Process
    given_at: datetime = field(converter=aware_utc)

    def is_alive(self, *, now: datetime) -> bool:
        """Whether it is thought to be at work; one that ended in order gives no sign at all."""
        return now - self.given_at <= SILENT_AFTER


class SignsOfLife(Protocol):
    """Every method raises `StorageUnavailable` where the storage fails."""

    async def give(self, sign: SignOfLife) -> None:
        """Keep this sign of life in place of the last one by a process of the same name."""

    async def end(self, name: str) -> None:
        """Forget the process of this name, if it is known."""

    async def last_of_all(self) -> list[SignOfLife]:
        """The last sign of each process, in the order of their names."""

    async def purge_expired(self) -> int:
        """Forget who gave no sign for `SIGNS_OF_LIFE_KEPT`; return how many it were."""
