"""What an update costs the bot, beside a bare aiogram bot that echoes.

    python benchmarks/bot_updates.py [postgresql:///bot redis://127.0.0.1:6379/5]

On memory and on a SQLite file, and on PostgreSQL (an empty database) with Redis if they are named.
Telegram answers at once, inside the process: what is measured is our own time, from the JSON of an
update to its end. First one update after the other, then those of many people side by side.
"""

import argparse
import asyncio
import itertools
import json
import logging
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiogram.types import InlineKeyboardMarkup, Message, Update
from attrs import define, field, frozen
from dependency_injector import providers

from taskbot.adapters.http.export_document import JsonExports
from taskbot.adapters.memory import (
    LocalRateLimiter,
    MemoryDialogueStore,
    MemoryPersonLocks,
    MemoryUpdateLog,
    MemoryVanishingMessages,
)
from taskbot.adapters.persistence import migrate
from taskbot.adapters.pictures import PillowPainter
from taskbot.adapters.redis import (
    RedisApiTokenStore,
    RedisDialogueStore,
    create_redis,
)
from taskbot.adapters.telegram import create_dispatcher
from taskbot.application.ports import Quota
from taskbot.entrypoints.bot_container import TelegramContainer
from taskbot.entrypoints.library import in_memory
from taskbot.entrypoints.logs import configure_logging
from taskbot.entrypoints.settings import read_settings

TOKEN: Final = "7000000001:made-up-for-the-benchmark"  # noqa: S105 - opens nothing
ROUNDS: Final = 5
PEOPLE: Final = 40
AT_ONCE: Final = 16
CHOICES: Final = ("Skip", "No category", "No deadline")
MANY: Final = Quota(1_000_000)


@frozen
class Sent:
    """What the bot looks at of a message that it has sent; to make a whole one takes long."""

    message_id: int


