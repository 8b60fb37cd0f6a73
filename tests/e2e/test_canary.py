"""The canary, from the scheduler's plan to Telegram, and what is shown of it."""

import asyncio
from pathlib import Path

import pytest

from support import postgres, redis
from support.fleet import a_fleet
from support.scrapes import Scrape
from support.simulator import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

GROUP = -1001


async def test_a_canary_arrives_in_the_operators_group_and_is_seen_to(tmp_path: Path) -> None:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_fleet(tmp_path) as fleet:
        fleet.environment.update(
            TASKBOT_CANARY_CHAT_ID=str(GROUP), TASKBOT_METRICS_PORT="0", TASKBOT_CANARY_EVERY="60"
        )
        group = {"id": GROUP, "title": "Is taskbot well?"}
        await fleet.control.request("POST", "/sim/groups", json=group)
        scheduler, _ = await asyncio.gather(fleet.start("scheduler"), fleet.start("worker"))

        async def is_seen() -> bool:
            await asyncio.sleep(0.1)
            return (await Scrape.of(scheduler)).all("canary_seconds") != []

        await eventually(is_seen, within=60)
        scrape = await Scrape.of(scheduler)
        (message,) = await fleet.control.messages(GROUP)

    assert "Canary" in message["text"]
    assert 0 <= scrape.sum("canary_seconds") < 60
    assert scrape.all("canary_waiting_seconds") == [0]
    assert scrape.sum("canary_last_arrival_timestamp_seconds") == pytest.approx(
        message["date"], abs=10
    )
