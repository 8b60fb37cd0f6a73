"""How often an update asks the database, and Redis: nothing else of its cost is in our hands.

A number here that grows makes every update of its kind slower; one that shrinks is to be kept.
"""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Update
from attrs import Factory, define
from sqlalchemy import event

from support.asked import Statement, in_short, noting
from support.backends import migrated_sqlite, require
from support.core import a_core
from support.kept import a_client, a_namespace
from support.postgres import emptied_database
from support.recording_session import RecordingSession
from support.simulator import TOKEN
from support.telegram import a_dispatcher
from taskbot.adapters.memory import MemoryPersonLocks
from taskbot.adapters.persistence import (
    SqlDialogueStore,
    SqlQueries,
    SqlTransactions,
    SqlUpdateLog,
    create_database,
)
from taskbot.adapters.redis import RedisDialogueStore, RedisPersonLocks

pytestmark = pytest.mark.anyio

PERSON: Final = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "en"}
KNOWN: Final = ["SELECT dialogues", "SELECT users"]
"""What is asked for every update: where its dialogue stands, and who the person is."""
NOTED: Final = ["INSERT updates"]
"""That it was handled: a commit of its own."""


@define
class Conversation:
    """Somebody known, whose updates tell what was asked for them."""

    dispatcher: Dispatcher
    asked: list[Statement]
    put_together: list[str] = Factory(list)
    """Statements that SQLAlchemy had to write for this one time."""
    commands: list[str] = Factory(list)
    session: RecordingSession = Factory(RecordingSession)
    updates: int = 0

    async def begin(self) -> None:
        await self.send("/start")
        await self.send("/help")  # which ends the question where they live

    async def send(self, text: str) -> list[str]:
        chat = {"id": PERSON["id"], "type": "private"}
        message = {"message_id": self.updates + 1, "date": 1, "chat": chat, "from": PERSON}
        return await self._feed({"message": message | {"text": text}})

    async def press(self, label: str) -> list[str]:
        """Press the button with *label* under the last message that has buttons."""
        markups: list[Any] = [getattr(call, "reply_markup", None) for call in self.session.calls]
        last = next(markup for markup in reversed(markups) if markup is not None)
        every = [button for row in last.inline_keyboard for button in row]
        data = next(button.callback_data for button in every if label in button.text)
        chat = {"id": PERSON["id"], "type": "private"}
        message = {"message_id": self.session.last_message_id, "date": 1, "chat": chat}
        press = {"id": "1", "from": PERSON, "chat_instance": "1", "data": data}
        return await self._feed({"callback_query": press | {"message": message}})

    async def _feed(self, content: dict[str, Any]) -> list[str]:
        bot = Bot(TOKEN, session=self.session)
        self.asked.clear()
        self.commands.clear()
        self.updates += 1
        update = Update.model_validate({"update_id": self.updates} | content, context={"bot": bot})
        await self.dispatcher.feed_update(bot, update)
        return [in_short(sql) for sql, _ in self.asked]


@pytest.fixture(params=["sqlite", "postgresql"])
async def chat(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Conversation]:
    """A bot with its database alone, as `taskbot up` has it."""
    require(request.param)
    url = migrated_sqlite(tmp_path) if request.param == "sqlite" else emptied_database()
    asked: list[Statement] = []
    database = noting(create_database(url), asked)
    core = a_core(transactions=SqlTransactions(database), queries=SqlQueries(database))
    dispatcher = a_dispatcher(
        core,
        dialogues=SqlDialogueStore(database, core.clock),
        update_log=SqlUpdateLog(database),
    )
    conversation = Conversation(dispatcher, asked)
    await conversation.begin()
    event.listen(
        database.reading.sync_engine,
        "before_cursor_execute",
        lambda *call: conversation.put_together.append(in_short(call[2])),
    )
    yield conversation
    await database.dispose()


