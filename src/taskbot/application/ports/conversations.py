"""What a chat adapter keeps so that a restart interrupts nobody."""

from datetime import datetime
from typing import Any, Protocol, TypeAlias

from attrs import frozen

JsonObject: TypeAlias = dict[str, Any]


@frozen
class Dialogue:
    """Where a dialogue stands: the name of its step and what was answered so far (JSON)."""

    step: str | None
    answers: JsonObject


class DialogueStore(Protocol):
    """Half-finished dialogues under a key of the adapter's choosing."""

    async def read(self, key: str) -> Dialogue:
        """One without step and answers, if nothing is kept under *key*."""

    async def write(self, key: str, dialogue: Dialogue) -> None:
        """Keep *dialogue*; one without step and answers is forgotten instead."""


class UpdateLog(Protocol):
    """Which incoming updates have been handled: a repeated one must have no second effect."""

    async def begin(
        self, update_id: int, *, now: datetime, cut_short_before: datetime | None = None
    ) -> bool:
        """Whether to handle the update.

        False if it was finished, or begun and may still be at work. One begun at
        *cut_short_before* or earlier (a minute before *now*, unless the caller knows better) was
        cut short and is to be handled again.
        """

    async def finish(self, update_id: int, *, now: datetime) -> None:
        """The update was handled."""

    async def abandon(self, update_id: int) -> None:
        """Handling failed: the update may be begun again at once."""

    async def forget_before(self, moment: datetime) -> None:
        """Drop what was begun before *moment*: it will not come again."""
