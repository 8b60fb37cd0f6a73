"""Telegram's sending limits, enforced on demand.

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. The
exact rules are not published: token buckets with a second's worth for the whole bot and a short
burst for each chat come close.
"""

from collections.abc import Callable
from math import ceil
from typing import Any, Final

from attrs import define, field

from taskbot.adapters.simulator.refusals import too_many_requests

CHAT_BURST: Final = 3
LIMITED: Final = frozenset(
    {
        "sendmessage",
        "sendphoto",
        "senddocument",
        "editmessagetext",
        "editmessagecaption",
        "editmessagereplymarkup",
    }
)
MOST_CHATS: Final = 100_000


@define
class Bucket:
    """`level` tokens at Unix time `at`; *rate* a second flow in, up to *capacity*."""

    level: float
    at: float

    def refill(self, now: float, *, rate: float, capacity: float) -> None:
        self.level = min(capacity, self.level + max(now - self.at, 0.0) * rate)
        self.at = now


@define
class Limits:
    """Messages a second for a bot and for one chat; not enforced until asked for."""

    _now: Callable[[], float]
    per_bot: float = 30.0
    per_chat: float = 1.0
    enforce: bool = False
    _bots: dict[int, Bucket] = field(factory=dict)
    _chats: dict[tuple[int, int], Bucket] = field(factory=dict)

    def change(self, *, per_bot: float, per_chat: float, enforce: bool) -> None:
        self.per_bot, self.per_chat, self.enforce = per_bot, per_chat, enforce
        self._bots.clear()
        self._chats.clear()

    def spend(self, method: str, *, bot: int, chat_id: int | None) -> None:
        """Count one call. Raise `Refusal` 429 with the seconds to wait, and count nothing."""
        if not self.enforce or method not in LIMITED or chat_id is None:
            return
        now = self._now()
        if len(self._chats) > MOST_CHATS:
            self._chats.clear()
        whole = self._bots.setdefault(bot, Bucket(self.per_bot, now))
        chat = self._chats.setdefault((bot, chat_id), Bucket(CHAT_BURST, now))
        whole.refill(now, rate=self.per_bot, capacity=max(self.per_bot, 1.0))
        chat.refill(now, rate=self.per_chat, capacity=CHAT_BURST)
        wait = max((1 - whole.level) / self.per_bot, (1 - chat.level) / self.per_chat)
        if wait > 0:
            raise too_many_requests(max(1, ceil(wait)))
        whole.level -= 1
        chat.level -= 1

    def to_json(self) -> dict[str, Any]:
        return {"per_bot": self.per_bot, "per_chat": self.per_chat, "enforce": self.enforce}
