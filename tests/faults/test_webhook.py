"""Copies of the bot that Telegram calls: one is killed in the middle of an answer."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from support import postgres, redis
from support.balancer import a_balancer
from support.product import Somebody
from support.reliability import note
from support.scene import Scene, a_scene
from support.simulator import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

AT_WORK_SECONDS: Final = "2"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_scene(tmp_path, lease=None) as scene:
        yield scene


async def test_what_a_copy_had_in_hand_when_it_was_killed_is_done_once_by_another(
    scene: Scene,
) -> None:
    async with a_balancer() as balancer:
        scene.environment |= {
            "TASKBOT_WEBHOOK_URL": f"{balancer.url}/telegram",
            "TASKBOT_WEBHOOK_PORT": "0",
            "ALTERED_AT_WORK": AT_WORK_SECONDS,
        }
        processes = await asyncio.gather(*(scene.start("bot", "--webhook") for _ in range(2)))
        for process in processes:
            address = await process.address("Webhook")
            balancer.targets.append(address.removesuffix("/telegram"))
        by_target = dict(zip(balancer.targets, processes, strict=True))
        (person,) = await scene.people(1)
        ada, control = Somebody(person, scene.telegram.control), scene.telegram.control
        await ada.sees("Hello")
        await ada.say("/create")
        await control.fault("stall", method="sendMessage", person=ada.id, times=1)

        await control.send(ada.id, "Water the plants")
        await control.send(ada.id, "The ones on the balcony")
        victim = await balancer.whoever_is_at_work()
        await _until_it_sends(scene)
        await by_target[victim].kill()
        await control.clear_faults()
        await ada.sees("step 3 of 4")

        texts = await ada.transcript()
        note(
            "Webhook: `kill -9` of the copy that was answering",
            "another copy answers, once, and in order",
            "it did, once the dead one's time was over",
        )
        assert sum("step 2 of 4" in text for text in texts) == 1
        assert sum("step 3 of 4" in text for text in texts) == 1


async def _until_it_sends(scene: Scene) -> None:
    async def is_at_work() -> bool:
        calls = scene.telegram.simulator.calls.after(0, method="sendMessage")
        return any("stall" in (call["outcome"] or {}).get("fault", "") for call in calls)

    await eventually(is_at_work)
