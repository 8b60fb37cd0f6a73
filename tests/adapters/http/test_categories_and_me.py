"""Categories, and who one is."""

from datetime import timedelta
from typing import Any

import pytest

from support.api import ADA, Api, Person

pytestmark = pytest.mark.anyio


async def test_a_category_has_a_name_and_perhaps_an_emoji(ada: Person) -> None:
    plain = await ada.client.post("/api/v1/categories", json={"name": " Home  office "})
    with_emoji = await ada.client.post("/api/v1/categories", json={"name": "Shop", "emoji": "🛒"})

    assert plain.status_code == 201
    assert plain.json() == {
        "id": plain.json()["id"],
        "name": "Home office",
        "emoji": None,
        "created_at": "2100-03-15T12:00:00Z",
        "version": 1,
    }
    assert with_emoji.json()["emoji"] == "🛒"


async def test_categories_are_listed_by_name(ada: Person) -> None:
    for name in ("work", "Home", "Ёлка"):
        await ada.client.post("/api/v1/categories", json={"name": name})

    listed = (await ada.client.get("/api/v1/categories")).json()

    assert [category["name"] for category in listed["items"]] == ["Home", "work", "Ёлка"]
    assert listed["next_cursor"] is None


async def test_a_name_is_taken_in_whatever_case(ada: Person) -> None:
    await ada.client.post("/api/v1/categories", json={"name": "Дом"})

    answer = await ada.client.post("/api/v1/categories", json={"name": "дОМ"})

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/category-name-taken"


@pytest.mark.parametrize(
    ("name", "code"), [(" \n", "category-name-blank"), ("x" * 51, "category-name-too-long")]
)
async def test_a_bad_name_is_reported_at_its_field(ada: Person, name: str, code: str) -> None:
    answer = await ada.client.post("/api/v1/categories", json={"name": name})

    problem = answer.json()
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in problem["errors"]] == [("name", code)]


async def test_a_person_reads_who_they_are(ada: Person) -> None:
    answer = await ada.client.get("/api/v1/me")

    assert answer.json() == {
        "id": str(ada.user.id),
        "telegram_id": ADA,
        "name": "",
        "language": "en",
        "timezone": "Europe/Moscow",
        "timezone_chosen": False,
        "lead_times": [60, 0],
        "day_start": "09:00",
        "notifications": True,
        "reachable": True,
        "deletion_at": None,
        "created_at": "2100-03-15T12:00:00Z",
        "version": 1,
    }


async def _category(person: Person, name: str) -> dict[str, Any]:
    made = await person.client.post("/api/v1/categories", json={"name": name, "emoji": "🏠"})
    category: dict[str, Any] = made.json()
    return category


async def test_a_category_changes_by_what_is_sent(ada: Person) -> None:
    url = f"/api/v1/categories/{(await _category(ada, 'Home'))['id']}"

    renamed = (await ada.client.patch(url, json={"name": "House"})).json()
    plain = (await ada.client.patch(url, json={"emoji": None})).json()

    assert (renamed["name"], renamed["emoji"], renamed["version"]) == ("House", "🏠", 2)
    assert (plain["name"], plain["emoji"], plain["version"]) == ("House", None, 3)
    assert (await ada.client.get(url)).json() == plain


async def test_a_category_that_was_changed_meanwhile_is_not_overwritten(ada: Person) -> None:
    url = f"/api/v1/categories/{(await _category(ada, 'Home'))['id']}"
    seen = {"If-Match": (await ada.client.get(url)).headers["ETag"]}
    await ada.client.patch(url, json={"name": "House"})

    assert (await ada.client.patch(url, json={"name": "Hut"}, headers=seen)).status_code == 412
    assert (await ada.client.delete(url, headers=seen)).status_code == 412


@pytest.mark.parametrize("is_moved", [True, False])
async def test_what_becomes_of_the_tasks_of_a_deleted_category_is_chosen(
    ada: Person, *, is_moved: bool
) -> None:
    home, work = await _category(ada, "Home"), await _category(ada, "Work")
    task = await ada.creates(category_id=home["id"])
    target = {"move_tasks_to": work["id"]} if is_moved else {}

    deleted = await ada.client.delete(f"/api/v1/categories/{home['id']}", params=target)

    assert deleted.status_code == 204
    left = (await ada.client.get(f"/api/v1/tasks/{task['id']}")).json()["category"]
    assert left == ({"id": work["id"], "name": "Work"} if is_moved else None)
    assert len((await ada.client.get("/api/v1/categories")).json()["items"]) == 1


async def test_the_tasks_of_a_deleted_category_may_go_with_it(ada: Person) -> None:
    home, work = await _category(ada, "Home"), await _category(ada, "Work")
    task = await ada.creates(category_id=home["id"])
    url = f"/api/v1/categories/{home['id']}"

    both = {"move_tasks_to": work["id"], "delete_tasks": "true"}
    unclear = await ada.client.delete(url, params=both)
    deleted = await ada.client.delete(url, params={"delete_tasks": "true"})

    assert unclear.status_code == 400
    assert unclear.json()["errors"][0]["field"] == "delete_tasks"
    assert deleted.status_code == 204
    assert (await ada.client.get(f"/api/v1/tasks/{task['id']}")).status_code == 404


