"""The export over HTTP: one document, whatever is in it."""

import json
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from support.api import ADA, Api, Person, an_api
from support.builders import NOW, a_task
from support.core import a_core
from taskbot.adapters.http.export_document import ExportDocument
from taskbot.adapters.memory import MemoryDatabase, MemoryQueries, MemoryTransactions
from taskbot.application.export import PAGE
from taskbot.application.ports import StorageUnavailable, TaskPosition
from taskbot.application.views import TaskCard
from taskbot.domain.ids import UserId

pytestmark = pytest.mark.anyio

URL = "/api/v1/me/export"


async def _export(person: Person) -> dict[str, Any]:
    answer = await person.client.get(URL)
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    msgspec.json.decode(answer.content, type=ExportDocument)  # as it is described
    return document


async def test_an_export_has_everything(api: Api, ada: Person, ben: Person) -> None:
    home = (
        await ada.client.post("/api/v1/categories", json={"name": "Home", "emoji": "🏠"})
    ).json()
    task = await ada.creates(
        description="Two «bottles»",
        category_id=home["id"],
        due_at=(NOW + timedelta(hours=2)).isoformat(),
    )
    plain = await ada.creates(title="x")
    await ben.creates(title="not hers")
    api.core.clock.advance(timedelta(hours=1))
    await api.core.deliver_due()

    document = await _export(ada)

    reminders = (await ada.client.get(f"/api/v1/tasks/{task['id']}/reminders")).json()["items"]
    tokens = (await ada.client.get("/api/v1/tokens")).json()["items"]
    assert document == {
        "format": "taskbot-export",
        "version": 1,
        "exported_at": "2100-03-15T13:00:00Z",
        "profile": {
            "id": str(ada.user.id),
            "telegram_id": ADA,
            "name": "",
            "reachable": True,
            "deletion_at": None,
            "created_at": "2100-03-15T12:00:00Z",
        },
        "preferences": {
            "language": "en",
            "timezone": "Europe/Moscow",
            "timezone_chosen": False,
            "lead_times": [60, 0],
            "day_start": "09:00",
            "notifications": True,
        },
        "categories": [home],
        "access_tokens": tokens,
        "tasks": [
            task | {"lead_times": None, "reminders": reminders},
            plain | {"lead_times": None, "reminders": []},
        ],
    }
    assert [one["state"] for one in reminders] == ["sent", "planned"]
    assert "not hers" not in json.dumps(document)
    assert ada.secret not in json.dumps(document)


async def test_it_is_a_file_to_keep(ada: Person) -> None:
    answer = await ada.client.get(URL)

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="taskbot-2100-03-15.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Length" not in answer.headers


async def test_who_has_nothing_gets_a_document_too(ada: Person) -> None:
    document = await _export(ada)

    assert (document["tasks"], document["categories"]) == ([], [])


async def test_many_tasks_are_all_in_it_once(api: Api, ada: Person) -> None:
    tasks = [
        a_task(owner_id=ada.user.id, title=f"Number {number}") for number in range(3 * PAGE + 1)
    ]
    for task in tasks:
        await api.core.transactions.run(lambda uow, task=task: uow.tasks.add(task))  # type: ignore[misc]

    document = await _export(ada)

    titles = [task["title"] for task in document["tasks"]]
    assert sorted(titles) == sorted(task.title for task in tasks)


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (["account"], "tasks:read"),
        (["tasks:read", "tasks:write"], "account"),
        (["account", "tasks:read"], None),
    ],
)
async def test_it_needs_a_token_for_the_account_and_for_reading_tasks(
    api: Api, ada: Person, scopes: list[str], missing: str | None
) -> None:
    made = await ada.client.post("/api/v1/tokens", json={"name": "x", "scopes": scopes})
    client = api.client(Authorization=f"Bearer {made.json()['token']}")

    answer = await client.get(URL)

    assert answer.status_code == (200 if missing is None else 403)
    if missing is not None:
        assert f'scope="{missing}"' in answer.headers["WWW-Authenticate"]


async def test_who_is_leaving_takes_everything_along(ada: Person) -> None:
    await ada.creates()
    await ada.client.delete("/api/v1/me")

    document = await _export(ada)

    assert document["profile"]["deletion_at"] == "2100-03-29T12:00:00Z"
    assert len(document["tasks"]) == 1


class _Failing(MemoryQueries):
    """Fails at the page that is told by `fails_at`, counted from 0."""

    fails_at = 0

    async def next_task_cards(
        self, owner_id: UserId, *, limit: int, after: TaskPosition | None = None
    ) -> list[TaskCard]:
        if (after is not None) == bool(self.fails_at):
            raise StorageUnavailable("made up")
        return await super().next_task_cards(owner_id, limit=limit, after=after)


class _FailingLater(_Failing):
    fails_at = 1


async def _over(queries: type[MemoryQueries], *, tasks: int) -> tuple[Api, Person]:
    database = MemoryDatabase()
    core = a_core(transactions=MemoryTransactions(database), queries=queries(database))
    api = an_api(core=core)
    ada = await api.person()
    for _ in range(tasks):
        task = a_task(owner_id=ada.user.id)
        database.tables.tasks[task.id] = task
    return api, ada


async def test_a_storage_that_is_away_is_told_before_the_document_begins() -> None:
    _, ada = await _over(_Failing, tasks=1)

    assert (await ada.client.get(URL)).status_code == 503


async def test_a_document_that_breaks_off_does_not_look_whole() -> None:
    api, ada = await _over(_FailingLater, tasks=3 * PAGE)
    app: Any = api.app
    # A server hangs up where the application raises; here what was sent until then is left.
    until_then = httpx.ASGITransport(app, raise_app_exceptions=False)

    headers = {**ada.client.headers, "accept-encoding": "identity"}
    async with httpx.AsyncClient(transport=until_then, headers=headers) as client:
        answer = await client.get(f"http://taskbot.test{URL}")

    assert answer.content.count(b"Buy milk") == PAGE
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_the_description_shows_the_document(api: Api) -> None:
    described: httpx.Response = await api.anonymous.get("/api/v1/openapi.json")

    answers = described.json()["paths"]["/api/v1/me/export"]["get"]["responses"]

    schema = answers["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/ExportDocument"}
