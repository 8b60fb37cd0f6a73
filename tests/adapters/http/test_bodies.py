"""Bodies that are no JSON, too large, or do not fit."""

import json
from typing import Any

import pytest

from support.api import Api, Person, ask

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
LARGEST = 64 * 1024


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b'{"title":',
        b'{"title": "x",}',
        b"{'title': 'x'}",
        b'{"title": "x"} {}',
        b'{"title": "\xff"}',
        b'{"title": "\xed\xa0\x80"}',
        b'{"title": "\\ud800"}',
        b'{"title": "a\x00b"}',
        b'\xef\xbb\xbf{"title": "x"}',
        '{"title": "x"}'.encode("utf-16"),
        b'{"title": "x", "priority": NaN}',
        b'{"title": "x", "priority": Infinity}',
        b'{"title": "x", "priority": 1e999}',
        b'{"title": "x", "priority": ' + b"9" * 5000 + b"}",
        b"[" * 60_000,
        b"[" * 30_000 + b"]" * 30_000,
        b'{"title":' * 7_000,
        b'{"title": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"title": "x", "title": "y"}',
        b'{"title": "x", "more": {"a": 1, "a": 1}}',
    ],
)
async def test_what_is_not_json_is_refused(ada: Person, body: bytes) -> None:
    answer = await ada.client.post("/api/v1/tasks", content=body, headers=JSON)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/body-not-json"
    assert len(answer.content) < 1000


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"1", b"true", b"[[[]]]"])
async def test_json_that_is_no_object_does_not_fit(ada: Person, body: bytes) -> None:
    answer = await ada.client.post("/api/v1/tasks", content=body, headers=JSON)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/body-not-object"


async def test_a_missing_body_is_refused(ada: Person) -> None:
    answer = await ada.client.post("/api/v1/tasks", headers=JSON)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/body-missing"


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/msgpack",
        "application/json-patch+json",
        "application/jsonx",
    ],
)
async def test_a_body_must_be_declared_as_json(ada: Person, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}

    answer = await ada.client.post("/api/v1/tasks", content=b'{"title": "x"}', headers=headers)

    assert answer.status_code == 415
    assert answer.json()["type"] == "/problems/media-type-unsupported"
    assert answer.headers["Accept"] == "application/json"


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON", "application/json; charset=utf-8"]
)
async def test_json_may_be_declared_in_any_spelling(ada: Person, content_type: str) -> None:
    answer = await ada.client.post(
        "/api/v1/tasks", content=b'{"title": "x"}', headers={"Content-Type": content_type}
    )

    assert answer.status_code == 201


async def test_every_wrong_field_is_named_at_once(ada: Person) -> None:
    answer = await ada.client.post(
        "/api/v1/tasks",
        json={"priority": "1", "due_at": "2100-05-17T18:00:00", "tilte": "x", "owner_id": 1},
    )

    problem = answer.json()
    assert answer.status_code == 422
    assert problem["type"] == "/problems/fields-invalid"
    assert {(error["field"], error["code"]) for error in problem["errors"]} == {
        ("title", "field-missing"),
        ("priority", "type-wrong"),
        ("due_at", "timezone-missing"),
        ("tilte", "field-unknown"),
        ("owner_id", "field-unknown"),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"title": None},
        {"title": 5},
        {"title": ["x"]},
        {"description": None},
        {"category_id": 1},
        {"priority": "1"},
        {"priority": 1.0},
        {"priority": True},
        {"priority": None},
    ],
)
async def test_values_are_not_turned_into_what_they_are_not(
    ada: Person, changes: dict[str, Any]
) -> None:
    answer = await ada.client.post("/api/v1/tasks", json={"title": "x"} | changes)

    problem = answer.json()
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in problem["errors"]] == [
        (next(iter(changes)), "type-wrong")
    ]


