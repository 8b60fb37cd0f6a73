"""The embedded queue: a doorbell on one event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta

import pytest
from attrs import evolve
from ulid import ULID

from support.builders import NOW, a_reminder
from taskbot.adapters.queue import InProcessReminderQueue
from taskbot.application.ports import Claim
from taskbot.domain.ids import UserId
from taskbot.domain.reminder import Reminder

pytestmark = pytest.mark.anyio

PATIENCE = timedelta(seconds=5)


class Door:
    """Somebody who delivers, one ring after another, as fast as a test lets them."""

    def __init__(self) -> None:
        self.delivered: list[Claim] = []
        self.open = asyncio.Event()
        self.open.set()
        self.at_work = 0
        self.most_at_work = 0

    async def deliver(self, claims: Sequence[Claim]) -> None:
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await self.open.wait()
            self.delivered.extend(claims)
        finally:
            self.at_work -= 1


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def queue(door: Door) -> AsyncIterator[InProcessReminderQueue]:
    queue = InProcessReminderQueue(door.deliver, concurrency=3)
    queue.start()
    yield queue
    door.open.set()
    await queue.stop(patience=PATIENCE)


def claims(number: int) -> list[Reminder]:
    return [a_reminder().claim(until=NOW) for _ in range(number)]


async def _settled(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)


async def test_everything_enqueued_is_delivered_with_its_attempt(
    queue: InProcessReminderQueue, door: Door
) -> None:
    rung = claims(20)

    await queue.enqueue(rung)
    await _settled(lambda: len(door.delivered) == len(rung))

    assert set(door.delivered) == {Claim.of(claim) for claim in rung}


async def test_what_one_person_gets_is_delivered_in_one_go(
    queue: InProcessReminderQueue, door: Door
) -> None:
    theirs = [a_reminder(owner_id=UserId(ULID())) for _ in range(2)]
    rung = [evolve(claim, owner_id=theirs[n % 2].owner_id) for n, claim in enumerate(claims(6))]
    door.open.clear()

    await queue.enqueue(rung)
    await _settled(lambda: door.at_work == 2)
    door.open.set()
    await _settled(lambda: len(door.delivered) == 6)

    assert door.most_at_work == 2
    assert {
        len({one.owner_id for one in rung if Claim.of(one) in part})
        for part in (door.delivered[:3], door.delivered[3:])
    } == {1}


async def test_no_more_are_under_way_than_there_are_hands(
    queue: InProcessReminderQueue, door: Door
) -> None:
    await queue.enqueue(claims(20))
    await _settled(lambda: len(door.delivered) == 20)

    assert door.most_at_work <= 3


async def test_enqueueing_waits_while_all_hands_are_full(
    queue: InProcessReminderQueue, door: Door
) -> None:
    door.open.clear()

    ringing = asyncio.create_task(queue.enqueue(claims(10)))
    await _settled(lambda: (door.at_work, queue.waiting) == (3, 3))

    assert not ringing.done()
    door.open.set()
    await ringing
    await _settled(lambda: len(door.delivered) == 10)


async def test_a_delivery_that_fails_does_not_stop_the_next(door: Door) -> None:
    failing = claims(1)[0]

    async def deliver(claims: Sequence[Claim]) -> None:
        if claims[0].reminder_id == failing.id:
            raise RuntimeError("the storage is away")
        await door.deliver(claims)

    queue = InProcessReminderQueue(deliver, concurrency=1)
    queue.start()

    await queue.enqueue([failing, *claims(2)])
    await _settled(lambda: len(door.delivered) == 2)
    await queue.stop(patience=PATIENCE)


async def test_stopping_finishes_what_is_under_way_and_leaves_the_rest(
    queue: InProcessReminderQueue, door: Door
) -> None:
    door.open.clear()
    await queue.enqueue(claims(6))
    await _settled(lambda: door.at_work == 3)

    stopping = asyncio.create_task(queue.stop(patience=PATIENCE))
    await asyncio.sleep(0)
    door.open.set()
    await stopping

    assert len(door.delivered) == 3


async def test_stopping_is_bounded_however_long_a_delivery_takes(door: Door) -> None:
    queue = InProcessReminderQueue(door.deliver, concurrency=1)
    queue.start()
    door.open.clear()
    await queue.enqueue(claims(1))
    await _settled(lambda: door.at_work == 1)

    await queue.stop(patience=timedelta(milliseconds=10))

    assert door.at_work == 0
    assert door.delivered == []
