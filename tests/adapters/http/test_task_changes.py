"""PATCH, entity tags, and what happens when two change the same task."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from support.api import Api, Person

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


async def _patch(
    person: Person, task: dict[str, Any], changes: Any, **headers: str
) -> httpx.Response:
    return await person.client.patch(f"/api/v1/tasks/{task['id']}", json=changes, headers=headers)


async def test_only_what_is_sent_changes(ada: Person) -> None:
    task = await ada.creates(title="Milk", description="two", priority=2, due_on="2100-05-17")

    answer = await _patch(ada, task, {"title": "Oat milk"})

    assert answer.status_code == 200
    changed = answer.json()
    assert changed == task | {
        "title": "Oat milk",
        "version": 2,
        "updated_at": changed["updated_at"],
    }


async def test_everything_can_change_at_once(ada: Person) -> None:
    category = (await ada.client.post("/api/v1/categories", json={"name": "Home"})).json()
    task = await ada.creates(due_on="2100-05-17")
    changes = {
        "title": "Bread",
        "description": "rye",
        "priority": 1,
        "category_id": category["id"],
        "due_at": "2100-05-18T18:00:00+03:00",
    }

    changed = (await _patch(ada, task, changes)).json()

    assert (changed["title"], changed["description"], changed["priority"]) == ("Bread", "rye", 1)
    assert changed["category"] == {"id": category["id"], "name": "Home"}
    assert (changed["due_at"], changed["due_on"]) == ("2100-05-18T15:00:00Z", None)


async def test_null_takes_a_category_and_a_deadline_away(ada: Person) -> None:
    category = (await ada.client.post("/api/v1/categories", json={"name": "Home"})).json()
    task = await ada.creates(category_id=category["id"], due_on="2100-05-17")

    changed = (await _patch(ada, task, {"category_id": None, "due_on": None})).json()

    assert (changed["category"], changed["due_on"]) == (None, None)


async def test_reminders_follow_a_new_deadline_and_stay_without_one(api: Api, ada: Person) -> None:
    due_at = api.core.clock.now() + 5 * HOUR
    task = await ada.creates(due_at=due_at.isoformat())

    async def moments() -> list[str]:
        path = f"/api/v1/tasks/{task['id']}/reminders"
        items = (await ada.client.get(path)).json()["items"]
        return [one["due_at"] for one in items if one["state"] == "planned"]

    before = await moments()
    await _patch(ada, task, {"title": "Bread"})
    assert await moments() == before
    await _patch(ada, task, {"due_at": (due_at + HOUR).isoformat()})
    assert await moments() == ["2100-03-15T17:00:00Z", "2100-03-15T18:00:00Z"]


async def test_nothing_changes_if_a_part_cannot(ada: Person) -> None:
    task = await ada.creates()

    answer = await _patch(ada, task, {"title": "Bread", "priority": 7})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "priority"
    read = (await ada.client.get(f"/api/v1/tasks/{task['id']}")).json()
    assert (read["title"], read["version"]) == ("Buy milk", 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": None}, "title"),
        ({"title": " "}, "title"),
        ({"colour": "red"}, "colour"),
        ({"due_at": "2100-05-18T18:00:00"}, "due_at"),
        ({"due_at": "2000-05-18T18:00:00Z"}, "due_at"),
        ({"due_at": "2100-05-18T18:00:00Z", "due_on": "2100-05-18"}, "due_at"),
        ({"category_id": "nonsense"}, "category_id"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_field(
    ada: Person, changes: dict[str, Any], field: str
) -> None:
    task = await ada.creates()

    answer = await _patch(ada, task, changes)

    assert answer.status_code in {404, 422}
    assert answer.json()["errors"][0]["field"] == field


async def test_a_completed_task_keeps_its_deadline(ada: Person) -> None:
    task = await ada.creates()
    await ada.client.post(f"/api/v1/tasks/{task['id']}/complete")

    assert (await _patch(ada, task, {"title": "Bread"})).status_code == 200
    assert (await _patch(ada, task, {"due_on": "2100-05-18"})).status_code == 409


async def test_somebody_elses_task_is_not_there(ada: Person, ben: Person) -> None:
    task = await ada.creates()

    assert (await _patch(ben, task, {"title": "Mine"})).status_code == 404


async def test_a_change_that_is_meant_for_another_version_is_refused(ada: Person) -> None:
    task = await ada.creates()
    tag = (await ada.client.get(f"/api/v1/tasks/{task['id']}")).headers["ETag"]
    first = await _patch(ada, task, {"title": "First"}, **{"If-Match": tag})

    second = await _patch(ada, task, {"title": "Second"}, **{"If-Match": tag})

    assert first.status_code == 200
    assert second.status_code == 412
    assert second.json()["type"] == "/problems/precondition-failed"
    third = await _patch(ada, task, {"title": "Third"}, **{"If-Match": first.headers["ETag"]})
    assert third.json()["title"] == "Third"


@pytest.mark.parametrize("tag", ['"nonsense"', "3", 'W/"1-00"', '"99999999999999999999-00"', ""])
async def test_a_tag_that_is_none_of_ours_matches_nothing(ada: Person, tag: str) -> None:
    task = await ada.creates()

    assert (await _patch(ada, task, {"title": "x"}, **{"If-Match": tag})).status_code == 412


async def test_the_version_alone_in_quotes_is_good_as_a_tag(ada: Person) -> None:
    task = await ada.creates()
    seen = {"If-Match": f'"{task["version"]}"'}

    assert (await _patch(ada, task, {"title": "First"}, **seen)).status_code == 200
    assert (await _patch(ada, task, {"title": "Second"}, **seen)).status_code == 412


async def test_any_version_will_do_for_a_star(ada: Person) -> None:
    task = await ada.creates()

    assert (await _patch(ada, task, {"title": "x"}, **{"If-Match": "*"})).status_code == 200


@pytest.mark.parametrize(
    "path", ["tasks/{id}", "tasks", "categories", "me", "tasks/{id}/reminders"]
)
async def test_what_one_has_already_is_not_sent_again(ada: Person, path: str) -> None:
    task = await ada.creates()
    url = f"/api/v1/{path.format(**task)}"
    tag = (await ada.client.get(url)).headers["ETag"]

    again = await ada.client.get(url, headers={"If-None-Match": f'"other", W/{tag}'})
    other = await ada.client.get(url, headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert "X-Request-Id" in again.headers
    assert (other.status_code, bool(other.content)) == (200, True)


async def test_what_looks_different_has_another_tag(api: Api, ada: Person) -> None:
    due_at = api.core.clock.now() + HOUR
    task = await ada.creates(due_at=due_at.isoformat())
    url = f"/api/v1/tasks/{task['id']}"
    before = (await ada.client.get(url)).headers["ETag"]

    api.core.clock.advance(2 * HOUR)  # now it is overdue, and still of the same version

    after = (await ada.client.get(url)).headers["ETag"]
    assert after != before
    changed = await _patch(ada, task, {"title": "x"}, **{"If-Match": before})
    assert changed.status_code == 200, "what counts for a change is the version"
