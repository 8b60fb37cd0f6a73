"""Failures on demand: which calls go wrong, how, and how often."""

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any, Final, Literal

from attrs import define, field

from taskbot.adapters.simulator.refusals import (
    Refusal,
    bad_request,
    forbidden,
    too_many_requests,
)

FaultKind = Literal[
    "429",
    "403-blocked",
    "403-deactivated",
    "400-chat-not-found",
    "migrated",
    "500",
    "stall",
    "accept-then-reset",
    "accept-then-stall",
]
OF_A_CHAT: Final = frozenset({"403-blocked", "403-deactivated", "400-chat-not-found", "migrated"})
DEFAULT_RETRY_AFTER: Final = 1
SUPERGROUP: Final = -1_000_000_000_000


@define(kw_only=True, eq=False)
class Fault:
    """One rule. `times` counts down; none means until removed. `retry_after` is in seconds."""

    id: int
    kind: FaultKind
    method: str | None = None
    person: int | None = None
    times: int | None = 1
    retry_after: int | None = None
    probability: float = 1.0

    def fits(self, method: str, chat_id: int | None) -> bool:
        if self.method is None:
            # Polling would use up what is meant for the bot's own calls.
            if method == "getupdates":
                return False
        elif self.method.lower() != method:
            return False
        if self.person is not None and self.person != chat_id:
            return False
        return self.kind not in OF_A_CHAT or chat_id is not None

    def refusal(self, chat_id: int | None) -> Refusal | None:
        """The error to answer with; none for the kinds that give no answer at all."""
        match self.kind:
            case "429":
                return too_many_requests(self.retry_after or DEFAULT_RETRY_AFTER)
            case "403-blocked":
                return forbidden("bot was blocked by the user")
            case "403-deactivated":
                return forbidden("user is deactivated")
            case "400-chat-not-found":
                return bad_request("chat not found")
            case "migrated":
                return Refusal(
                    400,
                    "group chat was upgraded to a supergroup chat",
                    migrate_to_chat_id=SUPERGROUP - abs(chat_id or 0),
                )
            case "500":
                return Refusal(500)
            case "stall" | "accept-then-reset" | "accept-then-stall":
                return None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "method": self.method,
            "person": self.person,
            "times": self.times,
            "retry_after": self.retry_after,
            "probability": self.probability,
        }


@define
class Faults:
    """The rules in force, oldest first. The first that fits a call applies."""

    _random: Random
    _rules: list[Fault] = field(factory=list)
    _ids: Iterator[int] = field(factory=lambda: count(1))

    def add(self, **settings: Any) -> Fault:
        fault = Fault(id=next(self._ids), **settings)
        self._rules.append(fault)
        return fault

    def clear(self) -> None:
        self._rules.clear()

    def holds(self, fault: Fault) -> bool:
        """Whether a call that *fault* stalls has still to wait."""
        return fault in self._rules

    def draw(self, method: str, chat_id: int | None) -> Fault | None:
        for fault in self._rules:
            if fault.times == 0 or not fault.fits(method, chat_id):
                continue
            if fault.probability < 1 and self._random.random() >= fault.probability:
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None

    def to_json(self) -> list[dict[str, Any]]:
        return [fault.to_json() for fault in self._rules]
