"""Listing tasks: order, pages, filter."""

import base64
import itertools
import json
import re
from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st

from support.api import Api, Person, an_api, ask
from support.builders import NOW

pytestmark = pytest.mark.anyio


_TOO_LATE = base64.urlsafe_b64encode(bytes(16) + b"\x7f" + b"\xff" * 7).decode()


_API = an_api()
_STRANGERS = itertools.count(5000)


async def titles(person: Person, **query: str | int) -> list[str]:
    answer = await person.client.get("/api/v1/tasks", params=query)
    assert answer.status_code == 200, answer.text
    return [task["title"] for task in answer.json()["items"]]


async def test_nobody_has_tasks_at_first(ada: Person) -> None:
    answer = await ada.client.get("/api/v1/tasks")

    assert answer.json() == {"items": [], "next_cursor": None}


async def test_the_list_leaves_the_description_out(ada: Person) -> None:
    task = await ada.creates(description="long")

    (listed,) = (await ada.client.get("/api/v1/tasks")).json()["items"]

    assert listed == {name: value for name, value in task.items() if name != "description"}


async def test_the_nearest_deadline_comes_first_and_none_last(ada: Person) -> None:
    await ada.creates(title="some day")
    await ada.creates(title="in May", due_on="2100-05-17")
    await ada.creates(title="in April", due_at="2100-04-17T12:00:00Z")

    assert await titles(ada) == ["in April", "in May", "some day"]


async def test_the_list_can_be_limited_to_a_status(ada: Person) -> None:
    done = await ada.creates(title="done")
    await ada.creates(title="to do")
    await ada.client.post(f"/api/v1/tasks/{done['id']}/complete")

    assert await titles(ada, status="open") == ["to do"]
    assert await titles(ada, status="completed") == ["done"]
    assert sorted(await titles(ada)) == ["done", "to do"]


async def test_a_page_has_20_tasks_unless_told(ada: Person) -> None:
    for number in range(21):
        await ada.creates(title=str(number))

    assert len(await titles(ada)) == 20
    assert len(await titles(ada, limit=100)) == 21


@settings(max_examples=30)
@given(deadlines=st.lists(st.none() | st.integers(1, 5), max_size=12), limit=st.integers(1, 5))
async def test_the_pages_together_are_the_list(deadlines: list[int | None], limit: int) -> None:
    ada = await _API.person(next(_STRANGERS))
    for days in deadlines:
        due = None if days is None else (NOW + timedelta(days=days)).isoformat()
        await ada.creates(due_at=due)
    whole = (await ada.client.get("/api/v1/tasks", params={"limit": 100})).json()["items"]

    paged = []
    query: dict[str, str | int] = {"limit": limit}
    for _ in range(len(deadlines) + 1):
        page = (await ada.client.get("/api/v1/tasks", params=query)).json()
        paged.extend(page["items"])
        if page["next_cursor"] is None:
            break
        assert len(page["items"]) == limit
        query["cursor"] = page["next_cursor"]

    assert paged == whole
    assert len(whole) == len(deadlines)


async def test_a_cursor_outlives_the_task_that_it_was_made_of(ada: Person) -> None:
    first = await ada.creates(title="first", due_on="2100-05-01")
    await ada.creates(title="second", due_on="2100-05-02")
    page = (await ada.client.get("/api/v1/tasks", params={"limit": 1})).json()
    await ada.client.delete(f"/api/v1/tasks/{first['id']}")

    assert await titles(ada, cursor=page["next_cursor"]) == ["second"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=abc", "limit"),
        ("limit=", "limit"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=201", "limit"),
        ("limit=٣", "limit"),
        ("priority=5", "priority"),
        ("priority=", "priority"),
        ("priority=1,,2", "priority"),
        ("priority=١", "priority"),
        ("due=tomorrow", "due"),
        ("due=today&due_from=2100-01-01T00:00:00Z", "due"),
        ("due_from=2100-01-01T00:00:00", "due_from"),
        ("due_from=2100-01-01", "due_from"),
        ("due_from=4102444800", "due_from"),
        ("due_before=0001-01-01T00:00:00%2B14:00", "due_before"),
        ("due_before=9999-12-31T23:59:59-14:00", "due_before"),
        ("overdue=perhaps", "overdue"),
        ("sort=title", "sort"),
        ("sort=--created", "sort"),
        (f"q={'x' * 201}", "q"),
        ("limit=1.5", "limit"),
        (f"limit={'9' * 5000}", "limit"),
        ("limit=%00", "limit"),
        ("q=a%00b", "q"),
        ("q=%ed%a0%80", "q"),
        ("cursor=%ff", "cursor"),
        ("limit=1%ff", "limit"),
        ("status=done", "status"),
        ("status=null", "status"),
        ("overdue=Null", "overdue"),
        ("status=", "status"),
        ("status=OPEN", "status"),
        (f"status={'x' * 5000}", "status"),
        ("limit=1&limit=2", "limit"),
        ("cursor=a&cursor=a", "cursor"),
    ],
)
async def test_a_bad_parameter_is_named(ada: Person, query: str, field: str) -> None:
    answer = await ada.client.get(f"/api/v1/tasks?{query}")

    problem = answer.json()
    assert answer.status_code == 400
    assert problem["type"] == "/problems/parameters-invalid"
    assert [error["field"] for error in problem["errors"]] == [field]
    assert len(answer.content) < 2000


@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "!" * 32, "A" * 33, "A" * 10000, _TOO_LATE, "%C3%A9"]
)
async def test_a_made_up_cursor_is_refused(ada: Person, cursor: str) -> None:
    answer = await ada.client.get(f"/api/v1/tasks?cursor={cursor}")

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/cursor-invalid"


