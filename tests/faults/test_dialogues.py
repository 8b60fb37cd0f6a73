"""Half-finished dialogues: the bot is killed, or its Redis, in the middle of one."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from support import postgres, redis
from support.product import Somebody
from support.reliability import note
from support.scene import Scene, a_scene
from support.simulator import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

AWAY: Final = "I cannot reach my memory"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_scene(tmp_path, lease=None) as scene:
        yield scene


async def _somebody(scene: Scene) -> Somebody:
    (person,) = await scene.people(1)
    ada = Somebody(person, scene.telegram.control)
    await ada.sees("Hello")
    return ada


async def _titles(scene: Scene, person: Somebody) -> list[str]:
    listed = await person.say("/tasks")
    return [b["text"] for row in listed["buttons"] for b in row]


async def test_a_dialogue_goes_on_after_the_bot_was_killed(scene: Scene) -> None:
    bot = await scene.start("bot")
    ada = await _somebody(scene)
    await ada.say("/create")
    assert "step 2 of 4" in (await ada.say("Water the plants"))["text"]

    await bot.kill()
    await scene.telegram.control.send(ada.id, "The ones on the balcony")
    await scene.start("bot")
    await ada.sees("step 3 of 4")
    await ada.press("No category")
    await ada.press("No deadline")

    created = await ada.sees("Water the plants", "The ones on the balcony")
    note(
        "`kill -9` of the bot in the middle of a dialogue",
        "the dialogue goes on, with what was written meanwhile",
        "it went on",
    )
    assert created["buttons"]
    assert any("Water the plants" in title for title in await _titles(scene, ada))


async def test_what_was_being_answered_when_the_bot_was_killed_is_answered_once(
    scene: Scene,
) -> None:
    bot = await scene.start("bot")
    ada = await _somebody(scene)
    await ada.say("/create")
    control = scene.telegram.control
    await control.fault("stall", method="sendMessage", person=ada.id, times=1)
    await control.send(ada.id, "Water the plants")

    async def is_at_work() -> bool:
        calls = scene.telegram.simulator.calls.after(0, method="sendMessage")
        return any("stall" in (call["outcome"] or {}).get("fault", "") for call in calls)

    await eventually(is_at_work)
    await bot.kill()  # with the person's lock in its hands
    await control.clear_faults()
    await scene.start("bot")

    await ada.sees("step 2 of 4")
    texts = await ada.transcript()
    assert sum("step 2 of 4" in text for text in texts) == 1
    assert not any(AWAY in text for text in texts)


async def test_redis_forgets_a_dialogue_and_the_person_gets_a_sensible_answer(
    scene: Scene,
) -> None:
    await scene.start("bot")
    ada = await _somebody(scene)
    await ada.say("/create")
    asked = await ada.say("Water the plants")

    scene.redis.restart()
    pressed = await scene.telegram.control.press(
        ada.id, asked["message_id"], data=asked["buttons"][0][0]["data"], wait=20
    )
    made = await ada.say("The ones on the balcony")

    note(
        "Redis: restarted without persistence in the middle of a dialogue",
        "the next text is taken as any plain one is; nothing breaks",
        "the bot made a task of it, with a way to undo it",
    )
    assert "no longer" in str(pressed), pressed
    assert "The ones on the balcony" in made["text"], made
    assert any("Undo" in b["text"] for row in made["buttons"] for b in row), made


async def test_while_redis_does_not_answer_the_person_is_told_and_the_dialogue_stays(
    scene: Scene,
) -> None:
    await scene.start("bot")
    ada = await _somebody(scene)
    await ada.say("/create")

    scene.redis.freeze()
    told = await ada.say("Water the plants")
    scene.redis.thaw()
    asked = await ada.say("Water the plants")

    note(
        "Redis: frozen in the middle of a dialogue",
        "the person is told; afterwards the dialogue goes on",
        "told, and went on",
    )
    assert AWAY in told["text"]
    assert "step 2 of 4" in asked["text"]


async def test_a_bot_that_is_asked_to_stop_leaves_the_dialogue_to_the_next(scene: Scene) -> None:
    bot = await scene.start("bot")
    ada = await _somebody(scene)
    await ada.say("/create")

    assert await bot.ask_to_stop() == 0
    await scene.start("bot")

    assert "step 2 of 4" in (await ada.say("Water the plants"))["text"]
