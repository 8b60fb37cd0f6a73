"""Telegram knows where the webhook is, whatever others do to it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot

from support.simulator import TOKEN, RunningSimulator, running_simulator
from support.telegram import a_bot
from taskbot.adapters.simulator import Simulator
from taskbot.adapters.telegram import WebhookKeeper, derived_secret, marked_address

pytestmark = pytest.mark.anyio

URL = "https://bot.example.org/telegram"
SECRET = "s3cret"
KINDS = ["message", "callback_query", "my_chat_member"]


@pytest.fixture
async def sim() -> AsyncIterator[RunningSimulator]:
    async with running_simulator() as sim:
        yield sim


@pytest.fixture
async def bot(sim: RunningSimulator) -> AsyncIterator[Bot]:
    async with a_bot(sim.url) as bot:
        yield bot


def a_keeper(bot: Bot, *, secret: str = SECRET, url: str = URL) -> WebhookKeeper:
    marked = marked_address(url, secret=secret, token=TOKEN)
    return WebhookKeeper(bot, url=marked, secret=secret, kinds=KINDS)


async def settings_of(sim: RunningSimulator) -> list[dict[str, Any]]:
    return [call["parameters"] for call in await sim.control.calls("setWebhook")]


async def test_it_is_set_with_all_that_it_needs(sim: RunningSimulator, bot: Bot) -> None:
    await a_keeper(bot)._look()

    info = await bot.get_webhook_info()
    assert info.url.startswith(f"{URL}?v=")
    assert set(info.allowed_updates or ()) == set(KINDS)
    assert info.max_connections == 40
    (call,) = await settings_of(sim)
    assert str(call["drop_pending_updates"]).lower() == "false"


async def test_the_next_copy_changes_nothing(sim: RunningSimulator, bot: Bot) -> None:
    for _ in range(3):
        await a_keeper(bot)._look()

    assert len(await settings_of(sim)) == 1


async def test_another_secret_is_told(sim: RunningSimulator, bot: Bot) -> None:
    await a_keeper(bot)._look()

    await a_keeper(bot, secret="another")._look()

    assert len(await settings_of(sim)) == 2


async def test_what_others_did_to_it_is_put_right(sim: RunningSimulator, bot: Bot) -> None:
    keeper = a_keeper(bot)
    await keeper._look()
    await bot.delete_webhook()

    await keeper._look()

    assert (await bot.get_webhook_info()).url.startswith(URL)


async def test_a_copy_that_comes_too_early_waits_and_finds_it_set(
    sim: RunningSimulator, bot: Bot
) -> None:
    await sim.control.fault("429", method="setWebhook", retry_after=1)
    late, other = a_keeper(bot), a_keeper(bot)

    pause = await late._look()
    await other._look()
    await late._look()

    assert 1 <= pause <= 2
    assert len(await settings_of(sim)) == 2, "of which the first was refused"


async def test_telegram_that_is_away_is_tried_again(
    sim: RunningSimulator, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    stop, keeper = asyncio.Event(), a_keeper(bot)
    await sim.control.fault("500", method="getWebhookInfo")
    keeping = asyncio.create_task(keeper.keep(stop))

    async with asyncio.timeout(20):
        while not await settings_of(sim):  # noqa: ASYNC110 - the simulator has no event
            await asyncio.sleep(0.02)
        stop.set()
        await keeping

    assert "could not be asked" in caplog.text
    assert "a-made-up-token" not in caplog.text


async def test_an_address_that_telegram_refuses_is_told(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await a_keeper(bot, url="https://bot.example.org:1234/")._look()

    assert "Webhook can be set up only on ports" in caplog.text


async def test_a_rejected_token_is_told(caplog: pytest.LogCaptureFixture) -> None:
    simulator = Simulator(accepted_token="1:another-one")
    async with running_simulator(simulator=simulator) as sim, a_bot(sim.url) as bot:
        await a_keeper(bot)._look()

    assert "does not accept the bot's token" in caplog.text
    assert "a-made-up-token" not in caplog.text


async def test_trouble_that_telegram_has_with_us_is_told_once(
    sim: RunningSimulator, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = a_keeper(bot, url="http://127.0.0.1:9/hook")
    await keeper._look()
    await sim.control.person(7)
    await sim.control.send(7, "/start")
    async with asyncio.timeout(20):
        while (await bot.get_webhook_info()).last_error_message is None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    info = await bot.get_webhook_info()

    for _ in range(2):
        keeper._tell_of_trouble(info)

    assert caplog.text.count("Connection refused") == 1


def test_copies_agree_on_a_secret_that_telegram_takes() -> None:
    secret = derived_secret(TOKEN)

    assert secret == derived_secret(TOKEN) != derived_secret("4243:a-made-up-token")
    assert secret.isalnum()
    assert TOKEN.split(":")[1] not in secret


def test_the_mark_is_added_to_whatever_is_there() -> None:
    for url, start in ((URL, f"{URL}?v="), (f"{URL}?a=b", f"{URL}?a=b&v=")):
        marked = marked_address(url, secret="s3cret", token=TOKEN)
        assert marked.startswith(start)
        assert "s3cret" not in marked
