"""Messages that are not to stay in a chat."""

from datetime import datetime, timedelta
from typing import Final, Protocol

from attrs import frozen

GIVEN_UP_AFTER: Final = timedelta(days=7)
"""When nobody has taken a message away for so long, nobody will."""


@frozen
class VanishingMessage:
    chat_id: int
    message_id: int
    delete_at: datetime


class VanishingMessages(Protocol):
    """What is to be taken away, and when, however often the process that showed it dies.

    Every method raises `StorageUnavailable` where the storage fails.
    """

    async def add(self, message: VanishingMessage) -> None:
        """From now on it is known; once more with another moment: the later call counts."""

    async def earliest(self, *, limit: int) -> list[VanishingMessage]:
        """Those that are to go first, due or not, the first of them first."""

    async def drop(self, message: VanishingMessage) -> None:
        """It is gone, or cannot be taken away. Once more does no harm."""

    async def forget(self, telegram_id: int) -> None:
        """Forget all that is kept of this person's chat."""

    async def purge_expired(self) -> int:
        """Forget what was due `GIVEN_UP_AFTER` ago, where it does not go by itself; how many."""
