"""What every `SignsOfLife` promises."""

from datetime import timedelta

import pytest
from attrs import evolve

from support.backends import Storage
from support.builders import NOW, a_process
from taskbot.adapters.memory import ManualClock
from taskbot.application.ports import SIGNS_OF_LIFE_KEPT, Part, SignOfLife

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


async def test_the_last_sign_of_each_process_is_seen_by_all(
    storage: Storage, rival: Storage
) -> None:
    clock = ManualClock(NOW)
    worker = a_process(name="b:2", part=Part.WORKER, release="1.2")
    api = a_process(name="a:1", part=Part.API, started_at=NOW - MINUTE)

    await storage.signs_of_life(clock).give(SignOfLife(worker, NOW))
    await storage.signs_of_life(clock).give(SignOfLife(api, NOW))
    await storage.signs_of_life(clock).give(SignOfLife(worker, NOW + MINUTE))

    assert await rival.signs_of_life(clock).last_of_all() == [
        SignOfLife(api, NOW),
        SignOfLife(worker, NOW + MINUTE),
    ]


async def test_a_process_that_begins_again_under_its_name_takes_the_place_of_the_old(
    storage: Storage,
) -> None:
    given = storage.signs_of_life(ManualClock(NOW))
    old = a_process(release="1.2")
    new = evolve(old, release="1.3", started_at=NOW + MINUTE, part=Part.BOT)

    await given.give(SignOfLife(old, NOW))
    await given.give(SignOfLife(new, NOW + MINUTE))

    assert await given.last_of_all() == [SignOfLife(new, NOW + MINUTE)]


async def test_who_ends_is_forgotten_and_nobody_else(storage: Storage) -> None:
    given = storage.signs_of_life(ManualClock(NOW))
    stays = SignOfLife(a_process(name="a:1"), NOW)
    await given.give(stays)
    await given.give(SignOfLife(a_process(name="a:2"), NOW))

    await given.end("a:2")
    await given.end("a:2")

    assert await given.last_of_all() == [stays]


async def test_who_was_silent_for_long_is_forgotten(storage: Storage) -> None:
    clock = ManualClock(NOW)
    given = storage.signs_of_life(clock)
    await given.give(SignOfLife(a_process(name="a:1"), NOW))
    await given.give(SignOfLife(a_process(name="a:2"), NOW + MINUTE))

    clock.advance(SIGNS_OF_LIFE_KEPT - MINUTE)
    early = await given.purge_expired()
    clock.advance(MINUTE)

    assert (early, await given.purge_expired()) == (0, 1)
    assert [one.process.name for one in await given.last_of_all()] == ["a:2"]
