"""Receipts over HTTP."""

from datetime import timedelta

import pytest

from support.api import BEN, Api, Person
from taskbot.application.ports import NotSent

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


async def test_a_receipt_tells_what_was_promised_and_what_became_of_it(
    api: Api, ada: Person
) -> None:
    due_at = api.core.clock.now() + 2 * HOUR
    task = await ada.creates(due_at=due_at.isoformat())
    api.core.notifier.problems.append(NotSent("no route"))
    for step in (HOUR, timedelta(minutes=5)):
        api.core.clock.advance(step)
        await api.core.deliver_due()

    answer = await ada.client.get(f"/api/v1/tasks/{task['id']}/reminders")

    assert answer.status_code == 200
    lead, due = answer.json()["items"]
    assert (lead["kind"], lead["state"], lead["attempts"]) == ("lead", "sent", 2)
    assert (lead["late_seconds"], lead["last_error"]) == (300.0, None)
    assert lead["sent_at"] == "2100-03-15T13:05:00Z"
    assert (due["kind"], due["state"], due["attempts"]) == ("due", "planned", 0)
    assert (due["due_at"], due["sent_at"], due["late_seconds"]) == (
        "2100-03-15T14:00:00Z",
        None,
        None,
    )


async def test_an_error_that_is_not_over_is_told(api: Api, ada: Person) -> None:
    due_at = api.core.clock.now() + HOUR / 2
    task = await ada.creates(due_at=due_at.isoformat())
    api.core.notifier.problems.append(NotSent("no route"))
    api.core.clock.advance(HOUR)
    await api.core.deliver_due()

    (due,) = (await ada.client.get(f"/api/v1/tasks/{task['id']}/reminders")).json()["items"]

    assert (due["state"], due["last_error"]) == ("planned", "no route")


async def test_somebody_elses_receipts_are_not_there(api: Api, ada: Person) -> None:
    ben = await api.person(BEN)
    task = await ada.creates()

    assert (await ben.client.get(f"/api/v1/tasks/{task['id']}/reminders")).status_code == 404
    assert (await ada.client.get("/api/v1/tasks/nonsense/reminders")).status_code == 404


async def test_a_reminder_is_added_and_taken_back(api: Api, ada: Person) -> None:
    task = await ada.creates()
    path = f"/api/v1/tasks/{task['id']}/reminders"

    added = await ada.client.post(path, json={"at": "2100-03-16T18:00:00+03:00"})

    assert added.status_code == 201
    reminder = added.json()
    assert (reminder["kind"], reminder["state"]) == ("moment", "planned")
    assert reminder["due_at"] == "2100-03-16T15:00:00Z"
    gone = await ada.client.delete(f"{path}/{reminder['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    again = await ada.client.delete(f"{path}/{reminder['id']}")
    assert (again.status_code, again.json()["type"]) == (404, "/problems/reminder-not-found")
    assert (await ada.client.delete(f"{path}/nonsense")).status_code == 404


async def test_a_moment_that_is_over_is_blamed_on_its_field(api: Api, ada: Person) -> None:
    task = await ada.creates()
    path = f"/api/v1/tasks/{task['id']}/reminders"

    answers = [
        await ada.client.post(path, json={"at": at})
        for at in ("2100-03-15T12:00:00Z", "3000-01-01T00:00:00Z")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    found = [(answer.json()["type"], answer.json()["errors"][0]["field"]) for answer in answers]
    assert found == [
        ("/problems/reminder-in-past", "at"),
        ("/problems/reminder-out-of-range", "at"),
    ]


async def test_lead_times_of_a_task_are_changed_and_given_up(api: Api, ada: Person) -> None:
    task = await ada.creates(due_at="2100-05-17T18:00:00Z")
    path = f"/api/v1/tasks/{task['id']}"

    own = await ada.client.patch(path, json={"lead_times": [0, 180]})
    reminders = (await ada.client.get(f"{path}/reminders")).json()["items"]
    untouched = await ada.client.patch(path, json={"title": "Buy bread"})
    given_up = await ada.client.patch(path, json={"lead_times": None})

    assert own.json()["lead_times"] == untouched.json()["lead_times"] == [180, 0]
    planned = [one["due_at"] for one in reminders if one["state"] == "planned"]
    assert planned == ["2100-05-17T15:00:00Z", "2100-05-17T18:00:00Z"]
    assert given_up.json()["lead_times"] is None


@pytest.mark.parametrize("lead_times", [[-1], [2**63], list(range(11)), [1.5], "60"])
async def test_lead_times_that_cannot_be_are_refused(
    api: Api, ada: Person, lead_times: object
) -> None:
    task = await ada.creates()

    answer = await ada.client.patch(f"/api/v1/tasks/{task['id']}", json={"lead_times": lead_times})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "lead_times"
