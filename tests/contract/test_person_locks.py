"""What every `PersonLocks` promises."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

import pytest

from support.kept import a_client, a_namespace
from taskbot.adapters.memory import MemoryPersonLocks
from taskbot.adapters.redis import RedisPersonLocks
from taskbot.application.ports import PersonLocks

pytestmark = pytest.mark.anyio

PATIENCE: Final = 20.0


@pytest.fixture(params=["memory", "redis"])
async def processes(request: pytest.FixtureRequest) -> AsyncIterator[list[PersonLocks]]:
    """The locks as three processes see them; in memory there is one alone."""
    if request.param == "memory":
        yield [MemoryPersonLocks()] * 3
        return
    async with contextlib.AsyncExitStack() as stack:
        namespace = await stack.enter_async_context(a_namespace())
        clients = [await stack.enter_async_context(a_client()) for _ in range(3)]
        yield [
            RedisPersonLocks(client, here=MemoryPersonLocks(), namespace=namespace)
            for client in clients
        ]


class Bench:
    """Where work is done; it fails if two do it for the same key at once."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.busy: set[str] = set()

    async def work(self, locks: PersonLocks, key: str, name: str) -> None:
        async with locks.hold(key):
            assert key not in self.busy
            self.busy.add(key)
            self.order.append(name)
            for _ in range(5):
                await asyncio.sleep(0)
            self.busy.remove(key)


async def test_however_many_want_it_one_has_it(processes: list[PersonLocks]) -> None:
    bench = Bench()

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for number in range(30):
            locks = processes[number % 3]
            group.create_task(bench.work(locks, f"person {number % 2}", str(number)))

    assert len(bench.order) == 30


async def test_a_process_gives_it_in_the_order_in_which_it_was_asked(
    processes: list[PersonLocks],
) -> None:
    bench = Bench()

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for number in range(12):
            group.create_task(bench.work(processes[0], "person", str(number)))

    assert bench.order == [str(number) for number in range(12)]


async def test_one_person_does_not_wait_for_another(processes: list[PersonLocks]) -> None:
    async with asyncio.timeout(PATIENCE), processes[0].hold("anna"), processes[1].hold("boris"):
        pass


async def test_what_fails_gives_it_back(processes: list[PersonLocks]) -> None:
    async def fail() -> None:
        async with processes[0].hold("person"):
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    async with asyncio.timeout(1), processes[1].hold("person"):
        pass


async def test_who_is_cancelled_gives_back_the_lock_or_the_place(
    processes: list[PersonLocks],
) -> None:
    inside = asyncio.Event()

    async def stay(locks: PersonLocks) -> None:
        async with locks.hold("person"):
            inside.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(stay(processes[0]))
    async with asyncio.timeout(PATIENCE):
        await inside.wait()
    waiting = asyncio.create_task(stay(processes[1]))
    await asyncio.sleep(0.1)
    for task in (waiting, holding):
        task.cancel()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(holding, waiting, return_exceptions=True)

    async with asyncio.timeout(1), processes[2].hold("person"):
        pass


async def test_in_memory_nobody_is_remembered() -> None:
    locks = MemoryPersonLocks()

    async with locks.hold("person"):
        assert locks._locks

    assert not locks._locks
