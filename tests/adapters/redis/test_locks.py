"""Locks by Redis: lines across processes, processes that die, Redis that is away or forgets."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from attrs import frozen

from support.builders import NOW
from support.kept import a_client, a_namespace
from support.ports import a_free_port
from support.redis import ABSENT, OwnRedis, program
from taskbot.adapters.memory import ManualClock, MemoryPersonLocks
from taskbot.adapters.redis import Redis, RedisPersonLocks, create_redis, locks as module
from taskbot.adapters.redis.locks import LEASE, Place
from taskbot.application.ports import StorageUnavailable

pytestmark = pytest.mark.anyio

SECOND: Final = timedelta(seconds=1)
PATIENCE: Final = 20.0


@frozen
class Scene:
    redis: Redis
    namespace: str
    clock: ManualClock

    def process(self, *, patience: timedelta = timedelta(seconds=PATIENCE)) -> RedisPersonLocks:
        return RedisPersonLocks(
            self.redis,
            here=MemoryPersonLocks(),
            namespace=self.namespace,
            patience=patience,
            clock=self.clock,
        )

    def place(self) -> Place:
        """In the line before the lock of "anna"."""
        return Place([f"{self.namespace}:lock:anna:line", f"{self.namespace}:lock:anna:lives"])

    async def in_line(self) -> int:
        return int(await self.redis.zcard(self.place().keys[0]))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with a_namespace() as namespace, a_client() as redis:
        yield Scene(redis, namespace, ManualClock(NOW))


async def _until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await is_so():  # noqa: ASYNC110 - what is in Redis sets no event
            await asyncio.sleep(0.005)


async def test_who_came_first_is_served_first_across_processes(scene: Scene) -> None:
    served: list[int] = []

    async def serve(number: int) -> None:
        async with scene.process().hold("anna"):
            served.append(number)

    async with asyncio.TaskGroup() as group, scene.process().hold("anna"):
        for number in range(6):
            group.create_task(serve(number))

            async def stands(length: int = number + 2) -> bool:
                return await scene.in_line() == length

            await _until(stands)

    assert served == list(range(6))


async def test_what_a_dead_process_held_is_free_when_its_lease_is_over(scene: Scene) -> None:
    assert await scene.process().stand_in_line(scene.place())  # and is never heard of again
    process, mine = scene.process(), scene.place()

    for pause in (timedelta(0), SECOND, LEASE - 2 * SECOND):
        scene.clock.advance(pause)
        assert not await process.stand_in_line(mine)
    scene.clock.advance(SECOND)

    assert await process.stand_in_line(mine)


async def test_who_died_while_waiting_does_not_hold_up_the_others(scene: Scene) -> None:
    process, holder, dead, alive = scene.process(), *(scene.place() for _ in range(3))
    for place in (holder, dead, alive):
        await process.stand_in_line(place)

    for _ in range(3):
        scene.clock.advance(SECOND)
        assert not await process.stand_in_line(alive)
    await process._go(holder)

    assert await process.stand_in_line(alive)


async def _latest(redis: Redis, lives: str) -> float:
    found: list[Any] = await redis.zrange(lives, -1, -1, withscores=True)
    return float(found[0][1])


async def test_a_lease_is_renewed_while_the_work_lasts(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE", timedelta(seconds=1))
    lives = scene.place().keys[1]

    async with scene.process().hold("anna"):
        first = await _latest(scene.redis, lives)
        scene.clock.advance(SECOND / 2)

        async def is_renewed() -> bool:
            return await _latest(scene.redis, lives) == first + 500_000

        await _until(is_renewed)


async def test_a_lock_that_redis_forgot_is_noticed_and_the_work_goes_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LEASE", timedelta(seconds=1))

    async with scene.process().hold("anna"):
        await scene.redis.delete(*scene.place().keys)

        async def is_noticed() -> bool:
            return "a lock was lost" in caplog.text

        await _until(is_noticed)

    assert await scene.in_line() == 0


async def test_waiting_has_an_end(scene: Scene) -> None:
    async with scene.process().hold("anna"):
        with pytest.raises(StorageUnavailable):
            async with scene.process(patience=SECOND / 10).hold("anna"):
                pass

        assert await scene.in_line() == 1, "nobody waits any more"


async def test_without_redis_there_is_order_in_each_process(
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = create_redis(f"redis://127.0.0.1:{a_free_port()}/0")
    locks, served = RedisPersonLocks(nowhere, here=MemoryPersonLocks()), list[str]()

    async def serve() -> None:
        async with locks.hold("anna"):
            served.append("comes")
            await asyncio.sleep(0.01)
            served.append("goes")

    await asyncio.gather(serve(), serve())

    assert served == ["comes", "goes"] * 2
    assert "in this process alone" in caplog.text
    await nowhere.aclose()


async def test_a_lock_is_given_back_although_redis_went_away_meanwhile(
    caplog: pytest.LogCaptureFixture,
) -> None:
    if program() is None:
        pytest.skip(ABSENT)
    caplog.set_level(logging.INFO)
    with OwnRedis() as server:
        client = create_redis(server.url)
        here = MemoryPersonLocks()
        async with RedisPersonLocks(client, here=here).hold("anna"):
            server.stop()
        await client.aclose()

    assert "could not be given back" in caplog.text
