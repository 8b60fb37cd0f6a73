"""The signs of life of a process."""

import logging

import pytest

from support.builders import NOW, a_process
from taskbot.adapters.memory import ManualClock, MemorySignsOfLife
from taskbot.application.ports import Part, SignOfLife, StorageUnavailable
from taskbot.application.processes import Pulse

pytestmark = pytest.mark.anyio


class Away(MemorySignsOfLife):
    async def give(self, sign: SignOfLife) -> None:
        raise StorageUnavailable("the disk is full")

    async def end(self, name: str) -> None:
        raise StorageUnavailable("the disk is full")


async def test_a_process_beats_until_it_ends() -> None:
    clock = ManualClock(NOW)
    signs_of_life = MemorySignsOfLife(clock)
    process = a_process()
    pulse = Pulse(process, signs_of_life, clock)

    await pulse.beat()
    assert await signs_of_life.last_of_all() == [SignOfLife(process, NOW)]

    await pulse.end()
    assert await signs_of_life.last_of_all() == []


async def test_a_storage_that_fails_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock(NOW)
    pulse = Pulse(a_process(), Away(clock), clock)

    with caplog.at_level(logging.WARNING):
        await pulse.beat()
        await pulse.end()

    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2


@pytest.mark.parametrize("part", Part)
def test_a_process_does_its_part_and_the_one_for_all_does_every_part(part: Part) -> None:
    assert a_process(part=part).does(part)
    assert a_process(part=Part.ALL).does(part)
    assert a_process(part=part).does(Part.BOT) == (part in {Part.BOT, Part.ALL})
