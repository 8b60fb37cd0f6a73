"""A bot's queue of updates.

Source: https://core.telegram.org/bots/api#getting-updates. Kept at most 24 hours, a callback query
150 seconds, an inline query 30; confirmed by a later offset or by a webhook's 2xx.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final

from attrs import define, field

from taskbot.adapters.simulator.state import Stored

LIFETIME: Final = 86_400.0
QUERY_LIFETIME: Final = 150.0
INLINE_QUERY_LIFETIME: Final = 30.0
LIFETIMES: Final = {"callback_query": QUERY_LIFETIME, "inline_query": INLINE_QUERY_LIFETIME}
HISTORY: Final = 1_000
LEFT_OUT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Not delivered unless asked for by name."""


@define(kw_only=True)
class PendingUpdate(Stored):
    """`lane` is the order in which webhooks are served; `expires_at` is a Unix time."""

    bot: int
    update_id: int
    kind: str
    lane: str
    body: dict[str, Any]
    expires_at: float

    def to_update(self) -> dict[str, Any]:
        return {"update_id": self.update_id, self.kind: self.body}


@define
class UpdateQueue:
    """Pending updates by id, oldest first.

    `turn` belongs to the poller whose call waits now; another call takes it away.
    """

    pending: OrderedDict[int, PendingUpdate] = field(factory=OrderedDict)
    replays: list[PendingUpdate] = field(factory=list)
    history: OrderedDict[int, PendingUpdate] = field(factory=OrderedDict)
    turn: object | None = None
    taken_by: str = ""

    def take_turn(self, *, what: str) -> object:
        self.turn, self.taken_by = object(), what
        return self.turn

    def add(self, update: PendingUpdate) -> None:
        self.pending[update.update_id] = update
        self.history[update.update_id] = update
        while len(self.history) > HISTORY:
            self.history.popitem(last=False)

    def confirmed_by(self, offset: int) -> list[PendingUpdate]:
        """What a call with *offset* confirms; a negative one keeps only the last so many."""
        waiting = list(self.pending.values())
        if offset < 0:
            return waiting[:offset]
        return [update for update in waiting if update.update_id < offset]

    def expired(self, now: float) -> list[PendingUpdate]:
        return [update for update in self.pending.values() if update.expires_at <= now]

    def forget(self, updates: Iterable[PendingUpdate]) -> None:
        for update in updates:
            self.pending.pop(update.update_id, None)

    def clear(self) -> None:
        self.pending.clear()
        self.replays.clear()
        self.history.clear()

    def replay(self, update_id: int) -> bool:
        """Deliver an update once more, whatever was confirmed. Return whether it is known."""
        update = self.history.get(update_id)
        if update is not None:
            self.replays.append(update)
        return update is not None

    @property
    def is_waiting(self) -> bool:
        return bool(self.pending or self.replays)

    def take(self, limit: int) -> list[PendingUpdate]:
        repeated, self.replays = self.replays[:limit], self.replays[limit:]
        return [*repeated, *list(self.pending.values())[: limit - len(repeated)]]
