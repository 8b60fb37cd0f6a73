"""The Bot API over plain HTTP, as any library speaks it."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from support.simulator import RunningSimulator, running_simulator
from taskbot.adapters.simulator import Simulator
from taskbot.adapters.simulator.simulator import METHODS

pytestmark = pytest.mark.anyio

BASE = "/bot4242:abc"


async def refused(sim: RunningSimulator, path: str, **arguments: Any) -> tuple[int, str]:
    response = await sim.control.http.post(path, **arguments)
    body = response.json()
    assert body["ok"] is False
    assert body["error_code"] == response.status_code
    return response.status_code, body["description"]


@pytest.mark.parametrize("method", ["sendMessage", "sendmessage", "SENDMESSAGE"])
@pytest.mark.parametrize("way", ["query", "form", "multipart", "json"])
async def test_parameters_come_in_four_ways_and_case_does_not_matter(
    sim: RunningSimulator, ada: int, way: str, method: str
) -> None:
    markup = {"inline_keyboard": [[{"text": "Го", "callback_data": "go"}]]}
    fields = {"chat_id": str(ada), "text": "при&вет", "reply_markup": json.dumps(markup)}
    path = f"{BASE}/{method}"
    http = sim.control.http

    match way:
        case "query":
            response = await http.get(path, params=fields)
        case "form":
            response = await http.post(path, data=fields)
        case "multipart":
            response = await http.post(path, files={k: (None, v) for k, v in fields.items()})
        case _:
            response = await http.post(path, json={**fields, "reply_markup": markup})

    assert response.json()["result"]["text"] == "при&вет"
    assert (await sim.control.last(ada))["buttons"] == [[{"text": "Го", "data": "go"}]]


async def test_an_answer_says_only_what_is_set(sim: RunningSimulator, ada: int) -> None:
    response = await sim.control.http.post(
        f"{BASE}/sendMessage", json={"chat_id": ada, "text": "x"}
    )

    result = response.json()["result"]
    assert set(result) == {"message_id", "from", "chat", "date", "text"}
    assert isinstance(result["date"], int)
    assert result["chat"] == {
        "id": ada,
        "type": "private",
        "first_name": "Ada",
        "username": "ada_l",
    }


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "", "text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "nobody", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": 7}, "message text is empty"),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": "{"},
            "can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": "[1]"},
            "object expected as reply markup",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": [[{}]]}},
            "can't parse inline keyboard button: can't find or read field \"text\"",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "entities": [{"type": "bold"}]},
            "can't parse entities JSON object",
        ),
        (
            "editMessageText",
            {"chat_id": 7, "text": "x", "message_id": 1, "reply_markup": {"force_reply": True}},
            "inline keyboard expected",
        ),
        ("editMessageText", {"chat_id": 7, "text": "x"}, "message identifier is not specified"),
        ("deleteMessage", {"chat_id": 7}, "message identifier is not specified"),
        ("sendPhoto", {"chat_id": 7}, "there is no photo in the request"),
        ("sendPhoto", {"chat_id": 7, "photo": "nope"}, "wrong file identifier/HTTP URL specified"),
        (
            "sendPhoto",
            {"chat_id": 7, "photo": "attach://x"},
            "wrong file identifier/HTTP URL specified",
        ),
        ("sendPhoto", {"chat_id": 7, "photo": "https://a.b/c"}, "failed to get HTTP URL content"),
        ("setMyCommands", {"commands": "x"}, "can't parse commands JSON object"),
        ("getFile", {}, "invalid file_id"),
    ],
)
async def test_a_call_that_misses_something_is_refused_in_telegrams_words(
    sim: RunningSimulator, ada: int, method: str, fields: dict[str, Any], words: str
) -> None:
    answer = await refused(sim, f"{BASE}/{method}", json=fields)

    assert answer == (400, f"Bad Request: {words}")


async def test_an_unknown_method_is_not_found(sim: RunningSimulator) -> None:
    assert await refused(sim, f"{BASE}/doMagic") == (404, "Not Found: method not found")


@pytest.mark.parametrize("token", ["4242", "abc:def", "4242:", "4242:no spaces"])
async def test_a_malformed_token_is_unauthorized(sim: RunningSimulator, token: str) -> None:
    answer = await refused(sim, f"/bot{token}/getMe")

    assert answer == (401, "Unauthorized: invalid token specified")


async def test_only_the_accepted_token_is_let_in() -> None:
    async with running_simulator(simulator=Simulator(accepted_token="1:right")) as sim:
        right = await sim.control.http.get("/bot1:right/getMe")
        wrong = await refused(sim, "/bot1:wrong/getMe")

    assert right.json()["result"]["id"] == 1
    assert wrong == (401, "Unauthorized")


@pytest.mark.parametrize(
    "body",
    [b"{", b"[1]", b"\xff\xfe", b'{"text": "\xff"}', b"[" * 100_000, b'{"text": "\\ud800"}'],
)
async def test_a_broken_json_body_is_a_bad_request(sim: RunningSimulator, body: bytes) -> None:
    code, words = await refused(
        sim, f"{BASE}/sendMessage", content=body, headers={"Content-Type": "application/json"}
    )

    assert code == 400
    assert words.startswith("Bad Request: ")


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "text/weird"]
)
async def test_a_body_of_another_kind_is_a_bad_request(sim: RunningSimulator, kind: str) -> None:
    code, _ = await refused(
        sim, f"{BASE}/sendMessage", content=b"nonsense", headers={"Content-Type": kind}
    )

    assert code == 400


async def test_text_that_is_not_utf_8_is_a_bad_request(sim: RunningSimulator) -> None:
    answer = await refused(sim, f"{BASE}/sendMessage?text=%ff&chat_id=7")

    assert answer == (400, "Bad Request: strings must be encoded in UTF-8")


async def test_a_body_that_is_too_large_is_refused(sim: RunningSimulator) -> None:
    code, words = await refused(
        sim,
        f"{BASE}/sendMessage",
        content=b"x" * (53 * 1024 * 1024),
        headers={"Content-Type": "application/json"},
    )

    assert (code, words) == (413, "Request Entity Too Large")


async def test_several_bots_have_updates_of_their_own(sim: RunningSimulator, ada: int) -> None:
    http = sim.control.http
    first = (await http.get("/bot1:a/getUpdates")).json()["result"]
    await http.get("/bot2:a/getMe")
    await sim.control.send(ada, "to the second")

    second = (await http.get("/bot2:a/getUpdates")).json()["result"]
    repeated = (await http.get("/bot1:a/getUpdates")).json()["result"]

    assert [update["message"]["text"] for update in first] == ["/start"]
    assert [update["message"]["text"] for update in second] == ["to the second"]
    assert repeated == first


async def test_an_upload_that_is_too_large_is_refused(sim: RunningSimulator) -> None:
    content = b"x" * (53 * 1024 * 1024)

    code, words = await refused(sim, f"{BASE}/sendDocument", files={"document": ("x", content)})

    assert (code, words) == (413, "Request Entity Too Large")


async def test_a_path_that_is_no_bots_is_not_found(sim: RunningSimulator) -> None:
    assert await refused(sim, "/nobody/getMe") == (404, "Not Found")


async def test_a_reply_keyboard_may_name_its_buttons_by_bare_strings(
    sim: RunningSimulator, ada: int
) -> None:
    markup = {"keyboard": [["Today", {"text": "Tomorrow"}]]}

    response = await sim.control.http.post(
        f"{BASE}/sendMessage", json={"chat_id": ada, "text": "x", "reply_markup": markup}
    )

    shown = await sim.control.last(ada)
    assert response.status_code == 200
    assert shown["keyboard"]["buttons"] == [[{"text": "Today"}, {"text": "Tomorrow"}]]


async def test_after_closing_calls_are_told_of_a_restart() -> None:
    async with running_simulator() as sim:
        await sim.simulator.close()

        answer = await refused(sim, f"{BASE}/getMe")

    assert answer == (500, "Internal Server Error: restart")


FIELDS = [
    "chat_id",
    "text",
    "message_id",
    "message_ids",
    "parse_mode",
    "entities",
    "reply_markup",
    "reply_parameters",
    "photo",
    "document",
    "caption",
    "callback_query_id",
    "offset",
    "limit",
    "allowed_updates",
    "commands",
    "scope",
    "language_code",
    "name",
    "description",
    "file_id",
    "url",
    "secret_token",
    "max_connections",
    "action",
    "reaction",
    "menu_button",
]
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["7", "HTML", "<b>x</b>", "bold", "chat", "emoji", "commands", "{}", "[[1]]"])
)
keys = st.sampled_from(
    [
        "type",
        "offset",
        "length",
        "url",
        "user",
        "inline_keyboard",
        "keyboard",
        "text",
        "emoji",
        "callback_data",
        "message_id",
        "chat_id",
        "command",
        "description",
        "force_reply",
    ]
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(sorted(METHODS)),
    fields=st.dictionaries(st.sampled_from(FIELDS), values, max_size=8),
    is_for_ada=st.booleans(),
)
async def test_no_parameters_are_too_strange(
    sim: RunningSimulator, ada: int, method: str, fields: dict[str, Any], *, is_for_ada: bool
) -> None:
    body = {"text": "x", **fields} | ({"chat_id": ada, "message_id": 1} if is_for_ada else {})

    response = await sim.control.http.post(f"{BASE}/{method}", json=body)

    answer = response.json()
    assert response.status_code in {200, 400, 403, 409}
    assert answer["ok"] is (response.status_code == 200)
