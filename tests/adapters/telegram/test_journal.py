"""The log has a line for each update, a code for each failure, and nothing that people wrote."""

import logging
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, SendMessage, TelegramMethod
from aiogram.types import Update

from support.core import a_core
from support.recording_session import RecordingSession
from support.simulator import TOKEN
from support.telegram import a_dispatcher
from taskbot.adapters.telegram.callbacks import CardAction
from taskbot.application.ports import StorageUnavailable
from taskbot.application.users import MeetUser
from taskbot.domain.text import single_line
from taskbot.domain.user import Language
from taskbot.entrypoints.logs import line_formatter
from taskbot.entrypoints.settings import read_settings

pytestmark = pytest.mark.anyio

CANARY: Final = "canary-7f3a"
TELEGRAM_ID: Final = 987654321


class Everything(logging.Handler):
    """Keeps all records as lines of the log, with their arguments; and what was told in them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(line_formatter(read_settings({}), "bot", is_terminal=False))
        self.lines: list[str] = []
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())
        self.lines.append(f"{self.format(record)} {record.args!r} {record.stack_info!r}")


@pytest.fixture
def log() -> Iterator[Everything]:
    handler, ours = Everything(), logging.getLogger("taskbot")
    level = ours.level
    ours.setLevel(logging.DEBUG)
    ours.addHandler(handler)
    yield handler
    ours.removeHandler(handler)
    ours.setLevel(level)


class Somebody:
    def __init__(self, *, language: str = "en") -> None:
        self.core = a_core()
        self.session = RecordingSession()
        self.bot = Bot(TOKEN, session=self.session)
        self.dispatcher = a_dispatcher(self.core)
        self.person = {
            "id": TELEGRAM_ID,
            "is_bot": False,
            "first_name": f"Ada {CANARY}",
            "language_code": language,
        }
        self.updates = 0

    async def send(self, **content: Any) -> list[TelegramMethod[Any]]:
        chat = {"id": TELEGRAM_ID, "type": "private"}
        message = {"message_id": 1, "date": 1, "chat": chat, "from": self.person}
        return await self.feed({"message": message | content})

    async def press(self, data: str) -> list[TelegramMethod[Any]]:
        press = {"id": "1", "from": self.person, "chat_instance": "1", "data": data}
        return await self.feed({"callback_query": press})

    async def feed(self, content: dict[str, Any]) -> list[TelegramMethod[Any]]:
        before = len(self.session.calls)
        self.updates += 1
        update = Update.model_validate({"update_id": self.updates} | content)
        await self.dispatcher.feed_update(self.bot, update)
        return self.session.calls[before:]

    def break_down(self, error: Exception) -> None:
        class Broken:
            async def meet(self, _: MeetUser) -> None:
                raise error

        for observer in (self.dispatcher.message, self.dispatcher.callback_query):
            for middleware in observer.outer_middleware:
                if type(middleware).__name__ == "Turns":
                    object.__setattr__(middleware, "_users", Broken())


async def test_each_update_has_one_line(log: Everything) -> None:
    ada = Somebody()
    await ada.send(text="/start")
    user = await ada.core.queries.user_by_telegram_id(TELEGRAM_ID)
    assert user is not None

    await ada.send(text=f"/tasks {CANARY}")
    await ada.send(text=f"Call {CANARY}")
    await ada.send(text=f"/{CANARY}")
    await ada.press("l:0::")
    await ada.press(CANARY)

    lines = [line for line in log.told if line.startswith("update ")]
    kinds = [re.sub(r"[0-9.]+ ms", "N ms", line) for line in lines]
    assert kinds == [
        f"update {number}: {what} of {user.id}, N ms: done"
        for number, what in enumerate(
            ("/start", "/tasks", "text", "unknown command", "press l", "unknown press"), start=1
        )
    ]


async def test_nothing_that_people_write_nor_who_they_are_in_telegram_is_logged(
    log: Everything,
) -> None:
    ada = Somebody()
    for text in ("/start", f"/start {CANARY}", "/create", f"Buy {CANARY}", f"Red {CANARY}"):
        await ada.send(text=text)
    await ada.send(caption=CANARY, photo=[])
    await ada.send(text=f"/tasks@{CANARY} {CANARY}")
    await ada.press(f"t:done:{CANARY}")
    await ada.press(f"{CANARY}:1")
    ada.break_down(RuntimeError(CANARY))
    await ada.send(text=CANARY)
    ada.break_down(StorageUnavailable(CANARY))
    await ada.press(CANARY)

    assert len(log.lines) >= ada.updates
    hidden = (CANARY, single_line(CANARY), str(TELEGRAM_ID), TOKEN)
    assert [line for line in log.lines if any(one in line for one in hidden)] == []


@pytest.mark.parametrize("language", list(Language))
async def test_a_failure_has_a_code_that_the_person_is_shown_and_the_log_has(
    log: Everything, language: Language
) -> None:
    ada = Somebody(language=language.value)
    ada.break_down(RuntimeError("secret words"))

    (said,) = await ada.send(text="/start")
    (toast,) = await ada.press("l:0::")

    assert isinstance(said, SendMessage)
    assert isinstance(toast, AnswerCallbackQuery)
    codes = [re.findall(r"\b[2-9A-Z]{6}\b", text or "") for text in (said.text, toast.text)]
    assert [len(found) for found in codes] == [1, 1]
    for update, (code,) in enumerate(codes, start=1):
        failed = [line for line in log.lines if f"update {update} failed, code {code}" in line]
        assert len(failed) == 1
        assert "RuntimeError" in failed[0]
        assert any(f"update {update}:" in line and f"code {code}" in line for line in log.told)
    assert codes[0] != codes[1]
    assert len(toast.text or "") <= 200


async def test_a_refusal_is_noted_by_its_code(log: Everything) -> None:
    ada = Somebody()
    await ada.send(text="/start")
    gone = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    action = next(iter(CardAction))

    await ada.press(f"t:{action.value}:{gone}")

    assert re.search(
        rf"update 2: press t:{action.value} of \w+, [0-9.]+ ms: refused \(task-not-found\)",
        log.told[-1],
    )


async def test_an_update_of_an_unknown_kind_is_left_alone(log: Everything) -> None:
    ada = Somebody()

    assert await ada.feed({"a_kind_of_the_future": {"text": CANARY}}) == []

    assert log.told == ["update 1 is of a kind that is not known here"]
