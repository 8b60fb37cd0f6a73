"""Conversations with two copies of the bot that Telegram calls in turns."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from aiogram import Bot

from support.backend import IN_PROCESS, OVER_HTTP, a_backend
from support.balancer import Balancer, a_balancer
from support.builders import NOW
from support.core import a_core
from support.simulator import RunningSimulator, eventually, serving
from support.telegram import EverythingHandled, Person, a_dispatcher
from taskbot.adapters.memory import (
    ManualClock,
    MemoryDialogueStore,
    MemoryPersonLocks,
    MemoryUpdateLog,
)
from taskbot.adapters.telegram import Webhook
from taskbot.application.health import HealthService

pytestmark = pytest.mark.anyio

SECRET: Final = "s3cret"
PATH: Final = "/telegram"


class Called:
    """Two copies over one storage, and what stands before them."""

    def __init__(self, sim: RunningSimulator, bot: Bot, balancer: Balancer) -> None:
        self.sim, self.bot, self.balancer = sim, bot, balancer

    async def person(self, person_id: int, language: str) -> Person:
        await self.sim.control.person(person_id, "Ada", language_code=language)
        return Person(person_id, self.sim, EverythingHandled(self.sim))

    @property
    def taken(self) -> dict[str, int]:
        """How many updates each copy acknowledged."""
        return {
            target: number
            for (target, status), number in self.balancer.answered.items()
            if status == 200
        }


@pytest.fixture(params=[IN_PROCESS, pytest.param(OVER_HTTP, marks=pytest.mark.no_cover)])
async def called(
    request: pytest.FixtureRequest, shared_simulator: tuple[RunningSimulator, Bot]
) -> AsyncIterator[Called]:
    sim, bot = shared_simulator
    await sim.control.reset()
    clock = ManualClock(NOW, skips_sleep=True)
    core = a_core(clock=clock)
    shared: dict[str, Any] = {
        "dialogues": MemoryDialogueStore(clock),
        "update_log": MemoryUpdateLog(),
        "locks": MemoryPersonLocks(),
    }
    async with contextlib.AsyncExitStack() as stack:
        shared["backend"] = await stack.enter_async_context(a_backend(request.param, core))
        balancer = await stack.enter_async_context(a_balancer())
        for _ in range(2):
            dispatcher = a_dispatcher(core, is_only_reader=False, **shared)
            app = Webhook(bot, dispatcher, HealthService([]), path=PATH, secret=SECRET)
            balancer.targets.append(await stack.enter_async_context(serving(app)))
        await bot.set_webhook(balancer.url + PATH, secret_token=SECRET)
        yield Called(sim, bot, balancer)
        await bot.delete_webhook()


@pytest.mark.parametrize(
    ("language", "first", "second", "listed", "choices"),
    [
        ("en", "step 1 of 4", "step 2 of 4", "Buy milk", ("Skip", "No category", "No deadline")),
        (
            "ru",
            "шаг 1 из 4",
            "шаг 2 из 4",
            "Купить молоко",
            ("Пропустить", "Без категории", "Без срока"),
        ),
    ],
)
async def test_a_conversation_goes_on_from_copy_to_copy(
    called: Called, language: str, first: str, second: str, listed: str, choices: tuple[str, ...]
) -> None:
    ada = await called.person(7, language)
    await ada.send("/start")

    assert first in await ada.send("/create")
    assert second in await ada.send(listed)
    for choice in choices:
        await ada.press(choice)
    await ada.send("/tasks")

    assert any(listed in label for label in ada.labels)
    assert len(called.taken) == 2, "both copies had their share"


async def test_fifty_messages_of_one_person_are_answered_in_their_order(called: Called) -> None:
    ada = await called.person(7, "en")
    await ada.send("/start")

    for number in range(50):
        await called.sim.control.send(ada.id, f"Task number {number:02}.")
    await EverythingHandled(called.sim)()

    answers = [str(one) for one in await ada.messages() if one["from"] == "bot"]
    named = [n for answer in answers for n in range(50) if f"Task number {n:02}." in answer]
    assert list(dict.fromkeys(named)) == list(range(50))
    assert all(number >= 20 for number in called.taken.values()), called.taken


async def test_what_is_delivered_twice_has_one_effect(called: Called) -> None:
    ada = await called.person(7, "en")
    for text in ("/start", "/create", "Buy milk"):
        await ada.send(text)
    before, taken = await ada.messages(), sum(called.taken.values())
    queue = called.sim.simulator.world.queue_of(called.sim.simulator.world.current)
    updates = list(queue.history)

    for update_id in updates:
        await called.sim.control.redeliver(update_id)

    async def all_are_taken() -> bool:
        return sum(called.taken.values()) == taken + len(updates)

    await eventually(all_are_taken)
    assert await ada.messages() == before