class Answering(BaseSession):
    """Telegram that takes everything at once; keeps the last buttons of each chat."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
        self._numbers = itertools.count(1000)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 - the base class has it
    ) -> Any:
        if not isinstance(method, SendMessage | EditMessageText):
            return True
        message_id = next(self._numbers)
        if isinstance(method, EditMessageText):
            message_id = method.message_id or 0
        chat_id = int(method.chat_id or 0)
        markup = method.reply_markup
        rows = markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else []
        self.buttons[chat_id] = [
            (message_id, button.text, button.callback_data or "") for row in rows for button in row
        ]
        return Sent(message_id)

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""


@define
class Side:
    """One bot; *taken* is what it needed, in seconds, by what was sent."""

    name: str
    dispatcher: Dispatcher
    bot: Bot = field(factory=lambda: Bot(TOKEN, session=Answering()))
    taken: dict[str, list[float]] = field(factory=lambda: defaultdict(list))
    rates: list[float] = field(factory=list)
    costs: list[float] = field(factory=list)
    _numbers: Iterator[int] = field(factory=itertools.count)

    async def send(self, person: int, kind: str, text: str) -> None:
        chat = {"id": person, "type": "private", "first_name": "Ada"}
        message = {"message_id": 1, "date": 1, "chat": chat, "from": _somebody(person)}
        await self._feed(kind, {"message": message | {"text": text}})

    async def press(self, person: int, kind: str, label: str) -> None:
        """Press the button with *label* under the newest message, if there is one."""
        session: Any = self.bot.session
        for message_id, text, data in session.buttons[person]:
            if label in text:
                chat = {"id": person, "type": "private"}
                message = {"message_id": message_id, "date": 1, "chat": chat, "text": "x"}
                press = {"id": "1", "from": _somebody(person), "chat_instance": "1", "data": data}
                await self._feed(kind, {"callback_query": press | {"message": message}})
                return

    async def _feed(self, kind: str, content: dict[str, Any]) -> None:
        body = json.dumps({"update_id": next(self._numbers)} | content).encode()
        begun = time.perf_counter()
        update = Update.model_validate_json(body, context={"bot": self.bot})
        await self.dispatcher.feed_update(self.bot, update)
        self.taken[kind].append(time.perf_counter() - begun)


def _somebody(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Ada", "language_code": "en"}


async def talk(side: Side, person: int) -> None:
    """What one person does: about a dozen updates."""
    await side.send(person, "/help", "/help")
    await side.send(person, "text", "Water the plants")
    await side.send(person, "/create", "/create")
    await side.send(person, "title in /create", "Buy milk")
    for choice in CHOICES:
        await side.press(person, "press in /create", choice)
    await side.send(person, "/tasks", "/tasks")
    await side.press(person, "press on a task", "Buy milk")
    await side.press(person, "press: back to the list", "All tasks")


async def echo(side: Side, person: int) -> None:
    for number in range(10):
        await side.send(person, "echo", f"Message {number}")


Talk = Callable[[Side, int], Awaitable[None]]


async def one_round(side: Side, talking: Talk, people: range) -> None:
    """Some people one after the other, for the times; then all of them at once, for the rate."""
    for person in people[:8]:
        await talking(side, person)
    kept = {kind: list(taken) for kind, taken in side.taken.items()}
    before = sum(map(len, side.taken.values()))
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(person: int) -> None:
        async with gate:
            await talking(side, person)

    begun, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(one, people))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    number = sum(map(len, side.taken.values())) - before
    side.rates.append(number / seconds)
    side.costs.append(cpu / number)
    side.taken = defaultdict(list, kept)  # who waits for others does not tell what it costs


def bare() -> Side:
    async def answer(message: Message) -> None:
        await message.answer(message.text or "")

    dispatcher = Dispatcher()
    dispatcher.message.register(answer)
    return Side("bare aiogram", dispatcher)


def on_memory() -> Side:
    core = in_memory()
    dispatcher = create_dispatcher(
        tasks=core.tasks,
        categories=core.categories,
        users=core.users,
        progress=core.statistics,
        accounts=core.accounts,
        access_tokens=core.access_tokens,
        exports=JsonExports(core.exports),
        painter=PillowPainter(),
        vanishing=MemoryVanishingMessages(core.clock),
        clock=core.clock,
        dialogues=MemoryDialogueStore(core.clock),
        update_log=MemoryUpdateLog(),
        locks=MemoryPersonLocks(),
        rates=LocalRateLimiter(core.clock),
        flood_quota=MANY,
    )
    return Side("memory", dispatcher)


def on_database(name: str, url: str, redis_url: str | None = None) -> Side:
    """Wired as `taskbot up` does it, or as `taskbot bot` with Redis."""
    given = {"TASKBOT_DATABASE_URL": url, "TASKBOT_BOT_TOKEN": TOKEN}
    settings = read_settings(given | ({"TASKBOT_REDIS_URL": redis_url} if redis_url else {}))
    migrate(settings.database)
    container = TelegramContainer(settings=settings, bot_token=TOKEN)
    container.flood_quota.override(providers.Object(MANY))
    if redis_url is not None:
        redis = create_redis(redis_url)
        container.redis.override(providers.Object(redis))
        container.dialogues.override(RedisDialogueStore(redis))
        container.stored_api_tokens.override(RedisApiTokenStore(redis))
    return Side(name, container.dispatcher())


def show(sides: list[Side]) -> None:
    print(f"{'':28}{'p50 ms':>8}{'p99 ms':>8}{'CPU ms':>8}{'updates/s':>11}")
    for side in sides:
        everything = [one for taken in side.taken.values() for one in taken]
        cpu, rate = statistics.median(side.costs) * 1000, statistics.median(side.rates)
        print(f"{side.name:28}{_figures(everything)}{cpu:>8.2f}{rate:>11.0f}")
        if len(side.taken) > 1:
            for kind, taken in side.taken.items():
                print(f"  {kind:26}{_figures(taken)}")


def _figures(taken: list[float]) -> str:
    ordered = sorted(taken)
    p99 = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    return f"{statistics.median(ordered) * 1000:>8.2f}{p99 * 1000:>8.2f}"


async def main(database_url: str | None, redis_url: str | None, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sides = [bare(), on_memory(), on_database("SQLite", f"sqlite:///{Path(folder, 'bot.db')}")]
        if database_url is not None:
            name = "PostgreSQL" if redis_url is None else "PostgreSQL and Redis"
            sides.append(on_database(name, database_url, redis_url))
        first = int(time.time()) % 10**6 * 10**5  # so that the people are new ones
        for number in range(rounds + 1):
            people = range(first + number * PEOPLE, first + (number + 1) * PEOPLE)
            for side in sides:
                side._numbers = itertools.count(first + number * 10_000)  # noqa: SLF001 - our own
                await one_round(side, echo if side is sides[0] else talk, people)
                if number == 0:  # everything is loaded and compiled now
                    side.taken.clear()
                    side.rates.clear()
                    side.costs.clear()
        show(sides)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("database_url", nargs="?")
    arguments.add_argument("redis_url", nargs="?")
    arguments.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = arguments.parse_args()
    configure_logging(read_settings({"TASKBOT_LOG_FORMAT": "json"}))
    logging.getLogger("taskbot").setLevel(logging.INFO)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(chosen.database_url, chosen.redis_url, chosen.rounds))
