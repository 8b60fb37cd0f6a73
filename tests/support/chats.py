"""The bot, the simulator and people in one event loop, without a network between them.

What an act brings about is told as a whole: what was shown, how a press was answered, what
Telegram refused.
"""

import contextlib
import itertools
import json
import operator
from base64 import b64decode
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime, timedelta
from typing import Any, Final

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile, Update
from attrs import define, evolve, field, frozen

from support.builders import NOW
from support.core import Core, a_core
from support.simulator import TOKEN
from support.telegram import DOT, a_dispatcher
from taskbot.adapters.memory import ManualClock, MemoryDialogueStore, MemoryUpdateLog
from taskbot.adapters.memory.database import Tables
from taskbot.adapters.simulator import Simulator, people
from taskbot.adapters.simulator.connections import Connection
from taskbot.adapters.simulator.files import Upload, keep_photo
from taskbot.adapters.simulator.state import Account, Person, StoredMessage
from taskbot.adapters.simulator.transcript import message_view
from taskbot.adapters.simulator.updates import PendingUpdate
from taskbot.adapters.simulator.world import World
from taskbot.adapters.telegram import TelegramNotifier, create_bot
from taskbot.adapters.telegram.texts.html import units
from taskbot.application.ports import Dialogue
from taskbot.domain.user import User

UNCHANGED: Final = "message is not modified"
NO_TEXT: Final = "there is no text in the message to edit"
"""Said of a picture or a file: what was to stand in its place comes as a message of its own."""
TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
BUTTON_LIMIT: Final = 100
DATA_LIMIT: Final = 64
ANSWER_LIMIT: Final = 200

Button = dict[str, Any]


class DirectSession(BaseSession):
    """Calls the simulator as a function."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__()
        self._simulator = simulator

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 - the base class has it
    ) -> Any:
        files: dict[str, InputFile] = {}
        raw = {}
        for name, value in method.model_dump(warnings=False).items():
            if prepared := self.prepare_value(value, bot=bot, files=files):
                raw[name] = prepared
        uploads = {
            name: Upload(file.filename or name, b"".join([part async for part in file.read(bot)]))
            for name, file in files.items()
        }
        reply = await self._simulator.call(
            bot.token, method.__api_method__, raw, uploads=uploads, connection=Connection()
        )
        assert reply is not None, "the simulator was told to break connections"
        return self.check_response(
            bot=bot, method=method, status_code=reply.status, content=json.dumps(reply.body)
        ).result

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 - the base class has it
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002 - the base class has it
    ) -> AsyncGenerator[bytes, None]:
        yield b""


@frozen(kw_only=True)
class Outcome:
    """What came of one act.

    *shown*: the bot's messages that are new or say something new, oldest first; *touched*: those
    that lost or changed their buttons alone; *answers*: what a press was answered; *refused*: calls
    that Telegram did not take, with its words; *is_unchanged*: a message was to be shown as it is
    already.
    """

    shown: tuple[dict[str, Any], ...] = ()
    touched: tuple[dict[str, Any], ...] = ()
    answers: tuple[dict[str, Any], ...] = ()
    refused: tuple[str, ...] = ()
    is_unchanged: bool = False

    @property
    def buttons(self) -> list[tuple[int, Button]]:
        """Those that carry data, each with its message's id."""
        return [
            (message["message_id"], button)
            for message in (*self.shown, *self.touched)
            for row in message["buttons"]
            for button in row
            if "data" in button
        ]

    @property
    def said(self) -> list[str]:
        """All words, of messages and of pop-ups."""
        answers = [str(answer["text"]) for answer in self.answers if answer.get("text")]
        return [*(str(message["text"]) for message in self.shown), *answers]

    def broken_limits(self) -> list[str]:
        """What Telegram, or a person's phone, would not take of this."""
        found = [*self.refused]
        for message in (*self.shown, *self.touched):
            has_media = message["photo"] or message["document"]
            if units(message["text"]) > (CAPTION_LIMIT if has_media else TEXT_LIMIT):
                found.append("the text is too long")
            buttons = [button for row in message["buttons"] for button in row]
            if len(buttons) > BUTTON_LIMIT:
                found.append(f"{len(buttons)} buttons")
            for button in buttons:
                if not button["text"].strip():
                    found.append(f"a button without a label: {button}")
                if "data" in button and not 1 <= len(button["data"].encode()) <= DATA_LIMIT:
                    found.append(f"a button carries too much or nothing: {button}")
        if any(units(answer.get("text") or "") > ANSWER_LIMIT for answer in self.answers):
            found.append("the answer to a press is too long")
        return found

    def __str__(self) -> str:
        lines = []
        for message in (*self.shown, *self.touched):
            how = "touched " if message in self.touched else ""
            lines.append(f"--- {how}message {message['message_id']}")
            lines.append(message["text"])
            lines += [
                " ".join(f"[{button['text']}]" for button in row) for row in message["buttons"]
            ]
        lines += [f"--- a press is answered: {answer.get('text')!r}" for answer in self.answers]
        lines += [f"--- refused: {one}" for one in self.refused]
        return "\n".join(lines) or "(nothing)"


@frozen
class Checkpoint:
    """How things stood at a moment between one person and the bot."""

    person_id: int
    now: datetime
    tables: Tables
    dialogue: Dialogue
    messages: tuple[StoredMessage, ...]


