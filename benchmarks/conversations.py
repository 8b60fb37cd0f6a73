"""People who talk to a bot in this process, and a Telegram that answers them at once.

What is measured so is our own time, from the JSON of an update to its end.
"""

import asyncio
import itertools
import json
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Any, Final

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiogram.types import InlineKeyboardMarkup, Message, Update
from attrs import define, field, frozen

from benchmarks.environment import BOT_TOKEN
from benchmarks.figures import Round

AT_ONCE: Final = 16
_ALONE: Final = 8
_CHOICES: Final = ("Skip", "No category", "No deadline")


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
    """One bot; *taken*: seconds that it needed since a round began, by what was sent."""

    name: str
    dispatcher: Dispatcher
    bot: Bot = field(factory=lambda: Bot(BOT_TOKEN, session=Answering()))
    taken: dict[str, list[float]] = field(factory=lambda: defaultdict(list))
    numbers: Iterator[int] = field(factory=itertools.count)

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
        body = json.dumps({"update_id": next(self.numbers)} | content).encode()
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
    for choice in _CHOICES:
        await side.press(person, "press in /create", choice)
    await side.send(person, "/tasks", "/tasks")
    await side.press(person, "press on a task", "Buy milk")
    await side.press(person, "press: back to the list", "All tasks")


async def echo(side: Side, person: int) -> None:
    for number in range(10):
        await side.send(person, "echo", f"Message {number}")


Talk = Callable[[Side, int], Awaitable[None]]


async def one_round(side: Side, talking: Talk, people: range) -> Round:
    """Some people one after the other, for the times; then all of them at once, for the rate.

    Who waits for others does not tell what an update costs.
    """
    side.taken.clear()
    for person in people[:_ALONE]:
        await talking(side, person)
    alone = {kind: list(taken) for kind, taken in side.taken.items()}
    side.taken.clear()
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(person: int) -> None:
        async with gate:
            await talking(side, person)

    begun, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(one, people))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    number = sum(map(len, side.taken.values()))
    side.taken = defaultdict(list, alone)
    return Round(number, seconds, cpu, [one for taken in alone.values() for one in taken])


def bare() -> Side:
    async def answer(message: Message) -> None:
        await message.answer(message.text or "")

    dispatcher = Dispatcher()
    dispatcher.message.register(answer)
    return Side("bare aiogram", dispatcher)
