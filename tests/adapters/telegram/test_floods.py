"""Who sends faster than anybody can is told so, once, and is not answered for a while."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError
from aiogram.methods import AnswerCallbackQuery, SendMessage, TelegramMethod
from aiogram.types import Update

from support.builders import NOW
from support.core import Core, a_core
from support.recording_session import RecordingSession
from support.simulator import TOKEN
from support.telegram import a_dispatcher
from taskbot.adapters.memory import LocalRateLimiter, ManualClock
from taskbot.adapters.telegram.floods import USUAL
from taskbot.application.ports import RateLimiter

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
BURST = USUAL.requests


class Chat:
    """Somebody who sends as fast as they like."""

    def __init__(
        self, core: Core, rates: RateLimiter, *, person: int = 7, language: str = "en"
    ) -> None:
        self.session = RecordingSession()
        self.bot = Bot(TOKEN, session=self.session)
        self.dispatcher = a_dispatcher(core, rates=rates)
        self.person = {"id": person, "is_bot": False, "first_name": "A", "language_code": language}
        self.updates = 0

    async def send(self, text: str) -> list[TelegramMethod[Any]]:
        chat = {"id": self.person["id"], "type": "private"}
        message = {"message_id": 1, "date": 1, "chat": chat, "from": self.person, "text": text}
        return await self._feed({"message": message})

    async def press(self, data: str) -> list[TelegramMethod[Any]]:
        press = {"id": "1", "from": self.person, "chat_instance": "1", "data": data}
        return await self._feed({"callback_query": press})

    async def _feed(self, content: dict[str, Any]) -> list[TelegramMethod[Any]]:
        before = len(self.session.calls)
        self.updates += 1
        update = Update.model_validate({"update_id": self.updates} | content)
        await self.dispatcher.feed_update(self.bot, update)
        return self.session.calls[before:]


def texts(calls: list[TelegramMethod[Any]]) -> list[str]:
    return [call.text for call in calls if isinstance(call, SendMessage)]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def ada(clock: ManualClock) -> Chat:
    return Chat(a_core(clock=clock), LocalRateLimiter(clock))


async def test_what_a_person_can_do_in_a_moment_is_all_answered(ada: Chat) -> None:
    for number in range(BURST):
        assert texts(await ada.send("/help")), number


@pytest.mark.parametrize(
    ("language", "words"), [("en", "again in 10 seconds"), ("ru", "через 10 секунд")]
)
async def test_a_flood_is_answered_by_one_notice(
    clock: ManualClock, language: str, words: str
) -> None:
    chat = Chat(a_core(clock=clock), LocalRateLimiter(clock), language=language)
    for _ in range(BURST):
        await chat.send("/help")

    told = [text for _ in range(50) for text in texts(await chat.send("/help"))]

    assert len(told) == 1
    assert words in told[0]


async def test_after_the_wait_that_was_told_things_go_on(ada: Chat, clock: ManualClock) -> None:
    for _ in range(BURST + 5):
        await ada.send("/help")

    clock.advance(10 * SECOND)

    for _ in range(10):
        assert texts(await ada.send("/help"))


async def test_presses_beyond_the_limit_are_answered_by_a_toast_and_do_nothing(
    ada: Chat,
) -> None:
    for _ in range(BURST):
        await ada.press("l:0::")

    for _ in range(3):
        (answer,) = await ada.press("l:0::")
        assert isinstance(answer, AnswerCallbackQuery)
        assert "Too fast" in (answer.text or "")


async def test_who_floods_disturbs_nobody_else(clock: ManualClock) -> None:
    core, rates = a_core(clock=clock), LocalRateLimiter(clock)
    loud, quiet = Chat(core, rates, person=7), Chat(core, rates, person=8)
    for _ in range(BURST + 5):
        await loud.send("/help")

    assert texts(await quiet.send("/help"))


async def test_copies_of_the_bot_count_together(clock: ManualClock) -> None:
    core, rates = a_core(clock=clock), LocalRateLimiter(clock)
    copies = [Chat(core, rates), Chat(core, rates)]
    copies[1].updates = 1000

    said = [texts(await copies[number % 2].send("/help")) for number in range(BURST + 10)]

    assert Counter(len(one) for one in said) == {1: BURST + 1, 0: 9}


async def test_a_notice_that_cannot_be_sent_breaks_nothing(
    ada: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(BURST):
        await ada.send("/help")

    async def blocked(_: Bot, method: SendMessage, timeout: int | None = None) -> None:  # noqa: ASYNC109 - as the base class
        raise TelegramForbiddenError(method, "Forbidden: bot was blocked by the user")

    monkeypatch.setattr(ada.session, "make_request", blocked)

    assert await ada.send("/help") == []