@define
class Chats:
    """Several people's chats with one bot on a core in memory."""

    core: Core
    simulator: Simulator
    bot: Bot
    dialogues: MemoryDialogueStore = field(init=False)
    update_log: MemoryUpdateLog = field(factory=MemoryUpdateLog)
    dispatcher: Dispatcher = field(init=False)
    _texts: dict[int, str | None] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.dialogues = MemoryDialogueStore(self.core.clock)
        self.restart_bot()

    def restart_bot(self) -> None:
        self.dispatcher = a_dispatcher(
            self.core, dialogues=self.dialogues, update_log=self.update_log
        )

    @property
    def world(self) -> World:
        return self.simulator.world

    @property
    def account(self) -> Account:
        return self.world.account_of(self.bot.id)

    def add_person(self, person_id: int, name: str, language: str) -> None:
        self.world.persons[person_id] = Person(
            id=person_id, first_name=name, language_code=language
        )

    async def send(self, person_id: int, text: str | None = None, **contents: Any) -> Outcome:
        """Send *text*, or what the simulator's `people.write` takes."""
        before = self._begin()
        chat = people.open_chat(self.world, self.account, person_id)
        people.write(self.world, self.account, chat, text=text, **contents)
        await self._handle()
        return self.outcome_of(person_id, before)

    async def press(self, person_id: int, message_id: int, data: str) -> Outcome:
        before = self._begin()
        chat = people.open_chat(self.world, self.account, person_id)
        await people.press(self.world, self.account, chat, message_id, data, seconds=0)
        await self._handle()
        return self.outcome_of(person_id, before)

    async def send_photo(self, person_id: int, caption: str | None = None) -> Outcome:
        photo = keep_photo(self.world, Upload("dot.png", b64decode(DOT)))
        return await self.send(person_id, caption, photo=photo)

    async def block_and_return(self, person_id: int) -> Outcome:
        """Block the bot, and think better of it."""
        before = self._begin()
        for is_blocked in (True, False):
            people.block(self.world, self.account, person_id, is_blocked=is_blocked)
            await self._handle()
        return self.outcome_of(person_id, before)

    async def redeliver(self, person_id: int) -> Outcome:
        """Let the last update come once more."""
        before = self._begin()
        _, update = list(self.world.queue_of(self.account).history.items())[-1]
        await self._feed(update)
        return self.outcome_of(person_id, before)

    async def time_passes(self, duration: timedelta, person_id: int) -> Outcome:
        """Let the clock run, and deliver what falls due; tell what it is to this person."""
        before = self._begin()
        self.core.clock.advance(duration)
        await self.core.deliver_due()
        return self.outcome_of(person_id, before)

    async def open_question(self, person_id: int) -> str | None:
        return (await self.dialogues.read(self._key(person_id))).step

    def _key(self, person_id: int) -> str:
        return f"{self.bot.id}:{person_id}:{person_id}"

    def _begin(self) -> int:
        self.simulator.calls.clear()
        self._texts = {one.message_id: one.text for one in self.account.messages.values()}
        return self.account.next_revision

    async def _handle(self) -> None:
        queue = self.world.queue_of(self.account)
        while queue.pending:
            _, update = queue.pending.popitem(last=False)
            await self._feed(update)

    async def _feed(self, pending: PendingUpdate) -> None:
        update = Update.model_validate(pending.to_update(), context={"bot": self.bot})
        await self.dispatcher.feed_update(self.bot, update)

    def user_of(self, person_id: int) -> User:
        users = self.core.database.tables.users.values()
        return next(one for one in users if one.telegram_id == person_id)

    def outcome_of(self, person_id: int, before: int) -> Outcome:
        """What has come of the last act, for this person, since the revision *before*."""
        calls = self.simulator.calls.after(0, method=None)
        changed = [
            message_view(one)
            for one in self.account.transcript(person_id)
            if one.is_from_bot and one.revision >= before and not one.is_deleted
        ]
        is_news = [one["text"] != self._texts.get(one["message_id"]) for one in changed]
        return Outcome(
            shown=tuple(itertools.compress(changed, is_news)),
            touched=tuple(itertools.compress(changed, map(operator.not_, is_news))),
            answers=tuple(
                call["parameters"] for call in calls if call["method"] == "answerCallbackQuery"
            ),
            refused=tuple(
                f"{call['method']}: {call['outcome'].get('description')}"
                for call in calls
                if not call["outcome"]["ok"]
                and not any(foreseen in str(call["outcome"]) for foreseen in (UNCHANGED, NO_TEXT))
            ),
            is_unchanged=any(UNCHANGED in str(call["outcome"]) for call in calls),
        )

    async def checkpoint(self, person_id: int) -> Checkpoint:
        return Checkpoint(
            person_id,
            self.core.clock.now(),
            self.core.database.tables.copy(),
            await self.dialogues.read(self._key(person_id)),
            tuple(evolve(one) for one in self.account.transcript(person_id)),
        )

    async def go_back_to(self, checkpoint: Checkpoint) -> None:
        """Let everything be as it was then, to the one person of this world."""
        person_id, account = checkpoint.person_id, self.account
        self.core.clock.advance(checkpoint.now - self.core.clock.now())
        self.core.database.tables = checkpoint.tables.copy()
        await self.dialogues.write(self._key(person_id), checkpoint.dialogue)
        account.pressed.clear()
        account.messages = {one.message_id: evolve(one) for one in checkpoint.messages}
        account.transcripts = {person_id: [one.message_id for one in checkpoint.messages]}


@contextlib.asynccontextmanager
async def open_chats(now: datetime = NOW) -> AsyncIterator[Chats]:
    clock = ManualClock(now, skips_sleep=True)
    simulator = Simulator(clock=clock.now)
    await simulator.open()
    bot = create_bot(TOKEN, api_url="http://telegram.test")
    bot.session = DirectSession(simulator)
    try:
        yield Chats(a_core(clock=clock, notifier=TelegramNotifier(bot, clock)), simulator, bot)
    finally:
        await simulator.close()