async def test_categories_are_counted(ada: Person) -> None:
    home = await _category(ada, "Home")
    task = await ada.creates(category_id=home["id"])
    await ada.creates(category_id=home["id"])
    await ada.client.post(f"/api/v1/tasks/{task['id']}/complete")

    counted = (await ada.client.get("/api/v1/categories/counts")).json()

    assert counted == {"items": [home | {"open": 1, "completed": 1}]}


async def test_tasks_cannot_go_where_they_are_not_to_stay(ada: Person, ben: Person) -> None:
    home, foreign = await _category(ada, "Home"), await _category(ben, "Work")
    url = f"/api/v1/categories/{home['id']}"

    for target in (home["id"], foreign["id"], "nonsense"):
        answer = await ada.client.delete(url, params={"move_tasks_to": target})
        assert answer.status_code == 404
    assert (await ada.client.get(url)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_somebody_elses_category_is_not_there(ada: Person, ben: Person, method: str) -> None:
    url = f"/api/v1/categories/{(await _category(ada, 'Home'))['id']}"
    body = {"name": "Mine"} if method == "PATCH" else None

    assert (await ben.client.request(method, url, json=body)).status_code == 404
    missing = "/api/v1/categories/nonsense"
    assert (await ben.client.request(method, missing, json=body)).status_code == 404


async def test_a_person_changes_how_they_are_spoken_to_and_reminded(api: Api, ada: Person) -> None:
    due_at = api.core.clock.now() + timedelta(hours=48)
    timed = await ada.creates(due_at=due_at.isoformat())
    day = await ada.creates(due_on="2100-05-17")
    changes = {
        "language": "ru",
        "timezone": "Asia/Tokyo",
        "lead_times": [0, 1440],
        "day_start": "07:30",
        "notifications": False,
    }

    answer = await ada.client.patch("/api/v1/me", json=changes)

    assert answer.status_code == 200
    assert answer.json() | changes == answer.json() | {"lead_times": [0, 1440]}
    assert answer.json()["lead_times"] == [1440, 0]
    assert answer.json()["timezone_chosen"]

    async def planned(task: dict[str, Any]) -> list[str]:
        items = (await ada.client.get(f"/api/v1/tasks/{task['id']}/reminders")).json()["items"]
        return [one["due_at"] for one in items if one["state"] == "planned"]

    assert await planned(timed) == ["2100-03-16T12:00:00Z", "2100-03-17T12:00:00Z"]
    assert await planned(day) == ["2100-05-16T22:30:00Z"]  # half past seven in Tokyo


async def test_nothing_changes_where_nothing_is_sent(ada: Person) -> None:
    before = (await ada.client.get("/api/v1/me")).json()

    after = (await ada.client.patch("/api/v1/me", json={})).json()

    assert after == before | {"version": 2}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"language": "fr"}, "language"),
        ({"lead_times": [-1]}, "lead_times"),
        ({"lead_times": [2**63]}, "lead_times"),
        ({"lead_times": list(range(11))}, "lead_times"),
        ({"lead_times": None}, "lead_times"),
        ({"day_start": "24:00"}, "day_start"),
        ({"day_start": "٠٩:٠٠"}, "day_start"),
        ({"reachable": True}, "reachable"),
        ({"notifications": "no"}, "notifications"),
        ({"timezone": "Asia/Tokyo", "timed_deadlines": "forget"}, "timed_deadlines"),
        ({"timed_deadlines": "keep_clock"}, "timed_deadlines"),
    ],
)
async def test_a_bad_preference_is_reported_at_its_field(
    ada: Person, changes: dict[str, Any], field: str
) -> None:
    answer = await ada.client.patch("/api/v1/me", json=changes)

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


async def test_preferences_that_were_changed_meanwhile_are_not_overwritten(ada: Person) -> None:
    seen = {"If-Match": (await ada.client.get("/api/v1/me")).headers["ETag"]}
    await ada.client.patch("/api/v1/me", json={"language": "ru"})

    answer = await ada.client.patch("/api/v1/me", json={"language": "en"}, headers=seen)

    assert answer.status_code == 412


@pytest.mark.parametrize(
    ("sent", "due_at"),
    [
        ({}, "2100-03-17T12:00:00Z"),
        ({"timed_deadlines": "keep_moment"}, "2100-03-17T12:00:00Z"),
        ({"timed_deadlines": "keep_clock"}, "2100-03-17T06:00:00Z"),  # 15:00, now in Tokyo
    ],
)
async def test_who_moves_says_what_becomes_of_moments(
    ada: Person, sent: dict[str, str], due_at: str
) -> None:
    task = await ada.creates(due_at="2100-03-17T15:00:00+03:00")

    await ada.client.patch("/api/v1/me", json={"timezone": "Asia/Tokyo"} | sent)

    moved = (await ada.client.get(f"/api/v1/tasks/{task['id']}")).json()
    assert (moved["due_at"], moved["timezone"]) == (due_at, "Asia/Tokyo")
