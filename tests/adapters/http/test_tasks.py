"""What a person does with a task, over HTTP."""

from datetime import timedelta

import pytest

from support.api import Api, Person
from taskbot.domain.reminder import ReminderKind, ReminderState

pytestmark = pytest.mark.anyio

SHOWN = {
    "id", "title", "description", "category", "priority", "status", "due_at", "due_on", "timezone",
    "lead_times", "overdue", "created_at", "updated_at", "completed_at", "version",
}  # fmt: skip


async def test_a_task_needs_nothing_but_a_title(ada: Person) -> None:
    answer = await ada.client.post("/api/v1/tasks", json={"title": "  Buy   milk "})

    task = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/tasks/{task['id']}"
    assert task == {
        "id": task["id"],
        "title": "Buy milk",
        "description": "",
        "category": None,
        "priority": 4,
        "status": "open",
        "due_at": None,
        "due_on": None,
        "timezone": ada.user.timezone,
        "lead_times": None,
        "overdue": False,
        "created_at": "2100-03-15T12:00:00Z",
        "updated_at": "2100-03-15T12:00:00Z",
        "completed_at": None,
        "version": 1,
    }


async def test_everything_that_was_sent_is_kept(ada: Person) -> None:
    category = (await ada.client.post("/api/v1/categories", json={"name": "Home"})).json()

    created = await ada.creates(
        title="<b>Молоко</b> 🥛",
        description="Two bottles\nblue cap",
        category_id=category["id"],
        priority=1,
        due_at="2100-05-17T18:00:00+03:00",
        timezone="Asia/Tokyo",
    )
    read = (await ada.client.get(f"/api/v1/tasks/{created['id']}")).json()

    assert read == created
    assert read.keys() == SHOWN
    assert read["title"] == "<b>Молоко</b> 🥛"
    assert read["description"] == "Two bottles\nblue cap"
    assert read["category"] == {"id": category["id"], "name": "Home"}
    assert read["priority"] == 1
    assert read["due_at"] == "2100-05-17T15:00:00Z"
    assert read["timezone"] == "Asia/Tokyo"


async def test_the_location_of_a_new_task_leads_to_it(ada: Person) -> None:
    created = await ada.client.post("/api/v1/tasks", json={"title": "Buy milk"})

    found = await ada.client.get(created.headers["Location"])

    assert found.json() == created.json()


async def test_the_id_is_understood_in_small_letters(ada: Person) -> None:
    task = await ada.creates()

    found = await ada.client.get(f"/api/v1/tasks/{task['id'].lower()}")

    assert found.json() == task


async def test_a_task_is_overdue_by_the_injected_clock(api: Api, ada: Person) -> None:
    task = await ada.creates(due_at="2100-03-15T13:00:00Z")

    api.core.clock.advance(timedelta(hours=1))
    later = (await ada.client.get(f"/api/v1/tasks/{task['id']}")).json()

    assert (task["overdue"], later["overdue"]) == (False, True)


async def test_completing_a_task_cancels_its_reminders(api: Api, ada: Person) -> None:
    task = await ada.creates(due_at="2100-05-17T18:00:00Z")

    answer = await ada.client.post(f"/api/v1/tasks/{task['id']}/complete")

    completed = answer.json()
    assert answer.status_code == 200
    assert completed["status"] == "completed"
    assert completed["completed_at"] == "2100-03-15T12:00:00Z"
    assert completed["version"] == 2
    states = {reminder.state for reminder in api.core.database.tables.reminders.values()}
    assert states == {ReminderState.CANCELLED}


async def test_completing_a_task_twice_is_a_conflict(ada: Person) -> None:
    task = await ada.creates()
    await ada.client.post(f"/api/v1/tasks/{task['id']}/complete")

    answer = await ada.client.post(f"/api/v1/tasks/{task['id']}/complete")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/task-already-completed"


async def test_a_completed_task_can_be_reopened(ada: Person) -> None:
    task = await ada.creates()
    await ada.client.post(f"/api/v1/tasks/{task['id']}/complete")

    reopened = (await ada.client.post(f"/api/v1/tasks/{task['id']}/reopen")).json()

    assert reopened["status"] == "open"
    assert reopened["completed_at"] is None


async def test_reopening_an_open_task_is_a_conflict(ada: Person) -> None:
    task = await ada.creates()

    answer = await ada.client.post(f"/api/v1/tasks/{task['id']}/reopen")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/task-not-completed"


async def test_a_completed_task_is_not_rescheduled(ada: Person) -> None:
    task = await ada.creates()
    await ada.client.post(f"/api/v1/tasks/{task['id']}/complete")

    answer = await ada.client.post(
        f"/api/v1/tasks/{task['id']}/reschedule", json={"due_on": "2100-05-17"}
    )

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/task-already-completed"


async def test_snoozing_adds_a_reminder_and_leaves_the_deadline(api: Api, ada: Person) -> None:
    task = await ada.creates(due_on="2100-05-17")

    answer = await ada.client.post(
        f"/api/v1/tasks/{task['id']}/snooze", json={"until": "2100-03-15T15:30:00+03:00"}
    )

    assert answer.status_code == 200
    assert answer.json() == task
    (snooze,) = (
        reminder
        for reminder in api.core.database.tables.reminders.values()
        if reminder.kind is ReminderKind.SNOOZE
    )
    assert snooze.fire_at.isoformat() == "2100-03-15T12:30:00+00:00"


@pytest.mark.parametrize("until", ["2100-03-15T12:00:00Z", "2101-03-16T12:00:00Z"])
async def test_a_snooze_out_of_range_is_reported_where_it_was_sent(ada: Person, until: str) -> None:
    task = await ada.creates()

    answer = await ada.client.post(f"/api/v1/tasks/{task['id']}/snooze", json={"until": until})

    problem = answer.json()
    assert answer.status_code == 422
    assert problem["type"] == "/problems/snooze-out-of-range"
    assert [error["field"] for error in problem["errors"]] == ["until"]


async def test_a_deleted_task_is_gone(ada: Person) -> None:
    task = await ada.creates()

    deleted = await ada.client.delete(f"/api/v1/tasks/{task['id']}")
    found = await ada.client.get(f"/api/v1/tasks/{task['id']}")
    again = await ada.client.delete(f"/api/v1/tasks/{task['id']}")

    assert (deleted.status_code, deleted.content) == (204, b"")
    assert found.status_code == again.status_code == 404


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"title": " \u200b\u202e "}, "title", "title-blank"),
        ({"title": "x" * 201}, "title", "title-too-long"),
        ({"title": "x", "description": "x" * 4001}, "description", "description-too-long"),
        ({"title": "x", "priority": 0}, "priority", "priority-unknown"),
        ({"title": "x", "priority": 5}, "priority", "priority-unknown"),
        ({"title": "x", "timezone": "Mars/Olympus"}, "timezone", "timezone-unknown"),
    ],
)
async def test_what_the_domain_refuses_is_reported_at_its_field(
    ada: Person, sent: dict[str, object], field: str, code: str
) -> None:
    answer = await ada.client.post("/api/v1/tasks", json=sent)

    problem = answer.json()
    assert answer.status_code == 422
    assert problem["type"] == f"/problems/{code}"
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
