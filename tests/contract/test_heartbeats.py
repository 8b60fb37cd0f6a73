"""What every `Heartbeats` promises."""

from datetime import timedelta

import pytest
from attrs import evolve

from support.backends import Storage
from support.builders import NOW, a_process
from taskbot.adapters.memory import ManualClock
from taskbot.application.ports import HEARTBEATS_KEPT, Heartbeat, Part

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


async def test_the_last_sign_of_each_process_is_seen_by_all(
    storage: Storage, rival: Storage
) -> None:
    clock = ManualClock(NOW)
    worker = a_process(name="b:2", part=Part.WORKER, release="1.2")
    api = a_process(name="a:1", part=Part.API, started_at=NOW - MINUTE)

    await storage.heartbeats(clock).beat(Heartbeat(worker, NOW))
    await storage.heartbeats(clock).beat(Heartbeat(api, NOW))
    await storage.heartbeats(clock).beat(Heartbeat(worker, NOW + MINUTE))

    assert await rival.heartbeats(clock).last_of_all() == [
        Heartbeat(api, NOW),
        Heartbeat(worker, NOW + MINUTE),
    ]


async def test_a_process_that_begins_again_under_its_name_takes_the_place_of_the_old(
    storage: Storage,
) -> None:
    beats = storage.heartbeats(ManualClock(NOW))
    old = a_process(release="1.2")
    new = evolve(old, release="1.3", started_at=NOW + MINUTE, part=Part.BOT)

    await beats.beat(Heartbeat(old, NOW))
    await beats.beat(Heartbeat(new, NOW + MINUTE))

    assert await beats.last_of_all() == [Heartbeat(new, NOW + MINUTE)]


async def test_who_ends_is_forgotten_and_nobody_else(storage: Storage) -> None:
    beats = storage.heartbeats(ManualClock(NOW))
    stays = Heartbeat(a_process(name="a:1"), NOW)
    await beats.beat(stays)
    await beats.beat(Heartbeat(a_process(name="a:2"), NOW))

    await beats.end("a:2")
    await beats.end("a:2")

    assert await beats.last_of_all() == [stays]


async def test_who_was_silent_for_long_is_forgotten(storage: Storage) -> None:
    clock = ManualClock(NOW)
    beats = storage.heartbeats(clock)
    await beats.beat(Heartbeat(a_process(name="a:1"), NOW))
    await beats.beat(Heartbeat(a_process(name="a:2"), NOW + MINUTE))

    clock.advance(HEARTBEATS_KEPT - MINUTE)
    early = await beats.purge_expired()
    clock.advance(MINUTE)

    assert (early, await beats.purge_expired()) == (0, 1)
    assert [one.process.name for one in await beats.last_of_all()] == ["a:2"]
