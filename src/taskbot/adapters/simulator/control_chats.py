"""The control interface: persons and what they do."""

import secrets
from typing import Any, Final

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.status_codes import HTTP_200_OK

from taskbot.adapters.simulator import people
from taskbot.adapters.simulator.control_bodies import (
    AnyRequest,
    EditBody,
    NewGroup,
    NewPerson,
    PressBody,
    SendBody,
    read_body,
)
from taskbot.adapters.simulator.control_contents import contents, read_form
from taskbot.adapters.simulator.refusals import ControlRefusal
from taskbot.adapters.simulator.simulator import Simulator
from taskbot.adapters.simulator.state import Person, StoredMessage
from taskbot.adapters.simulator.transcript import last_message, message_view, person_view
from taskbot.adapters.simulator.world import World

LONGEST_WAIT: Final = 50.0
UPLOAD_BYTES: Final = 72 * 1024 * 1024
FIRST_PERSON_ID: Final = 100_000_000

Server = NamedDependency[Simulator]
Id = FromPath[int]


class PersonController(Controller):
    path = "/sim/persons"

    @get("/")
    async def everybody(self, simulator: Server) -> list[dict[str, Any]]:
        world = simulator.world
        return [
            _shown(world, person.id) | {"last_message": last_message(world.current, person)}
            for person in world.persons.values()
        ]

    @post("/")
    async def add(self, request: AnyRequest, simulator: Server) -> dict[str, Any]:
        """A person with a known id is changed."""
        world = simulator.world
        body = await read_body(request, NewPerson)
        person_id = body.id or _free_id(world)
        known = world.persons.get(person_id)
        person = Person(
            id=person_id,
            first_name=body.first_name,
            last_name=body.last_name,
            username=body.username,
            language_code=body.language_code,
            is_deactivated=known.is_deactivated if known else False,
        )
        _keep(world, person)
        return _shown(world, person_id)

    @get("/{person_id:int}")
    async def one(self, simulator: Server, person_id: Id) -> dict[str, Any]:
        return _shown(simulator.world, person_id)

    @post("/{person_id:int}/block", status_code=HTTP_200_OK)
    async def block(self, simulator: Server, person_id: Id) -> dict[str, Any]:
        return _block(simulator.world, person_id, is_blocked=True)

    @post("/{person_id:int}/unblock", status_code=HTTP_200_OK)
    async def unblock(self, simulator: Server, person_id: Id) -> dict[str, Any]:
        return _block(simulator.world, person_id, is_blocked=False)

    @post("/{person_id:int}/deactivate", status_code=HTTP_200_OK)
    async def deactivate(self, simulator: Server, person_id: Id) -> dict[str, Any]:
        world = simulator.world
        person = world.person(person_id)
        person.is_deactivated = True
        world.save(person)
        world.commit()
        return _shown(world, person_id)


@post("/sim/groups")
async def add_group(request: AnyRequest, simulator: Server) -> dict[str, Any]:
    """A group that every bot is in; what they write there is shown as a person's chat is."""
    body = await read_body(request, NewGroup)
    _keep(simulator.world, Person(id=body.id, first_name=body.title))
    return _shown(simulator.world, body.id)


def _keep(world: World, person: Person) -> None:
    world.persons[person.id] = person
    world.save(person)
    world.commit()


class ChatController(Controller):
    path = "/sim/persons/{person_id:int}"

    @post("/send", status_code=HTTP_200_OK, request_max_body_size=UPLOAD_BYTES)
    async def send(self, request: AnyRequest, simulator: Server, person_id: Id) -> dict[str, Any]:
        if request.content_type[0] == "multipart/form-data":
            body, files = await read_form(request)
        else:
            body, files = await read_body(request, SendBody), {}
        world, account = simulator.world, simulator.world.current
        chat = people.open_chat(world, account, person_id)
        ids = people.write(world, account, chat, **contents(world, account, chat, body, files))
        world.commit()
        return {"message_id": ids[-1], "message_ids": ids}

    @post("/edit", status_code=HTTP_200_OK)
    async def edit(self, request: AnyRequest, simulator: Server, person_id: Id) -> dict[str, Any]:
        body = await read_body(request, EditBody)
        world, account = simulator.world, simulator.world.current
        chat = people.open_chat(world, account, person_id)
        people.edit(world, account, chat, body.message_id, body.text)
        world.commit()
        return {"message_id": body.message_id}

    @post("/press", status_code=HTTP_200_OK)
    async def press(self, request: AnyRequest, simulator: Server, person_id: Id) -> dict[str, Any]:
        body = await read_body(request, PressBody)
        return await _press(simulator.world, person_id, body)

    @get("/messages")
    async def messages(
        self,
        simulator: Server,
        person_id: Id,
        after: FromQuery[int] = 0,
        since: FromQuery[int | None] = None,
        wait: FromQuery[float] = 0.0,
    ) -> list[dict[str, Any]]:
        world = simulator.world
        world.person(person_id)
        begin = world.current.next_revision

        def changed() -> list[StoredMessage]:
            # Another bot may come, or the state be reset, while the page waits.
            transcript = world.current.transcript(person_id)
            if since is not None:
                return [message for message in transcript if message.revision > since]
            return [m for m in transcript if m.message_id > after or m.revision >= begin]

        seconds = min(wait, LONGEST_WAIT) if wait > 0 else 0.0
        await world.changes.until(lambda: bool(changed()), seconds=seconds)
        return [message_view(message) for message in changed()]


def _shown(world: World, person_id: int) -> dict[str, Any]:
    return person_view(world, world.current, world.person(person_id))


def _block(world: World, person_id: int, *, is_blocked: bool) -> dict[str, Any]:
    people.block(world, world.current, person_id, is_blocked=is_blocked)
    world.commit()
    return _shown(world, person_id)


def _free_id(world: World) -> int:
    while (person_id := FIRST_PERSON_ID + secrets.randbelow(FIRST_PERSON_ID)) in world.persons:
        pass
    return person_id


async def _press(world: World, person_id: int, body: PressBody) -> dict[str, Any]:
    account = world.current
    chat = people.open_chat(world, account, person_id)
    if (body.data is None) is (body.text is None):
        raise ControlRefusal(400, "press a button by its data or by its text")
    result: dict[str, Any] = {
        "answered": False,
        "text": None,
        "show_alert": False,
        "url": None,
        "callback_query_id": None,
        "message_id": body.message_id,
    }
    if body.data is not None and body.force:
        return result | await people.press(
            world, account, chat, body.message_id, body.data, seconds=body.wait
        )
    message = people.message_of(account, person_id, body.message_id)
    for button in (button for row in message.inline_keyboard or [] for button in row):
        data = button.get("callback_data")
        if body.text == button["text"] and data is None:
            return result | {"url": button.get("url")}
        if data is not None and (data == body.data or body.text == button["text"]):
            return result | await people.press(
                world, account, chat, body.message_id, data, seconds=body.wait
            )
    labels = {
        button["text"] for row in (message.keyboard or {}).get("buttons", []) for button in row
    }
    if body.text is not None and body.text in labels:
        ids = people.write(world, account, chat, text=body.text)
        world.commit()
        return result | {"message_id": ids[-1]}
    raise ControlRefusal(
        400,
        f"message {body.message_id} has no such button (force: true presses a forged one)",
    )