async def test_a_query_of_raw_bytes_is_refused(api: Api, ada: Person) -> None:
    headers = [(b"authorization", f"Bearer {ada.secret}".encode())]

    answer = await ask(api.app, "GET", "/api/v1/tasks", query=b"limit=\x80", headers=headers)

    assert answer.status == 400
    assert json.loads(answer.body)["type"] == "/problems/parameters-invalid"


async def test_another_persons_cursor_is_refused(api: Api, ada: Person) -> None:
    await ada.creates(title="hers", due_on="2100-05-01")
    await ada.creates(title="hers too", due_on="2100-05-02")
    cursor = (await ada.client.get("/api/v1/tasks", params={"limit": 1})).json()["next_cursor"]
    ben = await api.person(2)

    answer = await ben.client.get("/api/v1/tasks", params={"cursor": cursor})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/cursor-invalid"


async def test_a_cursor_of_another_order_is_refused(ada: Person) -> None:
    for title in ("one", "two"):
        await ada.creates(title=title)
    cursor = (await ada.client.get("/api/v1/tasks", params={"limit": 1})).json()["next_cursor"]

    for sort in ("created", "-deadline", "priority"):
        answer = await ada.client.get("/api/v1/tasks", params={"cursor": cursor, "sort": sort})
        assert answer.json()["type"] == "/problems/cursor-invalid"


@pytest.mark.parametrize(
    ("sort", "promised"),
    [
        ("deadline", "acbd"),
        ("-deadline", "dbca"),
        ("created", "abcd"),
        ("-created", "dcba"),
        ("priority", "dcab"),
        ("-priority", "bacd"),
    ],
)
async def test_a_list_can_be_sorted(ada: Person, sort: str, promised: str) -> None:
    await ada.creates(title="a", due_on="2100-05-01")
    await ada.creates(title="b", due_on="2100-05-03")
    await ada.creates(title="c", due_on="2100-05-02", priority=2)
    await ada.creates(title="d", priority=1)

    assert "".join(await titles(ada, sort=sort)) == promised


async def _a_varied_list(ada: Person) -> dict[str, str]:
    """Five tasks, one of each kind; give the id of the category of `filed`."""
    category = (await ada.client.post("/api/v1/categories", json={"name": "Дом"})).json()
    await ada.creates(title="filed", category_id=category["id"], due_on="2100-03-15")
    await ada.creates(title="urgent", priority=1, due_at="2100-03-17T09:00:00Z")
    await ada.creates(title="later", due_at="2100-04-17T09:00:00Z", description="Купить молока")
    await ada.creates(title="some day", priority=2)
    completed = await ada.creates(title="completed", due_at="2100-03-15T18:00:00Z")
    await ada.client.post(f"/api/v1/tasks/{completed['id']}/complete")
    return {"category": category["id"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category_id={category}", {"filed"}),
        ("category_id=none", {"urgent", "later", "some day", "completed"}),
        ("priority=1", {"urgent"}),
        ("priority=1,2", {"urgent", "some day"}),
        ("due=today", {"filed", "completed"}),
        ("due=today&status=open", {"filed"}),
        ("due=week", {"filed", "urgent", "completed"}),
        ("due=none", {"some day"}),
        ("due=any", {"filed", "urgent", "later", "completed"}),
        ("due_from=2100-03-17T09:00:00Z", {"urgent", "later"}),
        ("due_from=2100-03-17T12:00:00+03:00", {"urgent", "later"}),
        ("due_before=2100-03-17T09:00:00Z", {"filed", "completed"}),
        ("due_from=2100-03-16T00:00:00Z&due_before=2100-04-01T00:00:00Z", {"urgent"}),
        ("q=молоко", {"later"}),
        ("q=КУПИЛ%20молоко", {"later"}),
        ("q=urg", {"urgent"}),
        ("q=nothing", set()),
        ("q=!!!", set()),
        ("q=", {"filed", "urgent", "later", "some day", "completed"}),
        ("overdue=true", set()),
        ("overdue=false&status=completed", {"completed"}),
    ],
)
async def test_a_list_shows_what_is_asked_for(ada: Person, query: str, found: set[str]) -> None:
    ids = await _a_varied_list(ada)

    answer = await ada.client.get(f"/api/v1/tasks?{query.format(**ids)}")

    assert answer.status_code == 200, answer.text
    assert {task["title"] for task in answer.json()["items"]} == found


async def test_what_is_overdue_is_found_when_its_time_has_come(api: Api, ada: Person) -> None:
    await ada.creates(title="soon", due_at=(NOW + timedelta(minutes=1)).isoformat())
    await ada.creates(title="later", due_at=(NOW + timedelta(hours=1)).isoformat())
    api.core.clock.advance(timedelta(minutes=1))

    assert await titles(ada, overdue="true") == ["soon"]
    assert await titles(ada, overdue="false") == ["later"]


async def test_a_category_that_cannot_be_is_not_found(ada: Person) -> None:
    answer = await ada.client.get("/api/v1/tasks?category_id=mine")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/category-not-found"


async def test_the_next_page_is_linked_with_the_same_conditions(ada: Person) -> None:
    for title in ("молоко", "молоко и хлеб", "сметана"):
        await ada.creates(title=title)
    query = {"q": "молоко", "limit": "1", "priority": "3,4"}

    first = await ada.client.get("/api/v1/tasks", params=query)
    target = re.fullmatch(r'<([^>]+)>; rel="next"', first.headers["Link"])
    assert target is not None
    second = await ada.client.get(target.group(1))

    assert [one["title"] for one in first.json()["items"]] == ["молоко"]
    assert [one["title"] for one in second.json()["items"]] == ["молоко и хлеб"]
    assert "Link" not in second.headers
