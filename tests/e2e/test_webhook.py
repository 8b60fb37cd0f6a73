"""Two processes of the bot that Telegram calls in turns, with the database and over the API."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from attrs import define

from support import postgres, redis
from support.balancer import Balancer, a_balancer
from support.fleet import BOT_OVER_HTTP, Fleet, a_fleet
from support.processes import RunningProcess
from support.product import Product
from support.simulator import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@define
class Copies:
    fleet: Fleet
    balancer: Balancer
    options: list[str]
    product: Product

    async def one_more(self) -> RunningProcess:
        process = await self.fleet.start("bot", "--webhook", *self.options)
        address = await process.address("Webhook")
        self.balancer.targets.append(address.removesuffix("/telegram"))
        return process


@pytest.fixture(scope="module", params=["database", BOT_OVER_HTTP])
async def copies(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Copies]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_balancer() as balancer, a_fleet(tmp_path_factory.mktemp("copies")) as fleet:
        fleet.environment["TASKBOT_WEBHOOK_URL"] = f"{balancer.url}/telegram"
        fleet.environment["TASKBOT_WEBHOOK_PORT"] = "0"
        api = await fleet.start("api")
        address = (await api.address("API docs")).removesuffix("/api/v1/docs")
        options = ["--api-url", address] if request.param == BOT_OVER_HTTP else []
        product = Product(api, fleet.control, address, fleet.folder, fleet.environment)
        copies = Copies(fleet, balancer, options, product)
        await asyncio.gather(copies.one_more(), copies.one_more())
        yield copies


@pytest.mark.parametrize(
    ("language", "titled", "asked", "listed"),
    [
        ("en", "Buy milk", "step 2 of 4", "/tasks"),
        ("ru", "Купить молоко", "шаг 2 из 4", "/tasks"),
    ],
)
async def test_a_conversation_and_the_api_see_the_same(
    copies: Copies, language: str, titled: str, asked: str, listed: str
) -> None:
    ada = await copies.product.a_person(language=language)

    await ada.say("/create")
    assert asked in (await ada.say(titled))["text"]
    await ada.say("/cancel")
    async with copies.product.program_of(ada) as program:
        assert (await program.post("/tasks", json={"title": titled})).status_code == 201

    assert titled in str((await ada.say(listed))["buttons"])


async def test_a_rolling_restart_in_the_middle_of_a_conversation_loses_nothing(
    copies: Copies,
) -> None:
    ada = await copies.product.a_person()
    first = await ada.say("Task number 00.")
    assert "Task number 00." in str(first)
    leaving = await copies.one_more()

    async def restart() -> None:
        assert await leaving.ask_to_stop() == 0, leaving.log()
        await copies.one_more()

    restarting = asyncio.create_task(restart())
    for number in range(1, 50):
        await copies.product.control.send(ada.id, f"Task number {number:02}.")
    await restarting

    async def named() -> list[int]:
        answers = [
            str(one)
            for one in await copies.product.control.messages(ada.id)
            if one["from"] == "bot"
        ]
        found = [n for one in answers for n in range(50) if f"Task number {n:02}." in one]
        return list(dict.fromkeys(found))

    async def all_are_answered() -> bool:
        return len(await named()) == 50

    await eventually(all_are_answered, within=60)
    assert await named() == list(range(50))
    copies.balancer.targets = copies.balancer.targets[-1:] + copies.balancer.targets[:2]


async def test_telegram_is_told_once_and_what_a_copy_says_holds_no_secret(copies: Copies) -> None:
    another = await copies.one_more()

    calls = await copies.fleet.control.calls("setWebhook")
    assert 1 <= sum(call["outcome"]["ok"] for call in calls) <= 2, calls
    assert copies.fleet.environment["TASKBOT_BOT_TOKEN"] not in another.log()
    assert await another.ask_to_stop() == 0, another.log()
    assert another.process.returncode == 0
