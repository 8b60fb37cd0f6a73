"""What a chat adapter keeps so that a restart interrupts nobody."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeAlias

from attrs import frozen

JsonObject: TypeAlias = dict[str, Any]

DIALOGUE_KEPT: Final = timedelta(days=7)
"""For how long after its last step a dialogue can be gone on with."""
UPDATE_KEPT: Final = timedelta(days=2)
"""For how long it is known what was handled: Telegram offers an update for one day."""


@frozen
class Dialogue:
    """Where a dialogue stands: the name of its step and what was answered so far (JSON)."""

    step: str | None
    answers: JsonObject


class DialogueStore(Protocol):
    """Half-finished dialogues under a key of the adapter's choosing, for `DIALOGUE_KEPT` each.

    Every method raises `StorageUnavailable` where the storage fails: a dialogue that cannot be
    read is not one that is over. A key ends in a colon and the Telegram id of the person whose
    dialogue it is.
    """

    async def read(self, key: str) -> Dialogue:
        """One without step and answers, if nothing is kept under *key*, or not any more."""

    async def write(self, key: str, dialogue: Dialogue) -> None:
        """Keep *dialogue*; one without step and answers is forgotten instead."""

    async def forget(self, telegram_id: int) -> None:
        """Forget every dialogue of this person's."""


def person_in(key: str) -> int | None:
    """The Telegram id of the person whose dialogue is kept under *key*."""
    _, colon, last = key.rpartition(":")
    return int(last) if colon and last.isascii() and last.isdigit() else None


class UpdateLog(Protocol):
    """Which incoming updates have been handled: a repeated one must have no second effect.

    Each is known for `UPDATE_KEPT` at least. Every method raises `StorageUnavailable` where the
    storage fails.
    """

    async def begin(
        self, update_id: int, *, now: datetime, cut_short_before: datetime | None = None
    ) -> bool:
        """Whether to handle the update.

        False if it was finished, or begun and may still be at work. One begun at
        *cut_short_before* or earlier (a minute before *now*, unless the caller knows better) was
        cut short and is to be handled again.
        """

    async def is_finished(self, update_id: int) -> bool:
        """Whether the update was handled; not, if it is at work, was cut short, or never came."""

    async def last_finished(self) -> int | None:
        """The highest number of those that were; None if there is none, or it takes long to say."""

    async def finish(self, update_id: int, *, now: datetime) -> None:
        """The update was handled."""

    async def abandon(self, update_id: int) -> None:
        """Handling failed: the update may be begun again at once."""

    async def forget_before(self, moment: datetime) -> None:
        """What was begun before *moment* will not come again.

        Drop it, where it does not go by itself after `UPDATE_KEPT`.
        """


class ApiTokenStore(Protocol):
    """The bot's own access tokens, by the person for whom it asks the API.

    Every method raises `StorageUnavailable` where the storage fails.
    """

    async def read(self, telegram_id: int) -> str | None:
        """The newest secret that was kept; None if there is none, or its time is over."""

    async def write(self, telegram_id: int, secret: str, *, ttl: timedelta) -> None:
        """Keep *secret*, for *ttl* from now on, in the place of any other."""

    async def forget(self, telegram_id: int) -> None:
        """Drop what is kept, if anything is."""


class Expiring(Protocol):
    """A store that hides what has expired, and may need somebody who throws it away."""

    async def purge_expired(self) -> int:
        """Delete what has expired and is still there; return how many it were."""


class KeptForPeople(Expiring, Protocol):
    """What a store of people's things has, whatever it keeps."""

    async def forget(self, telegram_id: int) -> None:
        """Forget all that is kept for this person."""


class PersonLocks(Protocol):
    """One at a time for each person, in whatever process the others may be."""

    def hold(self, key: str) -> AbstractAsyncContextManager[None]:
        """Wait until nobody holds *key*, and hold it while the block lasts.

        First come, first served. What a process held that died is free again after seconds.
        Where the other processes cannot be asked, it is held among those who ask in this one.
        Raise `StorageUnavailable` where somebody holds it for far too long.
        """
