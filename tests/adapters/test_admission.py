"""Who is let in: never more than there are places, in order, and no place is ever lost."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import pytest
from attrs import define, field
from hypothesis import given, strategies as st

from taskbot.adapters.admission import Admission, NotAdmitted, Reason

pytestmark = pytest.mark.anyio

LONG: Final = timedelta(hours=1)
STEPS: Final = ("come", "leave", "step outside", "come back", "cancel", "go away", "settle")


def an_admission(places: int = 1, queue: int = 1, patience: timedelta = LONG) -> Admission:
    return Admission(places, queue, patience)


async def settle() -> None:
    """Let everybody do what they can."""
    for _ in range(8):
        await asyncio.sleep(0)


@define(eq=False)
class Visitor:
    """Comes, stays until it is told to leave, and may step outside meanwhile."""

    admission: Admission
    number: int
    entered: list[int]
    is_inside: bool = False
    told: asyncio.Queue[str] = field(factory=asyncio.Queue)
    gone: asyncio.Event = field(factory=asyncio.Event)
    refused: Reason | None = None

    async def visit(self) -> None:
        try:
            await self.admission.enter(self.gone.wait)
        except NotAdmitted as refusal:
            self.refused = refusal.reason
            return
        self.entered.append(self.number)
        self.is_inside = True
        try:
            while await self.told.get() != "leave":
                self.is_inside = False
                self.admission.leave()
                while await self.told.get() != "come back":
                    pass
                await self.admission.come_back()
                self.is_inside = True
        finally:
            if self.is_inside:
                self.is_inside = False
                self.admission.leave()


@define
class Door:
    admission: Admission
    visitors: list[tuple[Visitor, asyncio.Task[None]]] = field(factory=list)
    entered: list[int] = field(factory=list)

    async def do(self, step: str, choice: int) -> None:
        if step == "settle":
            await settle()
        elif step == "come":
            visitor = Visitor(self.admission, len(self.visitors), self.entered)
            self.visitors.append((visitor, asyncio.create_task(visitor.visit())))
        elif here := [one for one in self.visitors if not one[1].done()]:
            visitor, task = here[choice % len(here)]
            if step == "cancel":
                task.cancel()
            elif step == "go away":
                visitor.gone.set()
            else:
                visitor.told.put_nowait(step)
        assert self.inside <= self.admission.places
        assert self.admission.inside <= self.admission.places

    @property
    def inside(self) -> int:
        return sum(visitor.is_inside for visitor, _ in self.visitors)


@given(
    st.integers(1, 3),
    st.integers(0, 3),
    st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 20)), max_size=60),
)
def test_whatever_happens_there_are_never_too_many_inside_and_no_place_is_lost(
    places: int, queue: int, steps: Sequence[tuple[str, int]]
) -> None:
    async def happen() -> None:
        door = Door(an_admission(places, queue))
        for step, choice in steps:
            await door.do(step, choice)
        await settle()
        assert door.inside == door.admission.inside
        assert door.entered == sorted(door.entered), "the first come first"
        assert door.admission.inside == places or not door.admission.waiting

        for _, task in door.visitors:
            task.cancel()
        await asyncio.gather(*(task for _, task in door.visitors), return_exceptions=True)
        assert (door.admission.inside, door.admission.waiting) == (0, 0)
        for visitor, task in door.visitors:
            assert task.cancelled() or visitor.refused or visitor.number in door.entered

    asyncio.run(happen())


async def test_who_finds_no_room_is_told_at_once() -> None:
    admission = an_admission(places=2, queue=1)
    await admission.enter()
    await admission.enter()
    waiting = asyncio.create_task(admission.enter())
    await settle()

    with pytest.raises(NotAdmitted) as refusal:
        await admission.enter()

    assert refusal.value.reason is Reason.FULL
    admission.leave()
    await waiting
    assert (admission.inside, admission.waiting) == (2, 0)


async def test_nobody_waits_longer_than_is_agreed() -> None:
    admission = an_admission(patience=timedelta(0))
    await admission.enter()

    with pytest.raises(NotAdmitted) as refusal:
        await admission.enter()

    assert refusal.value.reason is Reason.WAITED
    assert admission.waiting == 0
    admission.leave()
    assert admission.enter_at_once()


async def test_who_comes_back_is_never_refused() -> None:
    admission = an_admission(queue=0, patience=timedelta(0))
    await admission.enter()

    back = asyncio.create_task(admission.come_back())
    await settle()
    assert not back.done()

    admission.leave()
    await back
    assert admission.inside == 1


async def test_a_place_that_is_given_to_who_is_cancelled_goes_to_the_next() -> None:
    admission = an_admission(queue=2)
    await admission.enter()
    first = asyncio.create_task(admission.enter())
    second = asyncio.create_task(admission.enter())
    await settle()

    admission.leave()
    first.cancel()  # before it has noticed that it has a place
    await asyncio.gather(first, return_exceptions=True)

    await second
    assert (admission.inside, admission.waiting) == (1, 0)
