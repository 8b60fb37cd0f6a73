"""The signs of life that a process gives as long as it is at work."""

import asyncio

import pytest

from support.builders import NOW
from taskbot.adapters.memory import ManualClock, MemorySignsOfLife
from taskbot.application.ports import Part, SignOfLife
from taskbot.entrypoints.pulse import pulsing

pytestmark = pytest.mark.anyio


class Slow(MemorySignsOfLife):
    """Tells when a sign is being written down, and goes on when it may."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.is_asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def give(self, sign: SignOfLife) -> None:
        self.is_asked.set()
        await self.go_on.wait()
        await super().give(sign)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


async def test_a_process_is_seen_as_long_as_it_is_at_work(clock: ManualClock) -> None:
    signs_of_life = Slow(clock)
    signs_of_life.go_on.set()

    async with pulsing(signs_of_life, clock, Part.WORKER), asyncio.timeout(5):
        await signs_of_life.is_asked.wait()
        (seen,) = await signs_of_life.last_of_all()
        assert seen.process.part is Part.WORKER
        assert seen.process.started_at == seen.given_at == NOW
        assert seen.process.release

    assert await signs_of_life.last_of_all() == []


async def test_a_sign_that_is_under_way_does_not_outlive_the_process(clock: ManualClock) -> None:
    signs_of_life = Slow(clock)

    async with pulsing(signs_of_life, clock, Part.API), asyncio.timeout(5):
        await signs_of_life.is_asked.wait()
        asyncio.get_running_loop().call_soon(signs_of_life.go_on.set)

    assert await signs_of_life.last_of_all() == []


async def test_a_storage_that_does_not_answer_keeps_nobody_from_ending(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    signs_of_life = Slow(clock)

    async with asyncio.timeout(10), pulsing(signs_of_life, clock, Part.API, patience_seconds=0.01):
        await signs_of_life.is_asked.wait()

    assert "the end could not be told in time" in caplog.text


async def test_what_breaks_the_process_is_told_and_its_end_as_well(clock: ManualClock) -> None:
    signs_of_life = Slow(clock)
    signs_of_life.go_on.set()

    with pytest.raises(ZeroDivisionError):
        async with pulsing(signs_of_life, clock, Part.BOT):
            raise ZeroDivisionError

    assert await signs_of_life.last_of_all() == []
