"""Alerts in a Telegram chat."""

import pytest

from support.ports import a_free_port
from support.simulator import TOKEN, running_simulator, serving
from support.telegram import a_bot
from taskbot.adapters.alerts import TelegramChat
from taskbot.application.ports import AlertNotTold

pytestmark = pytest.mark.anyio

OPERATOR = 7


async def test_the_operator_gets_a_message() -> None:
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        await bot.get_me()
        await sim.control.person(OPERATOR)
        await sim.control.send(OPERATOR, "/start")

        await TelegramChat(TOKEN, OPERATOR, sim.url).tell("taskbot: alert", ["One <b>", "Two"])

        (message,) = [m for m in await sim.control.messages(OPERATOR) if m["from"] == "bot"]
    assert message["text"] == "⚠️ taskbot: alert\n\nOne <b>\n\nTwo"


async def test_what_telegram_says_is_repeated_without_the_token() -> None:
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        await bot.get_me()

        with pytest.raises(AlertNotTold, match="Telegram says 400: Bad Request: chat not found"):
            await TelegramChat(TOKEN, 99, sim.url).tell("taskbot: alert", ["text"])


async def test_a_telegram_that_is_away_is_named_without_its_address() -> None:
    chat = TelegramChat(TOKEN, OPERATOR, f"http://127.0.0.1:{a_free_port()}")

    with pytest.raises(AlertNotTold) as caught:
        await chat.tell("taskbot: alert", ["text"])

    assert "ConnectError" in str(caught.value)
    assert TOKEN not in str(caught.value) + repr(chat)


async def test_an_answer_that_cannot_be_read_is_a_cause() -> None:
    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 502, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"<html>"})  # type: ignore[operator]

    async with serving(app) as url:
        with pytest.raises(AlertNotTold, match="502: nothing that can be read"):
            await TelegramChat(TOKEN, OPERATOR, url).tell("taskbot: alert", ["text"])


def test_the_way_has_a_name() -> None:
    assert TelegramChat(TOKEN, OPERATOR).name == "Telegram chat 7"
