"""Receiving updates: in order, side by side, and none lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Self

import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from support.log_lines import log_lines
from support.simulator import RunningSimulator, eventually, running_simulator
from support.telegram import EverythingHandled, a_bot
from taskbot.adapters.simulator import Simulator
from taskbot.adapters.telegram import Poller
from taskbot.adapters.telegram.poller import BATCH, PollingLimits
from taskbot.adapters.telegram.webhook_address import CONNECTIONS

pytestmark = pytest.mark.anyio

QUICK = PollingLimits(wait=25, handling=0.3, finishing=0.3)


@pytest.fixture
async def sim() -> AsyncIterator[RunningSimulator]:
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        await bot.get_me()
        for person in (7, 8):
            await sim.control.person(person)
        yield sim


@pytest.fixture
async def bot(sim: RunningSimulator) -> AsyncIterator[Bot]:
    async with a_bot(sim.url) as bot:
        yield bot


def listening(hear: Callable[[Message], Awaitable[None]]) -> Dispatcher:
    async def ignore(_: ChatMemberUpdated) -> None:
        """Starting the bot makes one."""

    dispatcher = Dispatcher()
    dispatcher.message.register(hear)
    dispatcher.my_chat_member.register(ignore)
    return dispatcher


class Running:
    """A poller at work, until it is stopped."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, limits: PollingLimits = QUICK) -> None:
        self.stop_event = asyncio.Event()
        self.task = asyncio.create_task(Poller(bot, dispatcher, limits).run(self.stop_event))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        self.stop_event.set()
        async with asyncio.timeout(10):
            await asyncio.gather(self.task, return_exceptions=True)


async def test_a_persons_updates_are_handled_in_order_one_at_a_time(
    sim: RunningSimulator, bot: Bot
) -> None:
    heard, at_work = list[str](), 0

    async def hear(message: Message) -> None:
        nonlocal at_work
        at_work += 1
        assert at_work == 1
        await asyncio.sleep(0.001 if len(heard) % 2 else 0.01)
        heard.append(message.text or "")
        at_work -= 1

    texts = [f"message {number}" for number in range(12)]
    for text in texts:
        await sim.control.send(7, text)
    async with Running(bot, listening(hear)):
        await EverythingHandled(sim)()

    assert heard == texts


async def test_two_people_are_served_side_by_side(sim: RunningSimulator, bot: Bot) -> None:
    both = asyncio.Barrier(2)

    async def hear(_: Message) -> None:
        async with asyncio.timeout(5):
            await both.wait()  # passes only if the other one is being served, too

    await sim.control.send(7, "one")
    await sim.control.send(8, "two")
    async with Running(bot, listening(hear), PollingLimits()):
        await EverythingHandled(sim)()

    assert both.n_waiting == 0
    assert not both.broken


async def test_it_works_at_no_more_than_some_and_takes_no_more_than_it_has_worked_off(
    sim: RunningSimulator, bot: Bot
) -> None:
    at_work, most, heard, go_on = 0, 0, 0, asyncio.Event()

    async def hear(_: Message) -> None:
        nonlocal at_work, most, heard
        at_work += 1
        most = max(most, at_work)
        await go_on.wait()
        at_work -= 1
        heard += 1

    people = range(1000, 1000 + 2 * BATCH + 10)
    for person in people:
        await sim.control.person(person)
        await sim.control.send(person, "hello")

    async def as_many_as_may_be_are_at_work() -> bool:
        return at_work == CONNECTIONS

    async with Running(bot, listening(hear), PollingLimits()):
        await eventually(as_many_as_may_be_are_at_work)
        asked = [call for call in await sim.control.calls("getUpdates") if call["parameters"]]
        go_on.set()
        await EverythingHandled(sim)()

    assert most == CONNECTIONS
    assert len(asked) == 1, "the rest waits at Telegram"
    assert heard == len(people)