@pytest.mark.parametrize("path", ["reschedule", "snooze"])
async def test_unknown_fields_are_refused_everywhere(ada: Person, path: str) -> None:
    task = await ada.creates()
    body = {"until": "2100-05-17T18:00:00Z", "due_on": "2100-05-17"}

    answer = await ada.client.post(f"/api/v1/tasks/{task['id']}/{path}", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "field-unknown"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"title": "a\\u0000b"}', "title"),
        (b'{"title": "x", "description": "\\u0000"}', "description"),
        (b'{"title": "x", "tags": [{"a": "\\u0000"}]}', "tags"),
        (b'{"title": "x", "a\\u0000": 1}', "a\0"),
    ],
)
async def test_the_character_that_no_text_has_is_refused(
    ada: Person, body: bytes, field: str
) -> None:
    answer = await ada.client.post("/api/v1/tasks", content=body, headers=JSON)

    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        (field, "text-invalid")
    ]


async def test_what_only_looks_like_an_escape_is_kept(ada: Person) -> None:
    body = b'{"title": "a\\\\u0000b"}'

    answer = await ada.client.post("/api/v1/tasks", content=body, headers=JSON)

    assert answer.status_code == 201
    assert answer.json()["title"] == "a\\u0000b"


async def test_nothing_unbounded_comes_back(ada: Person) -> None:
    body = {"x" * 10_000: 1} | {f"field {number}": 1 for number in range(2_000)}
    digits = {"title": "x", "priority": int("9" * 300)}

    unknown = await ada.client.post("/api/v1/tasks", json=body)
    number = await ada.client.post("/api/v1/tasks", json=digits)

    assert unknown.status_code == number.status_code == 422
    assert len(unknown.content) < 8000
    assert len(number.content) < 1500


async def test_a_body_of_64_kibibytes_is_read(ada: Person) -> None:
    body = json.dumps({"title": "x"}).encode().ljust(LARGEST)

    answer = await ada.client.post("/api/v1/tasks", content=body, headers=JSON)

    assert answer.status_code == 201


async def test_the_longest_description_fits_however_it_is_spelled(ada: Person) -> None:
    body = json.dumps({"title": "x" * 200, "description": "😀" * 4000}, ensure_ascii=True)

    answer = await ada.client.post("/api/v1/tasks", content=body, headers=JSON)

    assert answer.status_code == 201


async def test_a_hundred_thousand_brackets_are_too_many_to_be_looked_at(ada: Person) -> None:
    answer = await ada.client.post("/api/v1/tasks", content=b"[" * 100_000, headers=JSON)

    assert answer.status_code == 413


@pytest.mark.parametrize("announced", [True, False])
async def test_a_larger_body_is_refused(api: Api, ada: Person, announced: bool) -> None:  # noqa: FBT001
    headers = [
        (b"authorization", f"Bearer {ada.secret}".encode()),
        (b"content-type", b"application/json"),
    ]
    if announced:
        headers.append((b"content-length", str(LARGEST + 1).encode()))
    chunks = [b'{"title": "x"}', *[b" " * 4096] * 16]

    answer = await ask(api.app, "POST", "/api/v1/tasks", headers=headers, chunks=chunks)

    assert answer.status == 413
    assert json.loads(answer.body)["type"] == "/problems/body-too-large"


async def test_nobody_is_blamed_when_the_client_hangs_up(
    api: Api, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    headers = [
        (b"authorization", f"Bearer {ada.secret}".encode()),
        (b"content-type", b"application/json"),
    ]

    answer = await ask(
        api.app, "POST", "/api/v1/tasks", headers=headers, chunks=[b'{"ti'], hangs_up=True
    )

    assert answer.status == 400
    assert json.loads(answer.body)["type"] == "/problems/body-incomplete"
    assert not caplog.records


async def test_a_body_where_none_is_expected_does_no_harm(ada: Person) -> None:
    task = await ada.creates()

    answer = await ada.client.post(f"/api/v1/tasks/{task['id']}/complete", content=b"\xff{")

    assert answer.status_code == 200
