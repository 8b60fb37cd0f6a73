"""Rings: what a worker is asked to deliver."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from attrs import frozen

from taskbot.application.delivery import Errand
from taskbot.application.ports import Claim
from taskbot.domain.ids import UserId
from taskbot.domain.reminder import Reminder

Deliver: TypeAlias = Callable[[Sequence[Claim]], Awaitable[None]]
DoJob: TypeAlias = Callable[[str], Awaitable[None]]


@frozen
class Hands:
    """What a worker does when it is rung for; *errands* finds what there is to do about claims."""

    errands: Callable[[Sequence[Claim]], Awaitable[Sequence[Errand]]]
    do_job: DoJob


def rings_for(claims: Sequence[Reminder], *, people: int = 1) -> Iterator[list[Claim]]:
    """Claims of up to so many *people* each: what is due to one of them goes into one ring."""
    of_each: dict[UserId, list[Claim]] = {}
    for reminder in claims:
        of_each.setdefault(reminder.owner_id, []).append(Claim.of(reminder))
    persons = iter(of_each.values())
    while together := list(islice(persons, people)):
        yield [claim for person in together for claim in person]
