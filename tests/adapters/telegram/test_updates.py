"""What happens around every update."""

import asyncio
import contextlib
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, SendMessage, TelegramMethod
from aiogram.types import Update

from support.builders import NOW
from support.core import a_core
from support.log_lines import log_lines
from support.recording_session import RecordingSession
from support.simulator import TOKEN
from support.telegram import Stage, a_dispatcher
from taskbot.adapters.memory import (
    ManualClock,
    MemoryDialogueStore,
    MemoryUpdateLog,
)
from taskbot.adapters.telegram.callbacks import Step, StepAction
from taskbot.adapters.telegram.middlewares import InOtherHands
from taskbot.application.ports import Dialogue, StorageUnavailable
from taskbot.application.users import MeetUser

pytestmark = pytest.mark.anyio

ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "en"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada"}
GROUP = {"id": -100, "type": "supergroup", "title": "A group"}


def a_message(update_id: int, text: str, *, chat: dict[str, Any] | None = None) -> Update:
    message = {
        "message_id": update_id,
        "date": int(NOW.timestamp()),
        "chat": chat or PRIVATE,
        "from": ADA,
        "text": text,
    }
    return Update.model_validate({"update_id": update_id, "message": message})


def a_press(update_id: int, data: str, *, message: dict[str, Any] | None = None) -> Update:
    press: dict[str, Any] = {"id": "1", "from": ADA, "chat_instance": "1", "data": data}
    if message is not None:
        press["message"] = message
    return Update.model_validate({"update_id": update_id, "callback_query": press})


class Calls:
    """A dispatcher without a server: what it would call is kept."""

    def __init__(self, **parts: Any) -> None:
        self.session = RecordingSession()
        self.bot = Bot(TOKEN, session=self.session)
        self.core = parts.pop("core", None) or a_core()
        self.dispatcher = a_dispatcher(self.core, **parts)

    async def feed(self, update: Update) -> list[TelegramMethod[Any]]:
        before = len(self.session.calls)
        await self.dispatcher.feed_update(self.bot, update)
        return self.session.calls[before:]

    async def said(self, update: Update) -> str:
        return "\n".join(
            call.text or ""
            for call in await self.feed(update)
            if isinstance(call, SendMessage | AnswerCallbackQuery)
        )


@pytest.fixture
async def calls() -> Calls:
    return Calls()


