"""Messages that the bot takes away again, whatever happens meanwhile."""

import asyncio
from datetime import timedelta

import pytest

from support.builders import NOW
from support.simulator import eventually
from support.telegram import Stage
from taskbot.adapters.telegram import Vanishing
from taskbot.application.ports import StorageUnavailable, VanishingMessage

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)


async def shown(stage: Stage, person_id: int = 7, *, after: timedelta = SECOND) -> VanishingMessage:
    sent = await stage.bot.send_message(person_id, "secret")
    message = VanishingMessage(person_id, sent.message_id, NOW + after)
    await stage.vanishing.add(message)
    return message


async def state_of(stage: Stage, message: VanishingMessage) -> tuple[bool, str]:
    found = await (await stage.person(message.chat_id)).message(message.message_id)
    return found["deleted"], found["text"]


async def test_what_is_due_goes_and_the_rest_is_waited_for(stage: Stage) -> None:
    await stage.started()
    first = await shown(stage)
    second = await shown(stage, after=2 * SECOND)
    vanishing = Vanishing(stage.bot, stage.vanishing, stage.core.clock)
    assert await vanishing.take_due() == SECOND

    stage.core.clock.advance(SECOND)
    pause = await vanishing.take_due()

    assert pause == SECOND
    assert (await state_of(stage, first))[0]
    assert not (await state_of(stage, second))[0]
    assert await stage.vanishing.earliest(limit=10) == [second]


async def test_what_cannot_be_taken_away_is_not_tried_for_ever(stage: Stage) -> None:
    await stage.started()
    for message in (VanishingMessage(7, 9999, NOW), VanishingMessage(12345, 1, NOW)):
        await stage.vanishing.add(message)
    gone = await shown(stage, after=timedelta(0))
    await stage.bot.delete_message(gone.chat_id, gone.message_id)
    last = await shown(stage, after=timedelta(0))

    await stage.take_what_vanishes()

    assert (await state_of(stage, last))[0]
    assert await stage.vanishing.earliest(limit=10) == []


async def test_what_telegram_deletes_no_more_is_emptied(stage: Stage) -> None:
    await stage.started()
    message = await shown(stage, after=timedelta(0))
    world = stage.sim.simulator.world
    stored = next(
        one for one in world.current.transcript(7) if one.message_id == message.message_id
    )
    stored.date -= 49 * 3600

    await stage.take_what_vanishes()

    assert await state_of(stage, message) == (False, "🔒")
    assert await stage.vanishing.earliest(limit=10) == []


@pytest.mark.parametrize("kind", ["500", "429", "accept-then-reset"])
async def test_what_fails_for_now_is_tried_again(
    stage: Stage, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.started()
    message = await shown(stage, after=timedelta(0))
    fault = {"method": "deleteMessage", "kind": kind, "times": 1, "retry_after": 1}
    await stage.sim.control.request("POST", "/sim/faults", json=fault)
    stop = asyncio.Event()

    async def told() -> bool:
        return "no message could be taken away" in caplog.text

    vanishing = Vanishing(stage.bot, stage.vanishing, stage.core.clock)

    async with asyncio.timeout(5), asyncio.TaskGroup() as running:
        running.create_task(vanishing.run(stop))
        await eventually(told)
        stop.set()
    assert await stage.vanishing.earliest(limit=10) == [message]
    await stage.take_what_vanishes()

    assert (await state_of(stage, message))[0]
    assert await stage.vanishing.earliest(limit=10) == []


async def test_a_storage_that_is_away_stops_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(_: object, *, limit: int) -> list[VanishingMessage]:
        stop.set()
        raise StorageUnavailable("gone")

    stop = asyncio.Event()
    monkeypatch.setattr(type(stage.vanishing), "earliest", away)

    await Vanishing(stage.bot, stage.vanishing, stage.core.clock).run(stop)

    assert "no message could be taken away: StorageUnavailable" in caplog.text
