"""Counts, and tasks with their reminders."""

import pytest

from support.api import Api, Person

pytestmark = pytest.mark.anyio


async def test_open_tasks_are_counted_by_kind(ada: Person) -> None:
    home = (await ada.client.post("/api/v1/categories", json={"name": "Home"})).json()
    await ada.creates(due_at="2100-03-15T18:00:00Z", category_id=home["id"])
    await ada.creates(due_at="2100-03-18T18:00:00Z")
    done = await ada.creates()
    await ada.client.post(f"/api/v1/tasks/{done['id']}/complete")
    await ada.creates()

    counts = (await ada.client.get("/api/v1/tasks/counts")).json()

    by_category = {one["category_id"]: one["open"] for one in counts.pop("by_category")}
    assert by_category == {home["id"]: 1, None: 2}
    assert counts == {
        "open": 3, "overdue": 0, "due_today": 1, "due_this_week": 2, "upcoming": 1,
        "without_deadline": 1,
    }  # fmt: skip


async def test_today_is_counted_by_the_clocks_that_are_named(ada: Person) -> None:
    await ada.creates(due_at="2100-03-16T09:00:00Z")
    query = {"timezone": "Pacific/Auckland"}

    here = (await ada.client.get("/api/v1/tasks/counts")).json()
    there = (await ada.client.get("/api/v1/tasks/counts", params=query)).json()

    assert (here["due_today"], there["due_today"]) == (0, 1)


async def test_a_card_is_the_task_with_its_category_and_reminders(ada: Person) -> None:
    body = {"name": "Home", "emoji": "🏠"}
    home = (await ada.client.post("/api/v1/categories", json=body)).json()
    task = await ada.creates(due_at="2100-03-17T15:00:00Z", category_id=home["id"])
    reminders = (await ada.client.get(f"/api/v1/tasks/{task['id']}/reminders")).json()["items"]

    (card,) = (await ada.client.get("/api/v1/tasks/cards", params={"ids": task["id"]})).json()[
        "items"
    ]

    assert card == {**task, "category": home, "reminders": reminders}
    assert [one["kind"] for one in reminders] == ["lead", "due"]


async def test_only_ones_own_cards_are_dealt(api: Api, ada: Person, ben: Person) -> None:
    hers, his = await ada.creates(title="hers"), await ben.creates(title="his")
    missing = "01K2Y7T0ZK8Q4M6V3R9XWBN5HC"
    query = {"ids": ",".join([hers["id"], his["id"], missing])}

    answer = await ada.client.get("/api/v1/tasks/cards", params=query)

    assert [card["title"] for card in answer.json()["items"]] == ["hers"]


@pytest.mark.parametrize("ids", ["", "x", ",", ",".join(["01K2Y7T0ZK8Q4M6V3R9XWBN5HC"] * 101)])
async def test_what_are_no_ids_is_refused(ada: Person, ids: str) -> None:
    answer = await ada.client.get("/api/v1/tasks/cards", params={"ids": ids})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "ids"
