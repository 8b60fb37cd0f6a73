"""Processes killed and Telegram in trouble: late rather than never, and once."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.ports import a_free_port
from support.processes import taskbot
from support.product import Product, Somebody
from support.simulator import Control, eventually

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TOKEN = "7000000002:made-up-for-the-tests"


@contextlib.asynccontextmanager
async def telegram(folder: Path, *, port: int = 0) -> AsyncIterator[Control]:
    """The simulator in a process of its own: it outlives the bot."""
    settings = {"TASKBOT_SIMULATOR_PORT": str(port)}
    async with taskbot("simulator", folder=folder, environment=settings) as process:
        address = await process.address("Bot API")
        async with Control(address) as control:
            yield control


@contextlib.asynccontextmanager
async def bot_at(control: Control, folder: Path) -> AsyncIterator[Product]:
    settings = {
        "TASKBOT_BOT_TOKEN": TOKEN,
        "TASKBOT_TELEGRAM_API_URL": str(control.http.base_url),
    }
    async with taskbot("up", folder=folder, environment=settings) as process:
        docs = await process.address("API docs")
        yield Product(process, control, docs.removesuffix("/api/v1/docs"), folder)


@pytest.fixture(scope="module")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    folder = tmp_path_factory.mktemp("faults")
    async with telegram(folder) as control, bot_at(control, folder) as running:
        yield running


async def promise(
    product: Product, person: Somebody, title: str, *, after: timedelta = timedelta(seconds=3)
) -> datetime:
    async with product.program_of(person) as program:
        due_at = datetime.now(UTC) + after
        body = {"title": title, "due_at": due_at.isoformat()}
        assert (await program.post("/tasks", json=body)).status_code == 201
    return due_at


async def copies(person: Somebody, title: str) -> int:
    return sum("🔔" in text and title in text for text in await person.transcript())


async def test_what_was_due_while_nothing_ran_comes_once_after_kill_9(tmp_path: Path) -> None:
    async with telegram(tmp_path) as control:
        async with bot_at(control, tmp_path) as before:
            person = await before.a_person()
            await promise(before, person, "Survivor", after=timedelta(seconds=1.5))
            await before.process.kill()
        await control.send(person.id, "/tasks")  # waits at Telegram for whoever comes
        async with bot_at(control, tmp_path):
            await person.sees("🔔", "Survivor")
            listed = await person.sees("open tasks")

            assert await copies(person, "Survivor") == 1
            assert any("Survivor" in b["text"] for row in listed["buttons"] for b in row)


async def test_a_server_that_is_away_delays_reminders_and_loses_none(tmp_path: Path) -> None:
    port = a_free_port()
    async with contextlib.AsyncExitStack() as bots:
        async with telegram(tmp_path, port=port) as control:
            running = await bots.enter_async_context(bot_at(control, tmp_path))
            person = await running.a_person()
            await promise(running, person, "Patience", after=timedelta(seconds=2))
        async with telegram(tmp_path, port=port) as back:
            person = Somebody(person.id, back)
            await person.sees("🔔", "Patience")

            assert await copies(person, "Patience") == 1
            await eventually(back.is_polled)


async def test_a_429_is_waited_out_and_costs_no_copy(product: Product) -> None:
    person = await product.a_person()
    await product.control.fault(
        "429", method="sendMessage", person=person.id, times=1, retry_after=2
    )

    due_at = await promise(product, person, "Limited")
    reminder = await person.sees("🔔", "Limited")

    assert reminder["date"] >= (due_at + timedelta(seconds=2)).timestamp()
    assert await copies(person, "Limited") == 1


async def test_an_unknown_outcome_is_repeated_once_and_then_left_unknown(product: Product) -> None:
    person = await product.a_person()
    await product.control.fault(
        "accept-then-reset", method="sendMessage", person=person.id, times=2
    )

    await promise(product, person, "Twice at most")
    await eventually(lambda: _has_copies(person, "Twice at most", 2))
    await product.control.clear_faults()
    await person.say("/tasks")
    await person.press("Twice at most")
    card = await person.sees("Twice at most", "❔")

    assert card is not None
    assert await copies(person, "Twice at most") == 2


async def _has_copies(person: Somebody, title: str, number: int) -> bool:
    return await copies(person, title) == number


async def test_who_blocks_the_bot_gets_the_reminder_on_return(product: Product) -> None:
    person = await product.a_person()
    await product.control.block(person.id)

    due_at = await promise(product, person, "Welcome back", after=timedelta(seconds=1))
    await eventually(lambda: _was_held(product, person))
    await product.control.unblock(person.id)
    reminder = await person.sees("🔔", "Welcome back")

    assert reminder["date"] > due_at.timestamp()
    assert await copies(person, "Welcome back") == 1


async def _was_held(product: Product, person: Somebody) -> bool:
    """Dispatch has looked at it and nothing was sent: the bot asked nothing of Telegram."""
    async with product.program_of(person) as program:
        tasks = (await program.get("/tasks")).json()["items"]
    return bool(tasks) and all(task["overdue"] for task in tasks)
