"""Rings: what one delivery is asked for."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from attrs import frozen

from taskbot.application.ports import Claim
from taskbot.domain.ids import UserId
from taskbot.domain.reminder import Reminder

Deliver: TypeAlias = Callable[[Sequence[Claim]], Awaitable[None]]
DoJob: TypeAlias = Callable[[str], Awaitable[None]]


@frozen
class Hands:
    """What a worker does when it is rung for."""

    deliver: Deliver
    do_job: DoJob


def rings_for(claims: Sequence[Reminder]) -> list[list[Claim]]:
    """One ring for each person: what is due to them together is best delivered together."""
    rings: dict[UserId, list[Claim]] = {}
    for reminder in claims:
        rings.setdefault(reminder.owner_id, []).append(Claim.of(reminder))
    return list(rings.values())
