"""What a meter is told of updates and of calls: how they ended, and no word of anybody."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe, TelegramMethod
from aiogram.types import Update
from attrs import define, field

from support.builders import NOW
from support.core import a_core
from support.ports import a_free_port
from support.recording_session import RecordingSession
from support.simulator import TOKEN, RunningSimulator, running_simulator
from support.telegram import a_bot, a_dispatcher
from taskbot.adapters.memory import LocalRateLimiter, LocalSendLimiter, ManualClock
from taskbot.adapters.observability import conversations
from taskbot.adapters.telegram import create_talking_bot
from taskbot.adapters.telegram.journal import Outcome
from taskbot.adapters.telegram.measuring import CallOutcome, MeasuredCalls, UpdateKind
from taskbot.application.ports import StorageUnavailable

pytestmark = pytest.mark.anyio

ADA: Final = 7


@define
class Notes:
    """A meter that remembers."""

    updates: list[tuple[str, str]] = field(factory=list)
    calls: list[tuple[str, str]] = field(factory=list)
    seconds: list[float] = field(factory=list)

    def update_ended(self, kind: str, outcome: str, *, seconds: float) -> None:
        self.updates.append((kind, outcome))
        self.seconds.append(seconds)

    def call_ended(self, method: str, outcome: str, *, seconds: float) -> None:
        self.calls.append((method, outcome))
        self.seconds.append(seconds)


class Conversation:
    def __init__(self, **options: Any) -> None:
        self.notes, self.number = Notes(), 0
        self.core = a_core()
        self.bot = Bot(TOKEN, session=RecordingSession())
        self.dispatcher = a_dispatcher(self.core, meter=self.notes, **options)

    async def says(self, *, chat_type: str = "private", **content: Any) -> tuple[str, str]:
        chat = {"id": ADA, "type": chat_type, "title": "x"}
        message = {"message_id": 1, "date": 1, "chat": chat, "from": self.ada}
        return await self.takes({"message": message | content})

    async def takes(self, content: dict[str, Any], number: int | None = None) -> tuple[str, str]:
        """What was noted of an update."""
        self.number += 1
        update = {"update_id": number or self.number} | content
        await self.dispatcher.feed_update(self.bot, Update.model_validate(update))
        return self.notes.updates[-1]

    @property
    def ada(self) -> dict[str, Any]:
        return {"id": ADA, "is_bot": False, "first_name": "Ada", "language_code": "en"}

    @property
    def press(self) -> dict[str, Any]:
        return {"id": "1", "from": self.ada, "chat_instance": "1", "data": "l:0::"}


async def test_updates_are_told_apart_by_what_the_person_did() -> None:
    ada = Conversation()
    query = {"id": "1", "from": ada.ada, "query": "milk", "offset": ""}

    assert await ada.says(text="/start") == ("command", "done")
    assert await ada.says(text="/no_such_command of hers") == ("command", "done")
    assert await ada.says(text="Buy milk") == ("text", "done")
    assert await ada.says(photo=[]) == ("attachment", "done")
    assert await ada.takes({"callback_query": ada.press}) == ("press", "done")
    assert await ada.takes({"inline_query": query}) == ("inline_query", "done")
    assert await ada.takes({"of_the_future": {"text": "secret"}}) == ("other", "ignored")
    assert all(0 <= seconds < 60 for seconds in ada.notes.seconds)


async def test_a_repetition_and_a_group_are_told_apart() -> None:
    ada = Conversation()
    await ada.says(text="/start")

    again = await ada.takes({"callback_query": ada.press}, number=ada.number)
    in_a_group = await ada.says(text="/start", chat_type="group")

    assert again == ("press", "handled_before")
    assert in_a_group == ("command", "not_in_private")


async def test_a_flood_is_told_apart() -> None:
    clock = ManualClock(NOW)
    ada = Conversation(rates=LocalRateLimiter(clock))

    noted = [await ada.says(text="/start") for _ in range(40)]

    assert noted[0] == ("command", "done")
    assert noted[-1] == ("command", "too_fast")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(RuntimeError("secret"), "failed"), (StorageUnavailable("secret"), "storage_away")],
)
async def test_a_failure_is_counted_although_the_person_was_told_something(
    error: Exception, outcome: str
) -> None:
    ada = Conversation()
    await ada.says(text="/start")

    class Broken:
        async def meet(self, _: object) -> None:
            raise error

    for middleware in ada.dispatcher.message.outer_middleware:
        if type(middleware).__name__ == "Turns":
            object.__setattr__(middleware, "_users", Broken())

    assert await ada.says(text="Buy milk") == ("text", outcome)


async def test_what_is_cut_short_is_no_success() -> None:
    ada = Conversation()
    session: Any = ada.bot.session
    session.hang = asyncio.Event()
    working = asyncio.create_task(ada.says(text="/start"))
    await session.hang.wait()

    working.cancel()
    await asyncio.gather(working, return_exceptions=True)

    assert ada.notes.updates == [("command", "cut_short")]


@pytest.fixture
async def sim() -> AsyncIterator[RunningSimulator]:
    async with running_simulator() as running:
        await running.control.person(ADA)
        yield running


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("429", "limit"),
        ("403-blocked", "forbidden"),
        ("400-chat-not-found", "bad_request"),
        ("migrated", "bad_request"),
        ("500", "server_error"),
        ("accept-then-reset", "no_answer"),
    ],
)
async def test_calls_are_counted_by_what_came_of_them(
    sim: RunningSimulator, kind: str, outcome: str
) -> None:
    await sim.control.send(ADA, "/start")
    notes = Notes()
    async with a_bot(sim.url, meter=notes) as bot:
        await bot.send_message(ADA, "Hello")
        await sim.control.fault(kind, method="sendMessage")
        with pytest.raises(TelegramAPIError):
            await bot.send_message(ADA, "Hello")

    assert notes.calls == [("sendMessage", "ok"), ("sendMessage", outcome)]


async def test_a_call_that_was_never_made_had_no_connection() -> None:
    notes = Notes()
    async with a_bot(f"http://127.0.0.1:{a_free_port()}", meter=notes) as bot:
        with pytest.raises(TelegramAPIError):
            await bot.get_me()

    assert notes.calls == [("getMe", "no_connection")]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TelegramUnauthorizedError(GetMe(), "Unauthorized"), "rejected"),
        (TelegramNotFound(GetMe(), "Not Found"), "rejected"),
        (TelegramConflictError(GetMe(), "terminated by other getUpdates"), "conflict"),
        (TelegramEntityTooLarge(GetMe(), "too large"), "no_answer"),
        (ClientDecodeError("no JSON", ValueError(), "<html>"), "no_answer"),
        (RuntimeError("a mistake of ours"), "no_answer"),
        (asyncio.CancelledError(), "cut_short"),
    ],
)
async def test_every_error_is_counted_under_one_of_a_few_words(
    error: BaseException, outcome: str
) -> None:
    async def fail(bot: Bot, method: TelegramMethod[Any]) -> Any:
        raise error

    notes = Notes()
    with pytest.raises(type(error)):
        await MeasuredCalls(notes)(fail, Bot(TOKEN, session=RecordingSession()), GetMe())

    assert notes.calls == [("getMe", outcome)]


async def test_the_wait_for_a_turn_is_no_part_of_a_call(sim: RunningSimulator) -> None:
    await sim.control.send(ADA, "/start")
    clock, notes = ManualClock(NOW, skips_sleep=True), Notes()
    limiter = LocalSendLimiter(clock, per_bot=1)
    bot = create_talking_bot(TOKEN, limiter, clock, api_url=sim.url, meter=notes)

    for _ in range(3):
        await bot.send_message(ADA, "Hello")
    session: Any = bot.session
    await (await session.create_session()).close()

    assert clock.now() - NOW == timedelta(seconds=2)
    assert notes.calls == [("sendMessage", "ok")] * 3


def test_the_words_are_those_that_the_reference_has() -> None:
    kind, update_outcome = conversations.UPDATES.labels
    _, call_outcome = conversations.CALLS.labels

    assert set(UpdateKind) == set(kind.values or ())
    assert {*Outcome, "other"} == set(update_outcome.values or ())
    assert {*CallOutcome, "other"} == set(call_outcome.values or ())