async def test_the_same_update_twice_has_one_effect_and_one_answer(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.press("Skip")
    await ada.press("No category")
    await ada.press("No deadline")
    before = await ada.messages()
    update_ids = [
        one["parameters"]["offset"] - 1
        for one in await stage.sim.control.calls("getUpdates")
        if one["parameters"].get("offset")
    ]

    for update_id in sorted(set(update_ids)):
        await stage.sim.control.redeliver(update_id)
    await stage.handled()

    assert await ada.messages() == before
    await ada.send("/tasks")
    assert ada.listed == ["Buy milk"]


async def test_an_update_that_was_cut_short_is_handled_by_the_next_process() -> None:
    log, clock = MemoryUpdateLog(), ManualClock(NOW)
    assert await log.begin(1, now=clock.now())
    clock.advance(timedelta(seconds=1))

    calls = Calls(core=a_core(clock=clock), update_log=log)

    assert "Hello" in await calls.said(a_message(1, "/start"))


async def test_with_several_readers_what_was_begun_a_moment_ago_may_be_at_work() -> None:
    log, clock = MemoryUpdateLog(), ManualClock(NOW)
    assert await log.begin(1, now=clock.now())
    clock.advance(timedelta(seconds=1))

    calls = Calls(core=a_core(clock=clock), update_log=log, is_only_reader=False)

    with pytest.raises(InOtherHands):
        await calls.feed(a_message(1, "/start"))
    clock.advance(timedelta(minutes=1))
    assert "Hello" in await calls.said(a_message(1, "/start"))


async def test_an_update_that_this_process_has_in_hand_is_left_alone() -> None:
    calls = Calls()
    calls.session.hang = asyncio.Event()
    handling = asyncio.create_task(calls.feed(a_message(1, "/start")))
    async with asyncio.timeout(5):
        await calls.session.hang.wait()
    calls.session.hang = None

    assert await calls.feed(a_message(1, "/start")) == []

    handling.cancel()
    await asyncio.gather(handling, return_exceptions=True)
    assert "Hello" in await calls.said(a_message(1, "/start"))


async def test_an_update_whose_handling_is_cancelled_may_be_begun_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = MemoryUpdateLog()
    calls = Calls(update_log=log, is_only_reader=False)
    calls.session.hang = asyncio.Event()

    handling = asyncio.create_task(calls.feed(a_message(1, "/start")))
    async with asyncio.timeout(5):
        await calls.session.hang.wait()
    handling.cancel()
    await asyncio.gather(handling, return_exceptions=True)

    assert await log.begin(1, now=NOW)


async def test_the_only_reader_asks_the_log_for_what_may_be_of_the_process_before() -> None:
    class Counting(MemoryUpdateLog):
        asked = 0

        async def is_finished(self, update_id: int) -> bool:
            self.asked += 1
            return await super().is_finished(update_id)

    log = Counting()
    for update_id in (3, 5):
        await log.finish(update_id, now=NOW)
    calls = Calls(update_log=log)

    said = [len(await calls.feed(a_message(number, "/help"))) for number in (3, 4, 5, 6, 8, 7, 8)]

    assert said == [0, 1, 0, 1, 1, 1, 0]
    assert log.asked == 3, "of 3, 4 and 5"


async def test_the_only_reader_remembers_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskbot.adapters.telegram.middlewares._REMEMBERED", 2)
    log = MemoryUpdateLog()
    await log.finish(1, now=NOW)
    calls = Calls(update_log=log)
    for number in (2, 3, 4, 5):
        assert await calls.feed(a_message(number, "/help"))

    for number in (1, 2, 3, 4, 5):
        assert await calls.feed(a_message(number, "/help")) == []


async def test_old_updates_are_forgotten_in_time() -> None:
    log, clock = MemoryUpdateLog(), ManualClock(NOW)
    calls = Calls(core=a_core(clock=clock), update_log=log)
    await calls.feed(a_message(1, "/start"))
    clock.advance(timedelta(days=3))

    await calls.feed(a_message(2, "/start"))

    assert await log.begin(1, now=clock.now(), cut_short_before=NOW - timedelta(days=9))
    assert not await log.begin(2, now=clock.now())


async def test_groups_get_a_hint_for_commands_and_silence_otherwise(calls: Calls) -> None:
    assert "private chat" in await calls.said(a_message(1, "/tasks", chat=GROUP))
    assert await calls.feed(a_message(2, "hello", chat=GROUP)) == []
    assert await calls.core.queries.user_by_telegram_id(7) is None


async def test_a_button_in_a_group_is_answered_with_the_hint(calls: Calls) -> None:
    message = {"message_id": 1, "date": 1, "chat": GROUP, "text": "x"}

    assert "private chat" in await calls.said(a_press(1, "l:0::", message=message))


async def test_a_press_on_a_message_that_is_out_of_reach_is_handled(calls: Calls) -> None:
    await calls.feed(a_message(1, "/start"))
    inaccessible = {"message_id": 5, "date": 0, "chat": PRIVATE}

    made = await calls.feed(a_press(2, "l:0::", message=inaccessible))

    assert [type(call).__name__ for call in made] == ["EditMessageText", "AnswerCallbackQuery"]


async def test_a_press_without_a_message_is_answered_with_a_new_one(calls: Calls) -> None:
    await calls.feed(a_message(1, "/start"))

    made = await calls.feed(a_press(2, "l:0::"))

    assert [type(call).__name__ for call in made] == ["SendMessage", "AnswerCallbackQuery"]


async def test_blocking_loses_the_person_and_unblocking_finds_them_again(stage: Stage) -> None:
    ada = await stage.started()

    await stage.sim.control.block(ada.id)
    await stage.handled()
    lost = await stage.core.queries.user_by_telegram_id(ada.id)
    await stage.sim.control.unblock(ada.id)
    await stage.handled()
    found = await stage.core.queries.user_by_telegram_id(ada.id)

    assert lost is not None
    assert not lost.reachable
    assert found is not None
    assert found.reachable


async def test_being_thrown_out_of_a_group_loses_nobody(calls: Calls) -> None:
    await calls.feed(a_message(1, "/start"))
    bot_user = {"id": 42, "is_bot": True, "first_name": "Bot"}
    change = {
        "chat": GROUP,
        "from": ADA,
        "date": 1,
        "old_chat_member": {"status": "member", "user": bot_user},
        "new_chat_member": {"status": "left", "user": bot_user},
    }

    await calls.feed(Update.model_validate({"update_id": 2, "my_chat_member": change}))

    user = await calls.core.queries.user_by_telegram_id(7)
    assert user is not None
    assert user.reachable


class BrokenUsers:
    """The use cases about people, out of order."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def meet(self, _: MeetUser) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StorageUnavailable("down"), "I cannot reach my memory just now."),
        (RuntimeError("secret words"), "Something went wrong on my side"),
    ],
)
async def test_trouble_is_told_and_its_words_stay_out_of_the_log(
    calls: Calls, error: Exception, told: str
) -> None:
    for observer in (calls.dispatcher.message, calls.dispatcher.callback_query):
        for middleware in observer.outer_middleware:
            if type(middleware).__name__ == "Turns":
                object.__setattr__(middleware, "_users", BrokenUsers(error))

    with log_lines() as lines:
        message = await calls.said(a_message(1, "/start"))
        press = await calls.said(a_press(2, "x"))

    assert told in message
    assert told in press
    assert "secret words" not in str(lines)
    assert type(error).__name__ in str(lines) or "the storage is away" in str(lines)


class DialoguesAway:
    """Dialogues whose storage comes and goes."""

    def __init__(self) -> None:
        self.are_away = False
        self._store = MemoryDialogueStore(ManualClock(NOW))

    async def read(self, key: str) -> Dialogue:
        self._require()
        return await self._store.read(key)

    async def write(self, key: str, dialogue: Dialogue) -> None:
        self._require()
        await self._store.write(key, dialogue)

    def _require(self) -> None:
        if self.are_away:
            raise StorageUnavailable


async def test_while_dialogues_are_away_people_are_told_and_lose_nothing() -> None:
    dialogues = DialoguesAway()
    calls = Calls(dialogues=dialogues)
    await calls.feed(a_message(1, "/create"))

    dialogues.are_away = True
    cancel = Step(action=StepAction.CANCEL).pack()
    away = [await calls.said(a_message(2, "Buy milk")), await calls.said(a_press(3, cancel))]
    dialogues.are_away = False
    back = await calls.said(a_message(4, "Buy milk"))

    assert all("I cannot reach my memory" in said for said in away)
    assert "step 2 of 4" in back


async def test_while_dialogues_are_away_what_needs_none_goes_on() -> None:
    dialogues = DialoguesAway()
    dialogues.are_away = True
    calls = Calls(dialogues=dialogues)

    assert "Hello" in await calls.said(a_message(1, "/start"))
    assert "Nothing" in await calls.said(a_message(2, "/tasks"))


class NoLocks:
    """Locks that nobody gets."""

    def hold(self, key: str) -> contextlib.AbstractAsyncContextManager[None]:
        raise StorageUnavailable


async def test_who_gets_no_turn_is_told_so() -> None:
    calls = Calls(locks=NoLocks())

    assert "I cannot reach my memory" in await calls.said(a_message(1, "/start"))
    assert "I cannot reach my memory" in await calls.said(a_press(2, "x"))


async def test_blocking_and_coming_back_wait_for_what_is_under_way() -> None:
    held: list[str] = []

    class Watched:
        def hold(self, key: str) -> contextlib.AbstractAsyncContextManager[None]:
            held.append(key)
            return contextlib.nullcontext()

    calls = Calls(locks=Watched())
    change = {"chat": PRIVATE, "from": ADA, "date": 1}
    member = {"user": {"id": 42, "is_bot": True, "first_name": "Bot"}, "until_date": 0}
    change |= {"old_chat_member": member | {"status": "kicked"}}
    change |= {"new_chat_member": member | {"status": "kicked"}}

    await calls.feed(Update.model_validate({"update_id": 1, "my_chat_member": change}))

    assert held == ["4242:7:7"]


async def test_trouble_is_told_in_the_persons_language(calls: Calls) -> None:
    for middleware in calls.dispatcher.message.outer_middleware:
        if type(middleware).__name__ == "Turns":
            object.__setattr__(middleware, "_users", BrokenUsers(RuntimeError()))
    update = a_message(1, "/start")
    russian = update.model_dump(by_alias=True, exclude_none=True)
    russian["message"]["from"]["language_code"] = "ru"

    assert "что-то пошло не так" in await calls.said(Update.model_validate(russian))


class DeadUpdateLog:
    """An update log whose storage is away."""

    async def begin(
        self, update_id: int, *, now: datetime, cut_short_before: datetime | None = None
    ) -> bool:
        raise StorageUnavailable

    async def is_finished(self, update_id: int) -> bool:
        raise StorageUnavailable

    async def last_finished(self) -> int | None:
        raise StorageUnavailable

    async def finish(self, update_id: int, *, now: datetime) -> None:
        raise StorageUnavailable

    async def abandon(self, update_id: int) -> None:
        raise StorageUnavailable

    async def forget_before(self, moment: datetime) -> None:
        raise StorageUnavailable


async def test_without_the_update_log_people_are_still_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    calls = Calls(update_log=DeadUpdateLog())

    assert "Hello" in await calls.said(a_message(1, "/start"))
    assert "could not be noted" in caplog.text


async def test_without_the_update_log_a_cancellation_stays_one() -> None:
    calls = Calls(update_log=DeadUpdateLog())
    calls.session.hang = asyncio.Event()

    handling = asyncio.create_task(calls.feed(a_message(1, "/start")))
    async with asyncio.timeout(5):
        await calls.session.hang.wait()
    handling.cancel()

    with pytest.raises(asyncio.CancelledError):
        await handling


async def test_a_busy_telegram_is_waited_for(stage: Stage) -> None:
    ada = await stage.started()
    await stage.sim.control.fault("429", method="sendMessage", retry_after=1)

    assert "step 1 of 4" in await ada.send("/create")


@pytest.mark.parametrize("kind", ["500", "accept-then-reset"])
async def test_an_answer_that_failed_is_repeated(stage: Stage, kind: str) -> None:
    ada = await stage.started()
    await stage.sim.control.fault(kind, method="sendMessage")

    assert "step 1 of 4" in await ada.send("/create")


async def test_a_press_that_cannot_be_answered_breaks_nothing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ada = await stage.started()
    await ada.send("/tasks")
    await stage.sim.control.fault("429", method="answerCallbackQuery", retry_after=60)

    await stage.sim.control.request(
        "POST",
        f"/sim/persons/{ada.id}/press",
        json={"message_id": ada.shown["message_id"], "data": "s:start", "wait": 0.5},
    )
    await stage.handled()

    assert "step 1 of 4" in await ada.look()
    assert "could not be answered" in caplog.text


async def test_no_filter_costs_a_thread(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> None:
        raise AssertionError("aiogram runs this filter or handler in a thread")

    monkeypatch.setattr(asyncio, "to_thread", refuse)

    for number, text in enumerate(("/start", "hello", "/create", "Buy milk", "oat", "/wat", "x")):
        assert "wrong" not in await calls.said(a_message(number, text))
    assert "wrong" not in await calls.said(a_press(99, "unknown"))
