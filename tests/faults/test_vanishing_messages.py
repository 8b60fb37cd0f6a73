"""A message with a secret, and a bot that is killed before it has taken it away."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from support import postgres, redis
from support.product import Somebody
from support.reliability import note
from support.scene import Scene, a_scene
from support.simulator import eventually
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import SqlVanishingMessages
from taskbot.application.ports import VanishingMessage

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SECRET: Final = re.compile(r"tb_[0-9A-Za-z]{36}")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_scene(tmp_path, lease=None) as scene:
        yield scene


async def test_a_secret_goes_although_the_bot_was_killed(scene: Scene) -> None:
    bot = await scene.start("bot")
    (person,) = await scene.people(1)
    ada = Somebody(person, scene.telegram.control)
    await ada.sees("Hello")
    await ada.say("/token")
    for label in ("New token", "My program", "Read tasks", "For ever"):
        await ada.press(label)
    shown = await ada.sees("vanishes in a minute")
    assert SECRET.search(shown["text"])

    await bot.kill()
    clock = SystemClock()
    over = VanishingMessage(ada.id, shown["message_id"], clock.now())
    await SqlVanishingMessages(scene.database, clock).add(over)  # as if the minute had passed
    await scene.start("bot")

    async def is_gone() -> bool:
        return not any(SECRET.search(text) for text in await ada.transcript())

    await eventually(is_gone)
    note(
        "`kill -9` of the bot while a secret is shown",
        "it vanishes all the same, when the next bot is there",
        "it vanished",
    )
