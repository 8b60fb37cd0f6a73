"""The control interface: persons, what they do and what they see."""

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MessageOriginHiddenUser,
    MessageOriginUser,
    ReplyKeyboardMarkup,
)
from hypothesis import HealthCheck, given, settings, strategies as st

from support.simulator import ControlError, RunningSimulator, eventually

pytestmark = pytest.mark.anyio


async def test_a_person_is_made_changed_and_listed(sim: RunningSimulator, ada: int) -> None:
    await sim.control.person(ada, "Augusta", last_name="King")
    await sim.control.person(8, "Bob")

    people = await sim.control.request("GET", "/sim/persons")

    assert [(p["id"], p["first_name"], p["started"]) for p in people] == [
        (7, "Augusta", True),
        (8, "Bob", False),
    ]
    assert people[0]["last_message"]["text"] == "/start"
    assert people[1]["last_message"] is None


async def test_a_bot_writes_to_a_group_and_nobody_speaks_there(
    sim: RunningSimulator, bot: Bot
) -> None:
    made = await sim.control.request(
        "POST", "/sim/groups", json={"id": -1001, "title": "Operators"}
    )

    sent = await bot.send_message(-1001, "Hello")
    (message,) = await sim.control.messages(-1001)

    assert (made["id"], made["first_name"]) == (-1001, "Operators")
    assert (sent.chat.type, sent.chat.title) == ("group", "Operators")
    assert message["text"] == "Hello"
    with pytest.raises(ControlError, match="nobody speaks"):
        await sim.control.send(-1001, "Hello?")


async def test_a_group_has_an_id_below_zero(sim: RunningSimulator) -> None:
    with pytest.raises(ControlError, match="400"):
        await sim.control.request("POST", "/sim/groups", json={"id": 5, "title": "No group"})


async def test_a_person_without_an_id_gets_one(sim: RunningSimulator) -> None:
    made = await sim.control.request("POST", "/sim/persons", json={"first_name": "Eve"})

    assert made["id"] > 0
    assert (await sim.control.request("GET", f"/sim/persons/{made['id']}")) == made


async def test_messages_sent_before_the_bot_is_there_wait_for_it(
    sim: RunningSimulator, ada: int
) -> None:
    before = await sim.control.request("GET", "/sim/bot")

    async with sim.bot() as bot:
        updates = await bot.get_updates()

    assert before["id"] is None
    assert before["pending_update_count"] == 1
    assert [update.message.text for update in updates if update.message] == ["/start"]


