"""The control interface: asking the bot inline, and sending what it offers."""

import secrets
from typing import Any, Final

from aiogram.types import InlineQuery
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from taskbot.adapters.simulator import people
from taskbot.adapters.simulator.control_bodies import (
    AnyRequest,
    ChooseBody,
    InlineBody,
    read_body,
)
from taskbot.adapters.simulator.formatted_text import Entity, FormattedText
from taskbot.adapters.simulator.html_rendering import render_html
from taskbot.adapters.simulator.refusals import ControlRefusal
from taskbot.adapters.simulator.simulator import Simulator
from taskbot.adapters.simulator.state import Account, InlineQuestion
from taskbot.adapters.simulator.telegram_objects import message_object, person_user, to_json
from taskbot.adapters.simulator.world import World

QUESTIONS_KEPT: Final = 100  # of all persons; a client forgets them when it asks something else
CHAT_TYPE: Final = "sender"  # a private chat with the bot itself

Server = NamedDependency[Simulator]
Id = FromPath[int]


class InlineController(Controller):
    path = "/sim/persons/{person_id:int}"

    @post("/inline", status_code=HTTP_200_OK)
    async def ask(self, request: AnyRequest, simulator: Server, person_id: Id) -> dict[str, Any]:
        """Type `@bot query` and wait for what the bot offers."""
        body = await read_body(request, InlineBody)
        world, account = simulator.world, simulator.world.current
        question = _put(world, account, person_id, body)
        world.commit()
        await world.changes.until(lambda: question.answer is not None, seconds=body.wait)
        return _shown(question)

    @post("/choose", status_code=HTTP_200_OK)
    async def choose(self, request: AnyRequest, simulator: Server, person_id: Id) -> dict[str, Any]:
        """Send a result of the last answer in the chat with the bot."""
        body = await read_body(request, ChooseBody)
        world, account = simulator.world, simulator.world.current
        chat = people.open_chat(world, account, person_id)
        result = _last_offered(account, person_id, body.result_id)
        chat.is_started = True
        world.save(chat)
        sent = {name: result[name] for name in ("text", "entities", "inline_keyboard")}
        message = world.add_message(
            account, person=person_id, is_from_bot=False, via_bot=True, **sent
        )
        shown = message_object(world, account, message)
        world.enqueue(account, "message", shown, lane=f"chat:{person_id}")
        world.commit()
        return {"message_id": message.message_id}


def _put(world: World, account: Account, person_id: int, body: InlineBody) -> InlineQuestion:
    person = world.person(person_id)
    if person.is_deactivated:
        raise ControlRefusal(409, f"the account of person {person_id} is deactivated")
    question = InlineQuestion(
        bot=account.number,
        id=str(secrets.randbelow(9 * people.QUERY_IDS) + people.QUERY_IDS),
        person=person_id,
        query=body.query.strip(),
        offset=body.offset,
        date=world.now(),
    )
    account.questions[question.id] = question
    world.save(question)
    for old in list(account.questions.values())[:-QUESTIONS_KEPT]:
        del account.questions[old.id]
        world.drop(old)
    asked = InlineQuery(
        id=question.id,
        from_user=person_user(person),
        query=question.query,
        offset=question.offset,
        chat_type=CHAT_TYPE,
    )
    world.enqueue(account, "inline_query", to_json(asked), lane=f"inline:{person_id}")
    return question


def _shown(question: InlineQuestion) -> dict[str, Any]:
    answer = question.answer or {
        "results": [],
        "next_offset": "",
        "button": None,
        "cache_time": 0,
        "is_personal": False,
    }
    results = [_result_view(result) for result in answer["results"]]
    return {"answered": question.answer is not None, **answer, "results": results}


def _result_view(result: dict[str, Any]) -> dict[str, Any]:
    entities = tuple(Entity.from_json(raw) for raw in result["entities"])
    return {
        "id": result["id"],
        "title": result["title"],
        "description": result["description"],
        "text": result["text"],
        "html": render_html(FormattedText(result["text"], entities)),
        "buttons": result["inline_keyboard"] or [],
    }


def _last_offered(account: Account, person_id: int, result_id: str) -> dict[str, Any]:
    for question in reversed(account.questions.values()):
        if question.person == person_id and question.answer is not None:
            for result in question.answer["results"]:
                if result["id"] == result_id:
                    found: dict[str, Any] = result
                    return found
    raise ControlRefusal(404, f"person {person_id} was offered no result {result_id!r}")
