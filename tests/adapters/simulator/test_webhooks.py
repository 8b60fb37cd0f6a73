"""Delivery to a bot's webhook over HTTP."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from attrs import define, field
from litestar.types import Receive, Scope, Send

from support.simulator import RunningSimulator, eventually, running_simulator, serving
from taskbot.adapters.simulator import Simulator

pytestmark = pytest.mark.anyio


@define
class Receiver:
    """A bot's web server: remembers what came, answers with the next prepared status and body."""

    url: str = ""
    updates: list[dict[str, Any]] = field(factory=list)
    headers: list[dict[str, str]] = field(factory=list)
    statuses: deque[int] = field(factory=deque)
    body: bytes = b"ok"
    answer_headers: list[tuple[bytes, bytes]] = field(factory=list)
    holds: dict[str, asyncio.Event] = field(factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        update = msgspec.json.decode((await receive())["body"])  # type: ignore[typeddict-item]
        self.updates.append(update)
        self.headers.append({k.decode(): v.decode() for k, v in scope["headers"]})
        hold = self.holds.get(update.get("message", {}).get("text", ""))
        if hold is not None:
            await hold.wait()
        status = self.statuses.popleft() if self.statuses else 200
        headers = self.answer_headers
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})

    async def until(self, is_so: Callable[[], bool]) -> None:
        async def asked() -> bool:
            return is_so()

        await eventually(asked)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates if "message" in update]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with serving(receiver) as receiver.url:
        yield receiver


async def test_updates_are_posted_with_the_secret_and_then_forgotten(
    sim: RunningSimulator, bot: Bot, ada: int, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url, secret_token="s3cret_-")
    await sim.control.send(ada, "one")

    await receiver.until(lambda: receiver.texts() == ["/start", "one"])

    info = await bot.get_webhook_info()
    assert receiver.headers[0]["x-telegram-bot-api-secret-token"] == "s3cret_-"
    assert info.url == receiver.url

    async def is_done() -> bool:
        return (await bot.get_webhook_info()).pending_update_count == 0

    await eventually(is_done)


async def test_a_refused_update_is_repeated_with_the_same_id(
    sim: RunningSimulator, bot: Bot, ada: int, receiver: Receiver
) -> None:
    receiver.statuses.extend([500, 302, 204])

    await bot.set_webhook(receiver.url)
    await receiver.until(lambda: len(receiver.updates) == 3)

    info = await bot.get_webhook_info()
    assert len({update["update_id"] for update in receiver.updates}) == 1
    assert info.last_error_message == "Wrong response from the webhook: 302 Found"
    assert info.last_error_date is not None


async def test_an_unreachable_webhook_is_told_and_tried_again(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")

    async def has_failed() -> bool:
        return (await bot.get_webhook_info()).last_error_message is not None

    await eventually(has_failed)
    info = await bot.get_webhook_info()

    assert info.last_error_message == "Connection refused"
    assert info.pending_update_count == 1


async def test_one_chat_waits_for_its_turn_while_others_go_on(
    sim: RunningSimulator, bot: Bot, ada: int, receiver: Receiver
) -> None:
    bob = await sim.control.person(8, "Bob")
    receiver.holds["slow"] = asyncio.Event()
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    await sim.control.send(ada, "slow")
    await sim.control.send(ada, "after slow")
    await sim.control.send(bob, "other chat")
    await receiver.until(lambda: "other chat" in receiver.texts())
    before = receiver.texts()

    receiver.holds["slow"].set()

    await receiver.until(lambda: len(receiver.updates) == 3)
    assert before == ["slow", "other chat"]
    assert receiver.texts() == ["slow", "other chat", "after slow"]


async def test_an_answer_that_names_a_method_is_carried_out(
    sim: RunningSimulator, bot: Bot, ada: int, receiver: Receiver
) -> None:
    receiver.body = msgspec.json.encode({"method": "sendMessage", "chat_id": ada, "text": "hi"})

    await bot.set_webhook(receiver.url)

    assert (await sim.control.answer(ada, after=0))["text"] == "hi"


async def test_polling_and_webhook_exclude_each_other(
    sim: RunningSimulator, bot: Bot, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    with pytest.raises(TelegramConflictError) as refused:
        await bot.get_updates()

    await bot.delete_webhook()

    assert refused.value.message == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert await bot.get_updates() == []
    assert (await bot.get_webhook_info()).url == ""


async def test_removing_the_webhook_can_drop_what_is_pending(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await bot.delete_webhook(drop_pending_updates=True)

    assert await bot.get_updates() == []


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("http://example.org/x", None, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            "https://example.org:8081/x",
            None,
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ("nonsense", None, "bad webhook: invalid webhook URL specified"),
        ("http://127.0.0.1:1", "é", "secret token contains unallowed characters"),
        ("http://127.0.0.1:1", "x" * 257, "secret token is too long"),
    ],
)
async def test_a_webhook_that_telegram_refuses_is_refused(
    bot: Bot, url: str, secret: str | None, words: str
) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.set_webhook(url, secret_token=secret)

    assert refused.value.message == f"Bad Request: {words}"


async def test_the_secret_is_not_in_the_log_of_calls(
    sim: RunningSimulator, bot: Bot, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url, secret_token="s3cret")

    assert "s3cret" not in str(await sim.control.calls())


async def test_a_redelivered_update_comes_a_second_time(
    sim: RunningSimulator, bot: Bot, ada: int, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    await receiver.until(lambda: len(receiver.updates) == 1)

    await sim.control.redeliver(receiver.updates[0]["update_id"])

    await receiver.until(lambda: len(receiver.updates) == 2)
    assert receiver.updates[0] == receiver.updates[1]


async def test_closing_does_not_wait_for_a_webhook(receiver: Receiver) -> None:
    receiver.holds["/start"] = asyncio.Event()
    async with running_simulator(simulator=Simulator()) as sim, sim.bot() as bot:
        await bot.set_webhook(receiver.url)
        await sim.control.person(7)
        await sim.control.send(7, "/start")
        await receiver.until(lambda: len(receiver.updates) == 1)

        async with asyncio.timeout(2):
            await sim.simulator.close()

    receiver.holds["/start"].set()


async def test_a_restart_goes_on_where_delivery_stopped(tmp_path: Path) -> None:
    path = tmp_path / "simulator.sqlite3"
    receiver = Receiver()
    async with serving(receiver) as receiver.url:
        async with running_simulator(storage_path=path) as sim, sim.bot() as bot:
            receiver.statuses.extend([500] * 2)
            await sim.control.person(7)
            await sim.control.send(7, "/start")
            await bot.set_webhook(receiver.url)
            await receiver.until(lambda: len(receiver.updates) == 2)

        async with running_simulator(storage_path=path):
            await receiver.until(lambda: len(receiver.updates) == 3)

    assert receiver.updates[0] == receiver.updates[2]


async def test_a_pause_that_the_bot_asks_for_is_kept(
    sim: RunningSimulator, bot: Bot, ada: int, receiver: Receiver
) -> None:
    receiver.statuses.extend([500, 503])
    receiver.answer_headers = [(b"retry-after", b"3600")]

    await bot.set_webhook(receiver.url)
    await receiver.until(lambda: len(receiver.updates) == 1)
    receiver.answer_headers = []
    await bot.set_webhook(receiver.url)

    await receiver.until(lambda: len(receiver.updates) == 3)
