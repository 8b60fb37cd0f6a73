"""Dead letters over HTTP: what operators see and do, and nobody else."""

from typing import Any

import httpx
import pytest
from attrs import evolve

from support.api import Api, Person
from support.builders import NOW, a_reminder_of, a_task
from support.core import Core
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

TITLE = "Divorce lawyer"


async def _keep(core: Core, owner: User, number: int) -> list[Reminder]:
    """Leave so many dead letters, the earliest promise first, and a reminder that is none."""
    task = a_task(owner_id=owner.id, title=TITLE)
    dead = [a_reminder_of(task, attempt=3).give_up(error="no route") for _ in range(number)]

    async def keep(uow: Any) -> None:
        await uow.tasks.add(task)
        await uow.reminders.add([*dead, a_reminder_of(task)])

    await core.transactions.run(keep)
    return sorted(dead, key=lambda one: one.id)


async def _state(core: Core, reminder: Reminder) -> ReminderState:
    (letter,) = await core.queries.letters([reminder.id])
    return letter.reminder.state


@pytest.fixture
async def operator(api: Api) -> httpx.AsyncClient:
    return await api.operator()


async def test_an_operator_sees_what_went_wrong_and_nothing_that_a_person_wrote(
    api: Api, ada: Person, operator: httpx.AsyncClient
) -> None:
    (dead,) = await _keep(api.core, ada.user, 1)

    listed = await operator.get("/api/v1/dead-letters")
    one = await operator.get(f"/api/v1/dead-letters/{dead.id}")

    assert listed.json() == {"items": [one.json()], "next_cursor": None}
    assert one.json() == {
        "id": str(dead.id),
        "task_id": str(dead.task_id),
        "kind": "due",
        "fire_at": "2100-03-15T12:00:00Z",
        "state": "failed",
        "attempts": 3,
        "last_error": "no route",
    }
    assert TITLE not in listed.text


async def test_pages_follow_each_other(
    api: Api, ada: Person, ben: Person, operator: httpx.AsyncClient
) -> None:
    dead = [*await _keep(api.core, ada.user, 3), *await _keep(api.core, ben.user, 2)]

    seen, path = [], "/api/v1/dead-letters?limit=2"
    while path:
        page = await operator.get(path)
        seen.append([item["id"] for item in page.json()["items"]])
        path = page.links["next"]["url"] if "next" in page.links else ""
        assert (path != "") == (page.json()["next_cursor"] is not None)

    assert [len(page) for page in seen] == [2, 2, 1]
    assert [one for page in seen for one in page] == sorted(str(one.id) for one in dead)


async def test_one_is_tried_anew_and_another_put_away(
    api: Api, ada: Person, operator: httpx.AsyncClient
) -> None:
    first, second, third = await _keep(api.core, ada.user, 3)

    retried = await operator.post(f"/api/v1/dead-letters/{first.id}/retry")
    discarded = await operator.post(f"/api/v1/dead-letters/{second.id}/discard")

    assert (retried.status_code, retried.json()["state"]) == (200, "planned")
    assert (discarded.status_code, discarded.json()["state"]) == (200, "cancelled")
    states = [await _state(api.core, one) for one in (first, second, third)]
    assert states == [ReminderState.PLANNED, ReminderState.CANCELLED, ReminderState.FAILED]


WAYS = [("GET", ""), ("POST", "/retry"), ("POST", "/discard")]


@pytest.mark.parametrize(("method", "verb"), WAYS)
async def test_what_is_no_dead_letter_is_left_alone(
    api: Api, ada: Person, operator: httpx.AsyncClient, method: str, verb: str
) -> None:
    task: Task = a_task(owner_id=ada.user.id)
    planned = a_reminder_of(task, available_at=NOW)
    await api.core.transactions.run(lambda uow: uow.tasks.add(task))
    await api.core.transactions.run(lambda uow: uow.reminders.add([planned]))
    unknown = evolve(planned, id=a_reminder_of(task).id)

    answers = [
        await operator.request(method, f"/api/v1/dead-letters/{one}{verb}")
        for one in (planned.id, unknown.id, "nonsense")
    ]

    assert [(answer.status_code, answer.json()["type"]) for answer in answers] == [
        (409, "/problems/reminder-not-dead"),
        (404, "/problems/reminder-not-found"),
        (404, "/problems/reminder-not-found"),
    ]
    assert await _state(api.core, planned) is ReminderState.PLANNED


@pytest.mark.parametrize(("method", "verb"), [*WAYS, ("GET", None)])
async def test_nobody_else_comes_near_them(
    api: Api, ada: Person, method: str, verb: str | None
) -> None:
    (dead,) = await _keep(api.core, ada.user, 1)
    path = "/api/v1/dead-letters" if verb is None else f"/api/v1/dead-letters/{dead.id}{verb}"

    hers = await ada.client.request(method, path)
    anonymous = await api.anonymous.request(method, path)

    assert (hers.status_code, hers.json()["type"]) == (403, "/problems/scope-insufficient")
    assert 'scope="operator"' in hers.headers["WWW-Authenticate"]
    assert anonymous.status_code == 401
    assert await _state(api.core, dead) is ReminderState.FAILED


async def test_an_operators_token_is_good_for_nothing_of_a_persons(
    operator: httpx.AsyncClient,
) -> None:
    for path in ("tasks", "categories", "tokens"):
        assert (await operator.get(f"/api/v1/{path}")).status_code == 403


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=made-up", "limit=1&limit=2"])
async def test_a_bad_query_is_refused(operator: httpx.AsyncClient, query: str) -> None:
    answer = await operator.get(f"/api/v1/dead-letters?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]
