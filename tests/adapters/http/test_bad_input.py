"""What nobody should send, in every place where it can be put: a 4xx problem, never a 5xx.

The places come from the API's own description. `test_bodies` and `test_task_list` say in detail
how single operations answer; this says that none was forgotten.
"""

import json
from typing import Any, Final

import httpx
import pytest

from support.api import Person, an_api, ask
from support.operations import LOGIN, Call, Given, Operation, call, operations, things_of
from support.places import DAY, MOMENT, NUMBER, TEXT, ZONE, Place, parameters, places
from taskbot.domain.access_token import PERSONAL_SCOPES, Scope

pytestmark = pytest.mark.anyio

_API: Final = an_api(proofs=LOGIN)
OPERATIONS: Final = {str(operation): operation for operation in operations(_API.app)}
WITH_BODY: Final = [operation for operation in OPERATIONS.values() if operation.takes_body]
WITH_CURSOR: Final = [OPERATIONS[one.operation] for one in parameters() if one.field == "cursor"]
OF_ONES_OWN: Final = [one for one in WITH_CURSOR if one.scopes <= PERSONAL_SCOPES]
_GIVEN: Final[list[Given]] = []

MILLION: Final = 10**6
HERE: Final = "put it here"


async def given() -> Given:
    """Things of one person; made once, for nothing here may change them."""
    if not _GIVEN:
        _GIVEN.append(await things_of(await _somebody(1), api=_API))
    return _GIVEN[0]


async def _somebody(telegram_id: int) -> Person:
    """A person whose token is good for everything."""
    person = await _API.person(telegram_id)
    made = await _API.core.access_tokens.create("all", scopes=Scope, actor=person.user.id)
    return Person(person.user, made.secret, _API.client(Authorization=f"Bearer {made.secret}"))


async def send(made: Call) -> httpx.Response:
    return await made.by((await given()).owner.client)


async def send_raw(operation: Operation, body: bytes) -> httpx.Response:
    made = call(operation, await given())
    client = (await given()).owner.client
    headers = {"Content-Type": "application/json"}
    return await client.request(operation.method, made.path, content=body, headers=headers)


async def body_of(operation: Operation) -> dict[str, Any]:
    body: dict[str, Any] = call(operation, await given()).body
    return body


