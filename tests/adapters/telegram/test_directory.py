"""The directory finds whom aiogram would find, and asks nobody who cannot be meant."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from aiogram import BaseMiddleware, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.filters import Command, Filter, StateFilter, or_f
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from attrs import field, frozen

from support.core import a_core
from support.telegram import a_dispatcher
from taskbot.adapters.telegram.directory import Directory

pytestmark = pytest.mark.anyio


class Fruit(CallbackData, prefix="f"):
    name: str


class Moment(CallbackData, prefix="fm", sep="|"):
    clock: str


class Questions(StatesGroup):
    name = State()
    age = State()


@frozen
class Asked(Filter):
    """Notes that it was asked, and lets pass."""

    name: str
    _asked: list[str]

    async def __call__(self, _: Message | CallbackQuery) -> bool:
        self._asked.append(self.name)
        return True


@frozen
class Features:
    """Two routers with handlers that answer with their names."""

    asked: list[str] = field(factory=list)
    directory: Directory = field(factory=Directory)
    first: Router = field(factory=lambda: Router(name="first"))
    second: Router = field(factory=lambda: Router(name="second"))

    def __attrs_post_init__(self) -> None:
        self.directory.include_routers(self.first, self.second)

    def takes(self, router: Router, kind: str, name: str, *filters: Filter) -> None:
        seen = Asked(name, self.asked)
        router.observers[kind].register(_named(name), *filters, seen)

    async def say(self, text: str | None, *, step: str | None = None, **more: Any) -> Any:
        chat = {"id": 7, "type": "private"}
        message = Message.model_validate(
            {"message_id": 1, "date": 1, "chat": chat, "text": text} | more
        )
        return await self._told("message", message, step)

    async def press(self, data: str, *, step: str | None = None) -> Any:
        somebody = {"id": 7, "is_bot": False, "first_name": "Ada"}
        press = {"id": "1", "from": somebody, "chat_instance": "1", "data": data}
        return await self._told("callback_query", CallbackQuery.model_validate(press), step)

    async def _told(self, kind: str, event: Message | CallbackQuery, step: str | None) -> Any:
        return await self.directory.propagate_event(kind, event, raw_state=step, bot=None)


def _named(name: str) -> Callable[..., Any]:
    async def handler(*_: Any) -> str:
        return name

    return handler


async def test_a_command_goes_to_its_handler_and_no_other_is_asked() -> None:
    some = Features()
    some.takes(some.first, "message", "start", Command("start"))
    some.takes(some.second, "message", "help", Command("help", "man"))

    assert await some.say("/help") == "help"
    assert await some.say("/man me", caption="/start") == "help"
    assert await some.say(None, caption="/start") == "start"
    assert await some.say("/other") is UNHANDLED
    assert await some.say("help") is UNHANDLED
    assert some.asked == ["help", "help", "start"]


async def test_a_press_goes_to_who_knows_what_the_button_carries() -> None:
    some = Features()
    some.takes(some.first, "callback_query", "fruit", Fruit.filter())
    some.takes(some.second, "callback_query", "either", or_f(Moment.filter(), Fruit.filter()))

    assert await some.press("f:apple") == "fruit"
    assert await some.press("fm|12:00") == "either"
    assert await some.press("fn:12") is UNHANDLED
    assert some.asked == ["fruit", "either"]


async def test_an_answer_goes_to_who_has_asked() -> None:
    some = Features()
    some.takes(some.first, "message", "age", StateFilter(Questions.age))
    some.takes(some.first, "message", "no question", StateFilter(None))
    some.takes(some.second, "message", "any question", StateFilter(Questions))

    assert await some.say("7", step="Questions:age") == "age"
    assert await some.say("Ada", step="Questions:name") == "any question"
    assert await some.say("Ada") == "no question"
    assert some.asked == ["age", "any question", "no question"]


async def test_who_may_be_meant_by_anything_is_asked_in_the_order_of_all() -> None:
    some = Features()
    some.takes(some.first, "message", "not in the question", ~StateFilter(Questions.name))
    some.takes(some.second, "message", "help", Command("help"))
    some.takes(some.second, "message", "rest")

    assert await some.say("/help") == "not in the question"
    assert await some.say("/help", step="Questions:name") == "help"
    assert await some.say("/unknown", step="Questions:name") == "rest"


async def test_a_command_that_is_no_plain_word_may_be_any() -> None:
    some = Features()
    some.takes(some.first, "message", "numbered", Command(re.compile(r"task_\d+")))
    some.takes(some.second, "message", "loud", Command("HELP", ignore_case=True))

    assert await some.say("/task_12") == "numbered"
    assert await some.say("/Help") == "loud"


async def test_middlewares_of_all_routers_above_stand_around_a_handler() -> None:
    class Says(BaseMiddleware):
        def __init__(self, word: str) -> None:
            self._word = word

        async def __call__(self, handler: Any, event: Any, data: dict[str, Any]) -> Any:
            return f"{self._word}({await handler(event, data)})"

    some = Features()
    some.takes(some.first, "message", "help", Command("help"))
    some.directory.message.middleware(Says("outer"))
    some.first.message.middleware(Says("inner"))
    some.second.message.middleware(Says("other"))

    assert await some.say("/help") == "outer(inner(help))"


async def test_what_nobody_looks_up_goes_as_ever() -> None:
    some = Features()
    some.takes(some.second, "edited_message", "edited")
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "x"}

    edited = await some.directory.propagate_event(
        "edited_message", Message.model_validate(message), bot=None
    )

    assert edited == "edited"


@pytest.mark.parametrize(
    ("word", "step", "most"),
    [("help", None, 8), (None, None, 8), ("t", None, 20), ("s", "CreateForm:category", 12)],
)
def test_of_the_bots_own_handlers_few_are_asked(
    word: str | None, step: str | None, most: int
) -> None:
    (directory,) = a_dispatcher(a_core()).sub_routers
    assert isinstance(directory, Directory)

    kind = "callback_query" if word in {"t", "s"} else "message"
    asked = directory.asked(kind, word, step)

    assert 0 < len(asked) <= most
    every = [h for r in directory.chain_tail for h in r.observers[kind].handlers]
    assert len(asked) * 2 < len(every)