async def test_a_text_over_4096_is_split_as_clients_do(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    text = "🏟" * 3_000 + "x" * 4_000

    sent = await sim.control.request("POST", f"/sim/persons/{ada}/send", json={"text": text})

    messages = [update.message for update in (await bot.get_updates())[1:]]
    parts = [message.text for message in messages if message and message.text]
    assert sent["message_id"] == sent["message_ids"][-1]
    assert "".join(parts) == text
    assert [len(part.encode("utf-16-le")) // 2 for part in parts] == [4096, 4096, 1808]


async def test_everything_a_person_can_send_reaches_the_bot(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    bob = await sim.control.person(8, "Bob")
    first = await sim.control.send(ada, "hello")
    await sim.control.send(ada, location={"latitude": 55.75, "longitude": 37.62})
    await sim.control.send(ada, sticker="👍")
    await sim.control.send(ada, "from Bob", forward_from=bob)
    await sim.control.send(ada, "from a channel", forward_from="Somebody")
    await sim.control.send(ada, forward_from={"message_id": first})
    await sim.control.send(ada, "answer", reply_to=first)
    await sim.control.send(ada, "bold", entities=[{"type": "bold", "offset": 0, "length": 4}])

    messages = [update.message for update in (await bot.get_updates())[2:]]

    location, sticker, of_bob, of_somebody, forwarded, answer, bold = messages
    assert location is not None
    assert location.location is not None
    assert location.location.latitude == 55.75
    assert sticker is not None
    assert sticker.sticker is not None
    assert sticker.sticker.emoji == "👍"
    assert of_bob is not None
    assert isinstance(of_bob.forward_origin, MessageOriginUser)
    assert of_bob.forward_origin.sender_user.id == bob
    assert of_somebody is not None
    assert isinstance(of_somebody.forward_origin, MessageOriginHiddenUser)
    assert forwarded is not None
    assert forwarded.text == "hello"
    assert answer is not None
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.message_id == first
    assert bold is not None
    assert bold.html_text == "<b>bold</b>"
    shown = await sim.control.messages(ada)
    assert shown[-5]["forwarded_from"] == "Bob"


async def test_a_command_carries_its_entity(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    message = (await bot.get_updates())[0].message

    assert message is not None
    assert message.entities is not None
    assert message.entities[0].type == "bot_command"
    assert message.from_user is not None
    assert message.from_user.language_code == "en"


@pytest.mark.parametrize("data", [{"data": "a"}, {"text": "First"}])
async def test_a_button_is_pressed_by_data_or_by_text(
    sim: RunningSimulator, bot: Bot, ada: int, data: dict[str, str]
) -> None:
    keyboard = [
        [InlineKeyboardButton(text="First", callback_data="a")],
        [InlineKeyboardButton(text="Site", url="https://example.org/x")],
    ]
    sent = await bot.send_message(
        ada, "x", reply_markup=InlineKeyboardMarkup(inline_keyboard=keyboard)
    )

    pressed = await sim.control.press(ada, sent.message_id, **data, wait=0)
    link = await sim.control.press(ada, sent.message_id, text="Site")

    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert (query.id, query.data) == (pressed["callback_query_id"], "a")
    assert link["url"] == "https://example.org/x"


async def test_a_button_of_the_reply_keyboard_sends_its_text(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    keyboard = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Today")]], one_time_keyboard=True
    )
    sent = await bot.send_message(ada, "When?", reply_markup=keyboard)

    pressed = await sim.control.press(ada, sent.message_id, text="Today")

    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert (message.message_id, message.text) == (pressed["message_id"], "Today")
    assert (await sim.control.request("GET", f"/sim/persons/{ada}"))["keyboard"] is None


async def test_after_gives_later_messages_and_waits_for_them(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    first = (await sim.control.last(ada))["message_id"]
    nothing = await sim.control.messages(ada, after=first)
    waiting = asyncio.create_task(sim.control.messages(ada, after=first, wait=30))
    await asyncio.sleep(0)

    sent = await bot.send_message(ada, "later")

    async with asyncio.timeout(10):
        later = await waiting
    assert nothing == []
    assert [message["message_id"] for message in later] == [sent.message_id]


async def test_since_follows_edits_and_deletions(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    one = await bot.send_message(ada, "one")
    two = await bot.send_message(ada, "two")
    seen = max(message["revision"] for message in await sim.control.messages(ada, since=0))
    await one.edit_text("ONE")
    await two.delete()

    changed = await sim.control.changed(ada, since=seen)

    assert [(m["text"], m["deleted"]) for m in changed] == [("ONE", False), ("two", True)]
    assert await sim.control.messages(ada, since=max(m["revision"] for m in changed)) == []


async def test_an_edit_wakes_who_waits_for_later_messages(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    sent = await bot.send_message(ada, "one")
    url = f"/sim/persons/{ada}/messages"
    waiting = asyncio.create_task(
        sim.control.http.get(url, params={"after": sent.message_id, "wait": 30})
    )
    async with asyncio.timeout(10):
        while not waiting.done():
            # The poll may begin after an edit: then the next one ends it.
            await sent.edit_text(str(asyncio.get_running_loop().time()))
            await asyncio.sleep(0.01)

    assert [message["message_id"] for message in (await waiting).json()] == [sent.message_id]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/sim/persons", {}, 400),
        ("/sim/persons", {"first_name": ""}, 400),
        ("/sim/persons", {"first_name": "A", "id": -1}, 400),
        ("/sim/persons", {"first_name": "A", "nonsense": 1}, 400),
        ("/sim/persons", {"first_name": "A", "username": "no spaces"}, 400),
        ("/sim/persons/999/send", {"text": "x"}, 404),
        ("/sim/persons/7/send", {}, 400),
        ("/sim/persons/7/send", {"text": " "}, 400),
        ("/sim/persons/7/send", {"text": 5}, 400),
        ("/sim/persons/7/send", {"text": "x", "reply_to": 999}, 404),
        ("/sim/persons/7/send", {"text": "x", "forward_from": 999}, 404),
        ("/sim/persons/7/send", {"forward_from": "Somebody"}, 400),
        ("/sim/persons/7/send", {"location": {"latitude": 91, "longitude": 0}}, 400),
        (
            "/sim/persons/7/send",
            {"sticker": "x", "location": {"latitude": 1, "longitude": 1}},
            400,
        ),
        ("/sim/persons/7/edit", {"message_id": 999, "text": "x"}, 404),
        ("/sim/persons/7/edit", {"message_id": 1, "text": " "}, 400),
        ("/sim/persons/7/edit", {"message_id": 1, "text": "x" * 4097}, 400),
        ("/sim/persons/7/press", {"message_id": 1, "data": "x"}, 400),
        ("/sim/persons/7/press", {"message_id": 999, "data": "x"}, 404),
        ("/sim/persons/7/press", {"message_id": 1}, 400),
        ("/sim/persons/7/press", {"message_id": 1, "data": "x", "text": "x"}, 400),
        ("/sim/persons/999/block", {}, 404),
        ("/sim/redeliver", {"update_id": 1}, 404),
        ("/sim/faults", {"kind": "flood"}, 400),
        ("/sim/faults", {"kind": "500", "probability": 2}, 400),
        ("/sim/faults", {"kind": "500", "times": 0}, 400),
        ("/sim/limits", {"per_bot": 0}, 400),
    ],
)
async def test_a_request_that_makes_no_sense_is_refused_with_a_sentence(
    sim: RunningSimulator, ada: int, path: str, body: dict[str, Any], status: int
) -> None:
    with pytest.raises(ControlError) as refused:
        await sim.control.request("POST", path, json=body)

    assert refused.value.status == status
    assert refused.value.message


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sim/persons/abc", 404),
        ("/sim/persons/999", 404),
        ("/sim/persons/999/messages", 404),
        ("/sim/persons/7/messages?after=x", 400),
        ("/sim/persons/7/messages?wait=x", 400),
        ("/sim/files/nope", 404),
        ("/sim/nope", 404),
        ("/page/nope.js", 404),
        ("/page/..%2Fapp.py", 404),
        ("/page/app.py", 404),
        ("/nope", 404),
    ],
)
async def test_what_is_not_there_is_told_as_json(
    sim: RunningSimulator, ada: int, path: str, status: int
) -> None:
    with pytest.raises(ControlError) as refused:
        await sim.control.request("GET", path)

    assert refused.value.status == status


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b'{"first_name": "\\ud800"}'])
async def test_a_body_that_is_no_json_is_refused(sim: RunningSimulator, body: bytes) -> None:
    with pytest.raises(ControlError) as refused:
        await sim.control.request(
            "POST", "/sim/persons", content=body, headers={"Content-Type": "application/json"}
        )

    assert refused.value.status == 400


async def test_a_body_of_another_type_is_refused(sim: RunningSimulator) -> None:
    with pytest.raises(ControlError) as refused:
        await sim.control.request("POST", "/sim/persons", content=b'{"first_name": "x"}')

    assert refused.value.status == 415


@pytest.mark.parametrize("wait", ["nan", "inf", "-1", "0"])
async def test_an_odd_wait_is_no_trap(sim: RunningSimulator, ada: int, wait: str) -> None:
    assert len(await sim.control.messages(ada, wait=wait)) == 1


async def test_who_blocked_the_bot_or_is_gone_cannot_act(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.block(ada)
    with pytest.raises(ControlError) as blocked:
        await sim.control.send(ada, "x")
    await sim.control.unblock(ada)
    await sim.control.deactivate(ada)

    with pytest.raises(ControlError) as gone:
        await sim.control.press(ada, 1, data="x", force=True)

    assert blocked.value.status == gone.value.status == 409


async def test_a_person_cannot_edit_what_the_bot_said(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    sent = await bot.send_message(ada, "x")

    with pytest.raises(ControlError) as refused:
        await sim.control.edit(ada, sent.message_id, "y")

    assert refused.value.status == 400


async def test_a_reset_forgets_persons_but_lets_the_bot_go_on(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    before = await bot.get_updates()
    await bot.set_my_name("Tasks")
    await sim.control.fault("500", times=None)
    poll = asyncio.create_task(bot.get_updates(offset=before[-1].update_id + 1, timeout=50))
    await eventually(sim.control.is_polled)

    await sim.control.reset()
    people = await sim.control.request("GET", "/sim/persons")
    await sim.control.person(ada, "Ada")
    sent = await sim.control.send(ada, "again")

    async with asyncio.timeout(10):
        updates = await poll
    assert people == []
    assert [update.message.text for update in updates if update.message] == ["again"]
    assert updates[0].update_id > before[0].update_id
    assert sent > 1
    assert (await bot.get_me()).first_name == "Tasks"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["latitude", "longitude", "data", "name", "message_id", "type"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)
names = st.sampled_from(
    [
        "text",
        "caption",
        "entities",
        "location",
        "photo",
        "document",
        "sticker",
        "forward_from",
        "reply_to",
        "message_id",
        "data",
        "force",
        "id",
        "first_name",
        "kind",
        "times",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(
        [
            "/sim/persons",
            "/sim/persons/7/send",
            "/sim/persons/7/edit",
            "/sim/persons/7/press",
            "/sim/faults",
            "/sim/limits",
            "/sim/redeliver",
        ]
    ),
    body=st.dictionaries(names, values, max_size=5),
)
async def test_no_request_is_too_strange(
    sim: RunningSimulator, ada: int, path: str, body: dict[str, Any]
) -> None:
    response = await sim.control.http.post(
        path, json={"wait": 0, **body} if "press" in path else body
    )

    assert response.status_code in {200, 201, 400, 404, 409}
    assert response.is_success or response.json()["error"]
