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