def is_refused(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in (statuses or range(400, 500)), answer.text
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["type"].startswith("/problems/")
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert len(answer.content) < 10_000


async def refuses(place: Place, *values: Any) -> None:
    """Each of *values* in *place* is refused, and it is the place that is blamed."""
    made = call(OPERATIONS[place.operation], await given())
    for value in values:
        answer = await send(place.filled(made, value))
        is_refused(answer)
        if answer.status_code in {400, 422}:
            blamed = {error["field"] for error in answer.json().get("errors", [])}
            assert place.field in blamed, (value, answer.text)


every_body = pytest.mark.parametrize("operation", WITH_BODY, ids=str)


def in_every(*found: Place) -> pytest.MarkDecorator:
    assert found
    return pytest.mark.parametrize("place", found, ids=str)


@every_body
async def test_no_beginning_of_a_body_is_a_body(operation: Operation) -> None:
    body = json.dumps(await body_of(operation)).encode()

    for length in range(len(body)):
        is_refused(await send_raw(operation, body[:length]), 400)


@every_body
async def test_bytes_that_are_not_utf_8_are_refused(operation: Operation) -> None:
    text = json.dumps(await body_of(operation))

    for body in (
        text.encode().replace(b'"', b'"\xff', 1),
        text.encode().replace(b'"', b'"\xed\xa0\x80', 1),
        text.encode("utf-16"),
        text.encode("utf-32"),
    ):
        is_refused(await send_raw(operation, body), 400)


@every_body
@pytest.mark.parametrize(
    "number", [b"NaN", b"-NaN", b"Infinity", b"-Infinity", b"1e400", b"-1e400"]
)
async def test_what_is_no_number_of_json_is_refused(operation: Operation, number: bytes) -> None:
    here = [one for one in places(NUMBER, location="body") if one.operation == str(operation)]
    extra = Place(str(operation), "body", ("more",), NUMBER)
    made = call(operation, await given())

    for place in [extra, *here]:
        body = json.dumps(place.filled(made, HERE).body).encode()
        answer = await send_raw(operation, body.replace(f'"{HERE}"'.encode(), number))
        is_refused(answer, 400)


@every_body
async def test_what_is_nested_too_deeply_is_refused(operation: Operation) -> None:
    is_refused(await send_raw(operation, b"[" * 100_000), 413)
    is_refused(await send_raw(operation, b"[" * 50_000 + b"]" * 50_000), 413)
    is_refused(await send_raw(operation, b"[" * 30_000 + b"]" * 30_000), 400)
    is_refused(await send_raw(operation, b'{"x":' * 10_000 + b"1" + b"}" * 10_000), 400)


@every_body
async def test_two_members_of_one_name_are_refused(operation: Operation) -> None:
    body = await body_of(operation)

    for name, value in body.items():
        again = json.dumps({name: value})[1:]
        is_refused(await send_raw(operation, f"{json.dumps(body)[:-1]}, {again}".encode()), 400)


@in_every(*places(TEXT, ZONE, MOMENT, DAY, location="body"))
async def test_half_a_character_is_refused(place: Place) -> None:
    made = place.filled(call(OPERATIONS[place.operation], await given()), HERE)

    for half in (b"\\ud800", b"\\udc00", b"\\ud800\\ud800", b"x\\udfff\\ud800x"):
        body = json.dumps(made.body).encode().replace(HERE.encode(), half)
        is_refused(await send_raw(OPERATIONS[place.operation], body), 400)


@in_every(*places(TEXT, ZONE, MOMENT, DAY, location="body"))
async def test_the_character_that_no_text_has_is_refused(place: Place) -> None:
    await refuses(place, "\0", "a\0b", "\0a")


@in_every(*places(TEXT, location="body"))
async def test_a_million_characters_are_too_many(place: Place) -> None:
    made = place.filled(call(OPERATIONS[place.operation], await given()), "x" * MILLION)

    is_refused(await send(made), 413)


@in_every(*places(NUMBER, location="body"))
async def test_numbers_that_nothing_holds_are_refused(place: Place) -> None:
    await refuses(place, 2**63, 2**63 - 1, -(2**63) - 1, 2**64, 10**300, 1.5, True, [], {})


@in_every(*places(MOMENT))
async def test_moments_that_are_none_are_refused(place: Place) -> None:
    await refuses(
        place,
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2100-05-17T18:00:00",
        "2100-05-17 18:00",
        "2100-05-17",
        "2100-02-30T18:00:00Z",
        "2100-05-17T18:00:00+99:00",
        "٢١٠٠-05-17T18:00:00Z",
        "tomorrow",
        "",
        4102444800 if place.location == "body" else "4102444800",
    )


@in_every(*places(DAY))
async def test_days_that_are_none_are_refused(place: Place) -> None:
    await refuses(
        place, "0001-01-01", "9999-12-31", "2100-02-30", "٢١٠٠-05-17", "tomorrow", "", 21000517
    )


@in_every(*places(ZONE))
async def test_names_of_no_zone_are_refused(place: Place) -> None:
    await refuses(
        place,
        "../../etc/passwd",
        "/etc/passwd",
        "Europe/../Europe/Berlin",
        "Europe/Berlin/",
        "europe/berlin",
        "localtime",
        "posixrules",
        "+03:00",
        "",
        "x" * 10_000,
    )


@in_every(*places(NUMBER, location="query"))
async def test_parameters_that_are_no_number_are_refused(place: Place) -> None:
    wrong = ["-1", "٣", "3٣", "1_0", "+1", "0x1", "1.5", "", "NaN", "1e400", "null", "true"]

    await refuses(place, *wrong, str(2**63), "9" * 5000)


@in_every(*parameters())
async def test_a_parameter_is_given_once(place: Place) -> None:
    made = call(OPERATIONS[place.operation], await given())
    client = (await given()).owner.client

    answer = await client.request(
        made.method, made.path, params=[(place.field, "1"), (place.field, "1")], json=made.body
    )

    is_refused(answer, 400)
    assert [one["code"] for one in answer.json()["errors"]] == ["parameter-repeated"]


@in_every(*parameters())
async def test_a_parameter_is_a_text(place: Place) -> None:
    made = call(OPERATIONS[place.operation], await given())
    client = (await given()).owner.client

    for garbled in ("%00", "a%00b", "%FF", "%ED%A0%80", "%C3"):
        path = f"{made.path}?{place.field}={garbled}"
        answer = await client.request(made.method, path, json=made.body)
        is_refused(answer, 400)
        assert [one["field"] for one in answer.json()["errors"]] == [place.field]


@in_every(*places(TEXT, location="query"))
async def test_a_parameter_of_a_million_characters_is_refused(place: Place) -> None:
    made = call(OPERATIONS[place.operation], await given())
    headers = [(b"authorization", f"Bearer {(await given()).owner.secret}".encode())]
    query = f"{place.field}={'x' * MILLION}".encode()

    answer = await ask(_API.app, made.method, made.path, query=query, headers=headers)

    assert 400 <= answer.status < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.body) < 10_000


async def a_cursor(operation: Operation, owned: Given) -> str:
    """A cursor that is good: the list has more than one page."""
    await things_of(owned.owner, api=_API)
    await things_of(owned.owner, api=_API)
    path = call(operation, owned).path
    answer = await owned.owner.client.get(path, params={"limit": 1})
    cursor = answer.json().get("next_cursor")
    assert cursor is not None, f"{operation} needs two of its things among THINGS"
    return str(cursor)


@pytest.mark.parametrize("operation", WITH_CURSOR, ids=str)
async def test_a_cursor_with_any_one_bit_flipped_is_refused(operation: Operation) -> None:
    owned = Given(_API, await _somebody(2), (await given()).ids)
    cursor = await a_cursor(operation, owned)
    path = call(operation, owned).path

    assert (await owned.owner.client.get(path, params={"cursor": cursor})).status_code == 200
    for place, letter in enumerate(cursor.encode("ascii")):
        for bit in range(8):
            flipped = bytearray(cursor, "ascii")
            flipped[place] = letter ^ 1 << bit
            forged = bytes(flipped).decode("latin-1")
            is_refused(await owned.owner.client.get(path, params={"cursor": forged}), 400)


@pytest.mark.parametrize("operation", OF_ONES_OWN, ids=str)
async def test_a_cursor_of_somebody_else_is_refused(operation: Operation) -> None:
    owned = Given(_API, await _somebody(3), (await given()).ids)
    cursor = await a_cursor(operation, owned)
    stranger = await _somebody(4)

    answer = await stranger.client.get(call(operation, owned).path, params={"cursor": cursor})

    is_refused(answer, 400)
    assert answer.json()["type"] == "/problems/cursor-invalid"