async def test_nothing_is_lost_when_the_process_dies_in_the_middle(
    sim: RunningSimulator, bot: Bot
) -> None:
    begun, never, heard = asyncio.Event(), asyncio.Event(), list[str]()

    async def hang(_: Message) -> None:
        begun.set()
        await never.wait()

    async def hear(message: Message) -> None:
        heard.append(message.text or "")

    await sim.control.send(7, "one")
    await sim.control.send(7, "two")
    running = Running(bot, listening(hang), PollingLimits())
    async with asyncio.timeout(10):
        await begun.wait()
    running.task.cancel()
    await asyncio.gather(running.task, return_exceptions=True)
    async with Running(bot, listening(hear)):
        await EverythingHandled(sim)()

    assert heard == ["one", "two"]


async def test_stopping_finishes_what_is_being_handled_and_leaves_the_rest(
    sim: RunningSimulator, bot: Bot
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    heard: list[str] = []

    async def hear(message: Message) -> None:
        begun.set()
        await go_on.wait()
        heard.append(message.text or "")

    await sim.control.send(7, "one")
    await sim.control.send(7, "two")
    running = Running(bot, listening(hear), PollingLimits())
    async with asyncio.timeout(10):
        await begun.wait()
    running.stop_event.set()
    go_on.set()
    await running.stop()
    assert heard == ["one"]

    async with Running(bot, listening(hear)):
        await EverythingHandled(sim)()

    assert heard == ["one", "two"]


async def test_stopping_does_not_wait_for_the_next_update(sim: RunningSimulator, bot: Bot) -> None:
    async def hear(_: Message) -> None:
        """Nothing comes."""

    running = Running(bot, listening(hear), PollingLimits())
    async with asyncio.timeout(10):
        while not (await sim.control.request("GET", "/sim/bot"))["polling"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    begin = asyncio.get_running_loop().time()
    await running.stop()

    assert asyncio.get_running_loop().time() - begin < 1


async def test_stopping_confirms_what_was_handled_last(sim: RunningSimulator, bot: Bot) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def hear(_: Message) -> None:
        begun.set()
        await go_on.wait()

    await sim.control.send(7, "one")
    running = Running(bot, listening(hear), PollingLimits())
    async with asyncio.timeout(10):
        await begun.wait()
    running.stop_event.set()
    go_on.set()

    await running.stop()

    assert (await sim.control.request("GET", "/sim/bot"))["pending_update_count"] == 0


async def test_stopping_does_not_wait_for_ever_for_what_hangs(
    sim: RunningSimulator, bot: Bot
) -> None:
    begun = asyncio.Event()

    async def hang(_: Message) -> None:
        begun.set()
        await asyncio.Event().wait()

    await sim.control.send(7, "one")
    limits = PollingLimits(finishing=0.1)
    running = Running(bot, listening(hang), limits)
    async with asyncio.timeout(10):
        await begun.wait()

    await running.stop()

    assert running.task.done()
    assert running.task.exception() is None


async def test_one_update_that_hangs_does_not_keep_the_others_for_ever(
    sim: RunningSimulator, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []

    async def hear(message: Message) -> None:
        if message.text == "hang":
            await asyncio.Event().wait()
        heard.append(message.text or "")

    await sim.control.send(7, "hang")
    await sim.control.send(7, "mine")
    await sim.control.send(8, "yours")
    async with Running(bot, listening(hear)):
        await EverythingHandled(sim)()

    assert sorted(heard) == ["mine", "yours"]
    assert "took too long and was given up" in caplog.text


async def test_an_update_that_fails_does_not_stop_the_others_nor_leave_its_text_in_the_log(
    sim: RunningSimulator, bot: Bot
) -> None:
    heard: list[str] = []

    async def hear(message: Message) -> None:
        if message.text == "a secret":
            raise RuntimeError(message.text)
        heard.append(message.text or "")

    await sim.control.send(7, "a secret")
    await sim.control.send(7, "mine")
    with log_lines() as lines:
        async with Running(bot, listening(hear)):
            await EverythingHandled(sim)()

    assert heard == ["mine"]
    (failed,) = (line for line in lines if "RuntimeError" in line.get("exception", ""))
    assert failed["trace_id"] == f"update-{failed['update_id']}"
    assert "a secret" not in str(lines)


async def test_it_recovers_from_a_server_that_fails(
    sim: RunningSimulator, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    heard = asyncio.Event()

    async def hear(_: Message) -> None:
        heard.set()

    caplog.set_level(logging.INFO)
    await sim.control.fault("500", method="getUpdates")
    await sim.control.send(7, "one")
    async with Running(bot, listening(hear)), asyncio.timeout(20):
        await heard.wait()

    assert "no updates from Telegram" in caplog.text
    assert "updates come from Telegram again" in caplog.text
    assert "a-made-up-token" not in caplog.text


async def test_it_waits_as_long_as_telegram_says(sim: RunningSimulator, bot: Bot) -> None:
    heard = asyncio.Event()

    async def hear(_: Message) -> None:
        heard.set()

    await sim.control.fault("429", method="getUpdates", retry_after=1)
    await sim.control.send(7, "one")
    begin = asyncio.get_running_loop().time()
    async with Running(bot, listening(hear)), asyncio.timeout(20):
        await heard.wait()

    assert asyncio.get_running_loop().time() - begin >= 1


async def test_a_second_poller_is_told_of_clearly(
    sim: RunningSimulator, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    async def hear(_: Message) -> None:
        """Nothing comes."""

    async with Running(bot, listening(hear)), a_bot(sim.url) as other:
        async with asyncio.timeout(20):
            while "only one may" not in caplog.text:
                await other.get_updates(timeout=0)
                await asyncio.sleep(0.02)

    assert caplog.text.count("only one may") == 1, "once, however often it happens"


async def test_a_webhook_in_the_way_is_removed(sim: RunningSimulator, bot: Bot) -> None:
    heard = asyncio.Event()

    async def hear(_: Message) -> None:
        heard.set()

    await bot.set_webhook("https://taskbot.invalid/hook")
    await sim.control.send(7, "one")
    async with Running(bot, listening(hear)), asyncio.timeout(20):
        await heard.wait()


async def test_a_rejected_token_is_logged_once_and_without_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def hear(_: Message) -> None:
        """Nothing comes."""

    simulator = Simulator(accepted_token="1:another-one")
    async with (
        running_simulator(simulator=simulator) as sim,
        a_bot(sim.url) as bot,
        Running(bot, listening(hear)),
        asyncio.timeout(20),
    ):
        while "does not accept the bot's token" not in caplog.text:  # noqa: ASYNC110 - a log
            await asyncio.sleep(0.01)

    assert "a-made-up-token" not in caplog.text


async def test_an_update_that_cannot_be_read_is_left_out(
    sim: RunningSimulator, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    async def hear(message: Message) -> None:
        heard.append(message.text or "")

    loads = bot.session.json_loads

    def with_something_new(content: str) -> object:
        answer = loads(content)
        if isinstance(answer, dict) and isinstance(answer.get("result"), list):
            for update in answer["result"]:
                if update.get("message", {}).get("text") == "unreadable":
                    update["message"]["chat"] = "of a future version"
        return answer

    monkeypatch.setattr(bot.session, "json_loads", with_something_new)
    for text in ("one", "unreadable", "two"):
        await sim.control.send(7, text)
    async with Running(bot, listening(hear)):
        await EverythingHandled(sim)()

    assert heard == ["one", "two"]


async def test_it_asks_only_for_what_is_handled(sim: RunningSimulator, bot: Bot) -> None:
    async def hear(_: Message) -> None:
        """Nothing comes."""

    async def press(_: CallbackQuery) -> None:
        """Nothing comes."""

    dispatcher = listening(hear)
    dispatcher.callback_query.register(press)
    await sim.control.send(7, "one")
    async with Running(bot, dispatcher):
        await EverythingHandled(sim)()

    call = (await sim.control.calls("getUpdates"))[0]
    allowed = str(call["parameters"]["allowed_updates"])
    assert all(kind in allowed for kind in ("message", "callback_query", "my_chat_member"))
    assert "edited_message" not in allowed
