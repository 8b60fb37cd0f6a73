"""No request whatsoever is answered with a 5xx, and every refusal is a problem document."""

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from support.api import Person, RawAnswer, an_api, ask

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.no_cover]

_API = an_api()
_KNOWN: list[tuple[Person, str, str]] = []

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
    | st.datetimes(timezones=st.timezones(), allow_imaginary=True).map(str)
    | st.dates().map(str)
    | st.sampled_from(
        ["Europe/Berlin", "2100-05-17", "2100-05-17T18:00:00Z", "", "\0", "open", "move", "delete"]
    )
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
fields = st.sampled_from(
    ["title", "description", "category_id", "priority", "due_at", "due_on", "timezone", "until",
     "name", "emoji", "action", "task_ids"]
)  # fmt: skip
documents = st.dictionaries(fields | st.text(), values, max_size=8) | values
bodies = documents.map(lambda document: json.dumps(document).encode("utf-8")) | st.binary()
methods = st.sampled_from(
    ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "X"]
)
segments = st.text(max_size=30) | st.sampled_from(
    ["api", "v1", "tasks", "categories", "me", "health", "live", "ready", "docs", "assets",
     "bulk", "statistics", "export", "restore",
     "openapi.json", "counts", "cards", "complete", "reopen", "reschedule", "snooze", "..", ".", "",
     "\0", "{task_id}"]
)  # fmt: skip
paths = st.lists(segments, max_size=6).map(lambda parts: "/" + "/".join(parts)) | segments.map(
    lambda part: f"/api/v1/tasks/{part}"
)
queries = st.binary(max_size=80) | st.tuples(
    st.sampled_from([b"limit", b"cursor", b"status", b"after", b"before", b"timezone", b"ids"]),
    st.binary(max_size=40) | st.integers().map(lambda number: str(number).encode()),
).map(lambda pair: pair[0] + b"=" + pair[1])


async def known() -> tuple[Person, str, str]:
    """Give Ada, a task and a category of hers; made once."""
    if not _KNOWN:
        ada = await _API.person()
        task = await ada.creates(due_on="2100-05-17")
        category = (await ada.client.post("/api/v1/categories", json={"name": "Home"})).json()
        _KNOWN.append((ada, task["id"], category["id"]))
    return _KNOWN[0]


async def request(
    method: str, path: str, *, query: bytes = b"", body: bytes = b"", **headers: bytes
) -> RawAnswer:
    ada, _, _ = await known()
    sent = {"authorization": f"Bearer {ada.secret}".encode()} | headers
    return await ask(
        _API.app,
        method,
        path,
        query=query,
        headers=[(name.replace("_", "-").encode(), value) for name, value in sent.items()],
        chunks=[body[:7], body[7:]],
    )


def check(answer: RawAnswer) -> None:
    assert answer.status < 500
    if answer.status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.body) < 10_000
        assert not answer.body or json.loads(answer.body)["status"] == answer.status


@settings(max_examples=150)
@given(
    body=bodies,
    where=st.sampled_from(
        ["tasks", "categories", "tasks/{}/reschedule", "tasks/{}/snooze", "tasks/bulk"]
    ),
)
async def test_no_body_breaks_it(body: bytes, where: str) -> None:
    _, task_id, _ = await known()

    answer = await request(
        "POST", f"/api/v1/{where.format(task_id)}", body=body, content_type=b"application/json"
    )

    check(answer)


@settings(max_examples=150)
@given(
    task=st.fixed_dictionaries(
        {"title": st.text(min_size=1)},
        optional={
            "description": st.text(),
            "priority": st.integers(1, 4),
            "due_at": st.datetimes(timezones=st.timezones()).map(lambda m: m.isoformat()),
            "due_on": st.dates().map(str),
            "timezone": st.sampled_from(["Europe/Berlin", "Pacific/Apia", "Asia/Tokyo"]),
        },
    )
)
async def test_any_task_of_the_right_shape_is_kept_as_it_is_shown_or_refused(
    task: dict[str, Any],
) -> None:
    ada, _, _ = await known()

    answer = await ada.client.post("/api/v1/tasks", json=task)

    assert answer.status_code in {201, 422}
    if answer.status_code == 201:
        created = answer.json()
        assert (await ada.client.get(f"/api/v1/tasks/{created['id']}")).json() == created
        await ada.client.delete(f"/api/v1/tasks/{created['id']}")


@settings(max_examples=300)
@given(method=methods, path=paths, query=queries, body=st.binary(max_size=20))
async def test_no_path_and_no_query_breaks_it(
    method: str, path: str, query: bytes, body: bytes
) -> None:
    check(await request(method, path, query=query, body=body))


@settings(max_examples=150)
@given(query=queries | st.lists(queries, max_size=4).map(b"&".join))
async def test_no_query_breaks_the_list(query: bytes) -> None:
    answer = await request("GET", "/api/v1/tasks", query=query)

    check(answer)
    assert answer.status in {200, 400, 422}


@settings(max_examples=200)
@given(
    content_type=st.binary(max_size=40) | st.just(b"application/json; charset=\xff"),
    content_length=st.binary(max_size=20) | st.integers().map(lambda n: str(n).encode()),
)
async def test_no_header_breaks_it(content_type: bytes, content_length: bytes) -> None:
    answer = await request(
        "POST",
        "/api/v1/tasks",
        body=b'{"title": ""}',
        content_type=content_type,
        content_length=content_length,
        accept=content_type,
        cookie=content_type,
        host=content_type,
    )

    check(answer)