@pytest.fixture(params=["alone", "one of several"])
async def chat_on_redis(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Conversation]:
    """A bot that keeps dialogues in Redis: one that polls, and one that Telegram calls."""
    core = a_core()
    async with a_namespace() as namespace, a_client() as redis:
        dialogues = RedisDialogueStore(redis, namespace=namespace)
        shared = RedisPersonLocks(redis, here=MemoryPersonLocks(), namespace=namespace)
        locks = MemoryPersonLocks() if request.param == "alone" else shared
        conversation = Conversation(a_dispatcher(core, dialogues=dialogues, locks=locks), [])
        await conversation.begin()

        execute: Callable[..., Any] = redis.execute_command

        async def noted(*args: Any, **options: Any) -> Any:
            conversation.commands.append(str(args[0]))
            return await execute(*args, **options)

        monkeypatch.setattr(redis, "execute_command", noted)
        yield conversation


async def test_a_command_that_only_tells_something(chat: Conversation) -> None:
    assert await chat.send("/help") == [*KNOWN, *NOTED]


async def test_a_plain_text_that_becomes_a_task(chat: Conversation) -> None:
    made = ["BEGIN", "SELECT tasks", "SELECT users", "INSERT tasks", "COMMIT"]

    assert await chat.send("Water the plants") == [*KNOWN, *made, "SELECT tasks", *NOTED]


async def test_the_list_and_a_card(chat: Conversation) -> None:
    await chat.send("Water the plants")

    # One page of tasks, and the numbers for the tabs.
    assert await chat.send("/tasks") == [*KNOWN, "SELECT tasks", "SELECT tasks", *NOTED]
    assert await chat.press("Water the plants") == [*KNOWN, "SELECT tasks", *NOTED]


async def test_done(chat: Conversation) -> None:
    await chat.send("Water the plants")
    await chat.send("/tasks")
    await chat.press("Water the plants")

    done = await chat.press("Done")

    changed = ["SELECT tasks", "INSERT undos", "UPDATE tasks", "UPDATE reminders"]
    assert done == [*KNOWN, "BEGIN", *changed, "COMMIT", "SELECT tasks", *NOTED]


async def test_the_steps_in_which_a_task_is_created(chat: Conversation) -> None:
    kept = "INSERT dialogues"

    assert await chat.send("/create") == [*KNOWN, kept, *NOTED]
    assert await chat.send("Buy milk") == [*KNOWN, kept, *NOTED]
    assert await chat.press("Skip") == [*KNOWN, "SELECT categories", kept, *NOTED]
    assert await chat.press("No category") == [*KNOWN, "SELECT categories", kept, *NOTED]
    made = ["BEGIN", "SELECT tasks", "SELECT users", "INSERT tasks", "COMMIT", "DELETE dialogues"]
    assert await chat.press("No deadline") == [*KNOWN, *made, "SELECT tasks", *NOTED]


async def test_no_statement_is_put_together_for_one_update(chat: Conversation) -> None:
    await chat.send("Water the plants")
    await chat.send("/tasks")
    await chat.press("Water the plants")
    await chat.press("Done")
    await chat.send("/create")
    await chat.send("Buy milk")
    for label in ("Skip", "No category", "No deadline"):
        await chat.press(label)

    assert chat.put_together == []


async def test_what_redis_is_asked(
    chat_on_redis: Conversation, request: pytest.FixtureRequest
) -> None:
    chat = chat_on_redis
    is_alone = request.node.callspec.params["chat_on_redis"] == "alone"
    # To stand in line, and to leave it.
    before, after = ([], []) if is_alone else (["EVALSHA"], ["EVALSHA"])

    await chat.send("/help")
    assert chat.commands == [*before, "GET", *after]
    await chat.send("/create")
    assert chat.commands == [*before, "GET", "SET", *after]
    await chat.send("Buy milk")
    assert chat.commands == [*before, "GET", "SET", *after]
    await chat.press("Cancel")
    assert chat.commands == [*before, "GET", "DEL", *after]
