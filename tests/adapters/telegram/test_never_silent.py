"""Whatever people do, at whatever step: the bot answers, and nothing breaks."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import (
    AnswerCallbackQuery,
    AnswerInlineQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import InlineKeyboardMarkup, Update
from hypothesis import HealthCheck, given, settings, strategies as st

from support.builders import NOW
from support.core import a_core
from support.recording_session import RecordingSession
from support.simulator import TOKEN
from support.telegram import a_dispatcher
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.telegram.texts.html import MESSAGE_LIMIT, units

COMMANDS = (
    *(
        "/start",
        "/start new",
        "/start settings",
        "/help",
        "/create",
        "/tasks",
        "/find",
        "/find milk",
        "/settings",
    ),
    *("/timezone", "/timezone London", "/language", "/cancel", "/wat"),
)
DEADLINES = ("tomorrow 18:00", "18:00", "31.02", "25:00", "friday", "через 2 часа", "01.01.2020")

texts = (
    st.sampled_from(
        [
            *COMMANDS,
            *DEADLINES,
            "Buy milk",
            "Home",
            "Berlin",
            "2 hours",
            "08:30",
            "<b>",
            "\u202e",
            "👨‍👩‍👧‍👦",
        ]
    )
    | st.text(min_size=1, max_size=30)
    | st.text(min_size=1, max_size=3).map(lambda text: text * 1400)
)
steps = st.lists(
    st.one_of(
        texts.map(lambda text: ("text", text)),
        st.integers(0, 30).map(lambda number: ("press", number)),
        st.integers(0, 200).map(lambda number: ("press an old button", number)),
        st.text(max_size=64).map(lambda data: ("forged press", data)),
        st.just(("sticker", "")),
        texts.map(lambda text: ("ask inline", text[:256])),
        st.just(("location", "")),
        st.integers(1, 60 * 48).map(lambda minutes: ("time passes", minutes)),
    ),
    min_size=1,
    max_size=25,
)


class Phone:
    """One person's side of a conversation with a bot that has no server."""

    def __init__(self, language: str) -> None:
        self.clock = ManualClock(NOW)
        self.session = RecordingSession()
        self.bot = Bot(TOKEN, session=self.session)
        self.dispatcher = a_dispatcher(a_core(clock=self.clock))
        self.person = {
            "id": 7,
            "is_bot": False,
            "first_name": "Ada",
            "language_code": language,
        }
        self.keyboards: dict[int, list[str]] = {}
        self.seen: list[tuple[int, str]] = []
        self.updates = 0
        self.sent = 0

    async def do(self, what: str, value: Any) -> None:
        match what:
            case "text":
                await self.feed_message({"text": value})
            case "sticker":
                dot = {"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}
                kind = {"type": "regular", "is_animated": False, "is_video": False}
                await self.feed_message({"sticker": dot | kind})
            case "ask inline":
                await self.feed_query(value)
            case "location":
                await self.feed_message({"location": {"latitude": 52.5, "longitude": 13.4}})
            case "press":
                now = [(one, data) for one, every in self.keyboards.items() for data in every]
                if now:
                    await self.feed_press(*now[-1 - value % len(now)])
            case "press an old button":
                if self.seen:
                    await self.feed_press(*self.seen[value % len(self.seen)])
            case "forged press":
                await self.feed_press(max(self.keyboards, default=1), value)
            case _:
                self.clock.advance(timedelta(minutes=value))

    async def feed_message(self, content: dict[str, Any]) -> None:
        chat = {"id": 7, "type": "private"}
        date = int(self.clock.now().timestamp())
        self.sent += 1
        message = {"message_id": self.sent, "date": date, "chat": chat, "from": self.person}
        made = await self.feed({"message": message | content})
        assert any(isinstance(call, SendMessage) for call in made), f"silence after {content}"

    async def feed_press(self, message_id: int, data: str) -> None:
        chat = {"id": 7, "type": "private"}
        message = {"message_id": message_id, "date": 1, "chat": chat, "text": "x"}
        press = {"id": "1", "from": self.person, "chat_instance": "1", "data": data}
        made = await self.feed({"callback_query": press | {"message": message}})
        answers = [call for call in made if isinstance(call, AnswerCallbackQuery)]
        assert len(answers) == 1, f"{len(answers)} answers to {data!r}"
        shown = any(isinstance(call, SendMessage | EditMessageText) for call in made)
        assert shown or answers[0].text, f"nothing happened after {data!r}"
        assert units(answers[0].text or "") <= 200

    async def feed_query(self, query: str) -> None:
        asked = {"id": "1", "from": self.person, "query": query, "offset": ""}
        made = await self.feed({"inline_query": asked})
        answers = [call for call in made if isinstance(call, AnswerInlineQuery)]
        assert len(answers) == 1, f"{len(answers)} answers to {query!r}"
        assert answers[0].results or answers[0].button, f"nothing was offered for {query!r}"
        assert len(answers[0].results) <= 50

    async def feed(self, content: dict[str, Any]) -> list[TelegramMethod[Any]]:
        before = len(self.session.calls)
        self.updates += 1
        update = Update.model_validate({"update_id": self.updates} | content)
        await self.dispatcher.feed_update(self.bot, update)
        made = self.session.calls[before:]
        for call in made:
            self.look_at(call)
        return made

    def look_at(self, call: TelegramMethod[Any]) -> None:
        if isinstance(call, SendMessage):
            self.show(self.session.last_message_id, call.reply_markup)
            assert 0 < units(call.text) <= MESSAGE_LIMIT * 5
        elif isinstance(call, EditMessageText | EditMessageReplyMarkup):
            self.show(call.message_id or 0, call.reply_markup)

    def show(self, message_id: int, markup: object) -> None:
        rows = markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else []
        data = [button.callback_data or "" for row in rows for button in row]
        assert all(1 <= len(one.encode()) <= 64 for one in data)
        assert all(button.text.strip() for row in rows for button in row)
        assert sum(map(len, rows)) <= 100
        self.keyboards[message_id] = data
        self.seen += [(message_id, one) for one in data]


@pytest.fixture(autouse=True)
def no_failures(caplog: pytest.LogCaptureFixture) -> Callable[[], None]:
    def check() -> None:
        assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
        caplog.clear()

    return check


@pytest.mark.slow
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(taken=steps, language=st.sampled_from(["en", "ru"]))
def test_the_bot_is_never_silent_and_nothing_breaks(
    no_failures: Callable[[], None], taken: list[tuple[str, Any]], language: str
) -> None:
    async def converse() -> None:
        phone = Phone(language)
        for what, value in taken:
            await phone.do(what, value)

    asyncio.run(converse())

    no_failures()
