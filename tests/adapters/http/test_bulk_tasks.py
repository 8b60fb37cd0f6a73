"""Several tasks at once over HTTP."""

from typing import Any

import httpx
import pytest
from ulid import ULID

from support.api import Person

pytestmark = pytest.mark.anyio

NO_CATEGORY: dict[str, Any] = {"category_id": None}


async def _bulk(person: Person, **body: Any) -> httpx.Response:
    return await person.client.post("/api/v1/tasks/bulk", json=body)


async def test_each_task_gets_its_outcome_in_the_order_that_was_sent(
    ada: Person, ben: Person
) -> None:
    mine, foreign, done = await ada.creates(), await ben.creates(), await ada.creates()
    await ada.client.post(f"/api/v1/tasks/{done['id']}/complete")
    ids = [foreign["id"], mine["id"], "nonsense", done["id"], "x" * 100]

    answer = await _bulk(ada, action="complete", task_ids=ids)

    assert answer.status_code == 200
    items = answer.json()["items"]
    assert [(item["id"], item["status"], item["code"]) for item in items] == [
        (foreign["id"], "refused", "task-not-found"),
        (mine["id"], "done", None),
        ("nonsense", "refused", "task-not-found"),
        (done["id"], "refused", "task-already-completed"),
        ("x" * 25 + "…", "refused", "task-not-found"),
    ]
    assert items[0]["detail"] == f"there is no task {foreign['id']}"
    assert items[1]["detail"] is None
    assert (await ada.client.get(f"/api/v1/tasks/{mine['id']}")).json()["status"] == "completed"


async def test_somebody_elses_task_answers_as_a_missing_one(ada: Person, ben: Person) -> None:
    foreign, missing = await ben.creates(), str(ULID())

    for body in ({"action": "complete"}, {"action": "delete"}, {"action": "move"} | NO_CATEGORY):
        answer = await _bulk(ada, task_ids=[foreign["id"], missing], **body)

        one, other = answer.json()["items"]
        assert str(one).replace(foreign["id"], "") == str(other).replace(missing, "")
    assert (await ben.client.get(f"/api/v1/tasks/{foreign['id']}")).json() == foreign


async def test_tasks_move_to_a_category_and_out_of_it(ada: Person) -> None:
    tasks = [await ada.creates() for _ in range(2)]
    ids = [task["id"] for task in tasks]
    home = (await ada.client.post("/api/v1/categories", json={"name": "Home"})).json()

    async def categories() -> list[Any]:
        shown = [await ada.client.get(f"/api/v1/tasks/{task['id']}") for task in tasks]
        return [one.json()["category"] for one in shown]

    await _bulk(ada, action="move", task_ids=ids, category_id=home["id"])
    assert await categories() == [{"id": home["id"], "name": "Home"}] * 2
    await _bulk(ada, action="move", task_ids=ids, category_id=None)
    assert await categories() == [None, None]


async def test_deleted_tasks_are_gone(ada: Person) -> None:
    task, kept = await ada.creates(), await ada.creates()

    answer = await _bulk(ada, action="delete", task_ids=[task["id"]])

    assert [item["status"] for item in answer.json()["items"]] == ["done"]
    assert (await ada.client.get(f"/api/v1/tasks/{task['id']}")).status_code == 404
    assert (await ada.client.get(f"/api/v1/tasks/{kept['id']}")).status_code == 200


async def test_a_category_that_is_not_ones_own_is_refused_for_all(ada: Person, ben: Person) -> None:
    task = await ada.creates()
    foreign = (await ben.client.post("/api/v1/categories", json={"name": "Home"})).json()

    for category_id in (foreign["id"], str(ULID()), "nonsense"):
        answer = await _bulk(ada, action="move", task_ids=[task["id"]], category_id=category_id)
        assert answer.status_code == 404
        assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
            ("category_id", "category-not-found")
        ]


ID = str(ULID())


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"task_ids": [ID]}, "action", "field-missing"),
        ({"action": "burn", "task_ids": [ID]}, "action", "type-wrong"),
        ({"action": ["complete"], "task_ids": [ID]}, "action", "type-wrong"),
        ({"action": "complete"}, "task_ids", "field-missing"),
        ({"action": "complete", "task_ids": []}, "task_ids", "type-wrong"),
        ({"action": "complete", "task_ids": ID}, "task_ids", "type-wrong"),
        ({"action": "complete", "task_ids": [1]}, "task_ids", "type-wrong"),
        ({"action": "complete", "task_ids": [ID] * 101}, "task_ids", "type-wrong"),
        ({"action": "complete", "task_ids": [ID, ID]}, "task_ids", "task-named-twice"),
        ({"action": "delete", "task_ids": [ID, ID.lower()]}, "task_ids", "task-named-twice"),
        ({"action": "delete", "task_ids": [ID]} | NO_CATEGORY, "category_id", "field-unknown"),
        ({"action": "move", "task_ids": [ID]}, "category_id", "field-missing"),
        ({"action": "move", "task_ids": [ID], "category_id": 1}, "category_id", "type-wrong"),
    ],
)
async def test_a_body_that_does_not_fit_is_refused_at_its_field(
    ada: Person, body: dict[str, Any], field: str, code: str
) -> None:
    answer = await ada.client.post("/api/v1/tasks/bulk", json=body)

    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


async def test_a_hundred_tasks_go_at_once(ada: Person) -> None:
    ids = [(await ada.creates())["id"] for _ in range(100)]

    answer = await _bulk(ada, action="complete", task_ids=ids)

    assert [item["status"] for item in answer.json()["items"]] == ["done"] * 100
