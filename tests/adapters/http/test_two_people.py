"""What belongs to somebody else does not exist."""

import pytest
from ulid import ULID

from support.api import Person

pytestmark = pytest.mark.anyio

WAYS = [
    ("GET", "", None),
    ("DELETE", "", None),
    ("POST", "/complete", None),
    ("POST", "/reopen", None),
    ("POST", "/reschedule", {"due_on": "2100-05-17"}),
    ("POST", "/snooze", {"until": "2100-05-17T18:00:00Z"}),
]


@pytest.mark.parametrize(("method", "verb", "body"), WAYS)
async def test_a_stranger_does_not_learn_that_the_task_exists(
    ada: Person, ben: Person, method: str, verb: str, body: dict[str, str] | None
) -> None:
    task = await ada.creates()
    missing_id = str(ULID())

    foreign = await ben.client.request(method, f"/api/v1/tasks/{task['id']}{verb}", json=body)
    missing = await ben.client.request(method, f"/api/v1/tasks/{missing_id}{verb}", json=body)

    assert foreign.status_code == missing.status_code == 404
    assert _without_ids(foreign.json(), task["id"]) == _without_ids(missing.json(), missing_id)
    assert foreign.json()["type"] == "/problems/task-not-found"
    assert foreign.headers.keys() == missing.headers.keys()
    assert (await ada.client.get(f"/api/v1/tasks/{task['id']}")).json() == task


@pytest.mark.parametrize(("method", "verb", "body"), WAYS)
@pytest.mark.parametrize(
    "no_id", ["x", "0", "Z" * 26, "U" * 26, "%00", "%FF", "é" * 26, "9" * 5000, "null"]
)
async def test_what_is_no_id_is_the_id_of_no_task(
    ada: Person, method: str, verb: str, body: dict[str, str] | None, no_id: str
) -> None:
    answer = await ada.client.request(method, f"/api/v1/tasks/{no_id}{verb}", json=body)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/task-not-found"
    assert len(answer.content) < 500


async def test_each_person_lists_their_own_tasks(ada: Person, ben: Person) -> None:
    hers, his = await ada.creates(title="hers"), await ben.creates(title="his")

    her_list = (await ada.client.get("/api/v1/tasks")).json()["items"]
    his_list = (await ben.client.get("/api/v1/tasks")).json()["items"]

    assert [task["id"] for task in her_list] == [hers["id"]]
    assert [task["id"] for task in his_list] == [his["id"]]


async def test_a_foreign_category_does_not_exist(ada: Person, ben: Person) -> None:
    category = (await ada.client.post("/api/v1/categories", json={"name": "Home"})).json()
    missing_id = str(ULID())

    foreign, missing, malformed = [
        await ben.client.post("/api/v1/tasks", json={"title": "x", "category_id": category_id})
        for category_id in (category["id"], missing_id, "no id")
    ]

    assert foreign.status_code == missing.status_code == malformed.status_code == 404
    shape = _without_ids(foreign.json(), category["id"])
    assert shape == _without_ids(missing.json(), missing_id)
    assert shape == _without_ids(malformed.json(), "no id")
    assert [(one["field"], one["code"]) for one in foreign.json()["errors"]] == [
        ("category_id", "category-not-found")
    ]
    assert (await ben.client.get("/api/v1/tasks")).json()["items"] == []


async def test_categories_are_ones_own(ada: Person, ben: Person) -> None:
    await ada.client.post("/api/v1/categories", json={"name": "Home"})

    assert (await ben.client.get("/api/v1/categories")).json()["items"] == []
    assert (await ben.client.post("/api/v1/categories", json={"name": "Home"})).status_code == 201


def _without_ids(problem: dict[str, object], asked_for: str) -> str:
    del problem["request_id"]
    return str(problem).replace(asked_for, "ID")
