"""The bot's answers share Telegram's limits with the reminders."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import EditMessageText, SetMyCommands, TelegramMethod
from aiogram.types import BotCommand
from attrs import frozen

from support.builders import NOW
from support.simulator import RunningSimulator, running_simulator
from support.telegram import a_bot
from taskbot.adapters.memory import LocalSendLimiter, ManualClock
from taskbot.adapters.telegram.send_limits import PATIENCE, KeepsLimits

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
PERSON = 7


@frozen
class Talk:
    sim: RunningSimulator
    clock: ManualClock
    limiter: LocalSendLimiter

    async def say(self, number: int = 1) -> timedelta:
        """Say something *number* times; return how long that took."""
        begun = self.clock.now()
        async with a_bot(self.sim.url) as bot:
            bot.session.middleware(KeepsLimits(self.limiter, self.clock))
            for _ in range(number):
                await bot.send_message(PERSON, "Hello")
        return self.clock.now() - begun


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    clock = ManualClock(NOW, skips_sleep=True)
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        await bot.get_me()
        await sim.control.person(PERSON)
        await sim.control.send(PERSON, "/start")
        yield Talk(sim, clock, LocalSendLimiter(clock, per_bot=10))


async def test_a_conversation_may_be_quick_within_the_bots_limit(talk: Talk) -> None:
    assert await talk.say(4) == 3 * SECOND / 10


async def test_a_reminder_keeps_its_distance_from_an_answer(talk: Talk) -> None:
    await talk.say()

    assert await talk.limiter.reserve(PERSON, patience=PATIENCE) == SECOND


async def test_who_would_wait_too_long_is_answered_all_the_same(talk: Talk) -> None:
    await talk.limiter.pause(60 * SECOND)

    assert await talk.say() == timedelta(0)


async def test_a_limit_that_an_answer_meets_holds_for_the_reminders(talk: Talk) -> None:
    await talk.sim.control.fault("429", method="sendMessage", retry_after=17)

    with pytest.raises(TelegramRetryAfter):
        await talk.say()

    assert await talk.limiter.pause_left() == 17 * SECOND


async def test_edits_and_answers_to_presses_book_nothing(talk: Talk) -> None:
    async with a_bot(talk.sim.url) as bot:
        bot.session.middleware(KeepsLimits(talk.limiter, talk.clock))
        sent = await bot.send_message(PERSON, "Hello")
        for number in range(9):
            await bot.edit_message_text(
                f"Hello {number}", chat_id=PERSON, message_id=sent.message_id
            )

    assert await talk.limiter.reserve(8, patience=PATIENCE) == SECOND / 10


@pytest.mark.parametrize("method", ["editMessageText", "setMyCommands"])
async def test_a_limit_that_no_message_meets_stops_no_reminder(talk: Talk, method: str) -> None:
    await talk.sim.control.fault("429", method=method, retry_after=60)

    async with a_bot(talk.sim.url) as bot:
        bot.session.middleware(KeepsLimits(talk.limiter, talk.clock))
        sent = await bot.send_message(PERSON, "Hello")
        edit: TelegramMethod[Any] = EditMessageText(
            text="x", chat_id=PERSON, message_id=sent.message_id
        )
        profile: TelegramMethod[Any] = SetMyCommands(
            commands=[BotCommand(command="help", description="Help")]
        )
        with pytest.raises(TelegramRetryAfter):
            await bot(edit if method == "editMessageText" else profile)

    assert await talk.limiter.pause_left() == timedelta(0)


async def test_an_answer_goes_before_reminders_that_wait(talk: Talk) -> None:
    for chat in range(100, 125):
        await talk.limiter.reserve(chat, patience=PATIENCE)

    assert await talk.say() <= SECOND / 10
