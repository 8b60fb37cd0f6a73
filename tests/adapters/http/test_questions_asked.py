"""How often a request asks the database: nothing else of its cost is in our hands.

A number here that grows makes every request of its kind slower; one that shrinks is to be kept.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from attrs import define

from support.api import Person, an_api
from support.asked import Statement, in_short, noting
from support.backends import migrated_sqlite, require
from support.core import a_core
from support.postgres import emptied_database
from taskbot.adapters.persistence import (
    SqlIdempotencyStore,
    SqlQueries,
    SqlTransactions,
    create_database,
)

pytestmark = pytest.mark.anyio

TASKS: Final = "/api/v1/tasks"
DUE: Final = "2100-05-17T15:00:00Z"
WHO: Final = ["SELECT access_tokens"]
"""Whose token it is, where that is asked for by itself."""


@define
class Asking:
    """Somebody known, whose requests tell what was asked for them."""

    person: Person
    asked: list[Statement]

    async def __call__(
        self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any
    ) -> list[str]:
        self.asked.clear()
        answer = await self.person.client.request(method, path, headers=headers, json=body or None)
        assert answer.status_code < httpx.codes.BAD_REQUEST, answer.text
        return [in_short(sql) for sql, _ in self.asked]


@pytest.fixture(params=["sqlite", "postgresql"])
async def ask(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Asking]:
    require(request.param)
    url = migrated_sqlite(tmp_path) if request.param == "sqlite" else emptied_database()
    asked: list[Statement] = []
    database = noting(create_database(url), asked)
    core = a_core(transactions=SqlTransactions(database), queries=SqlQueries(database))
    api = an_api(core=core, idempotency=SqlIdempotencyStore(database, core.clock))
    person = await api.person()
    await person.client.get("/api/v1/me")  # the day's first use of a token is noted
    yield Asking(person, asked)
    await database.dispose()


async def _a_task(ask: Asking, **more: Any) -> str:
    return f"{TASKS}/{(await ask.person.creates(title='Milk', **more))['id']}"


async def test_a_task_is_read_by_one_statement(ask: Asking) -> None:
    assert await ask("GET", await _a_task(ask)) == ["SELECT access_tokens"]


@pytest.mark.parametrize(
    "query", ["", "?limit=1", "?status=open&priority=1,2", "?q=milk&sort=-created", "?overdue=true"]
)
async def test_a_list_is_read_by_one_statement(ask: Asking, query: str) -> None:
    await _a_task(ask, due_at=DUE)

    assert await ask("GET", f"{TASKS}{query}") == ["SELECT access_tokens"]


async def test_what_day_it_is_has_to_be_known_before_what_is_due_then(ask: Asking) -> None:
    assert await ask("GET", f"{TASKS}?due=today") == [*WHO, "SELECT tasks"]
    assert await ask("GET", f"{TASKS}?due=today&timezone=UTC") == ["SELECT access_tokens"]


async def test_a_task_is_written_down_with_its_reminders(ask: Asking) -> None:
    created = await ask("POST", TASKS, title="Milk", due_at=DUE)

    assert created == [
        *WHO,
        "BEGIN",
        "SELECT users",
        "INSERT tasks",
        "INSERT reminders",
        "COMMIT",
    ]


async def test_a_task_without_a_deadline_has_no_reminders_to_write(ask: Asking) -> None:
    created = await ask("POST", TASKS, title="Milk")

    assert created == [*WHO, "BEGIN", "SELECT users", "INSERT tasks", "COMMIT"]


async def test_a_request_that_may_be_repeated_is_noted_and_its_answer_kept(ask: Asking) -> None:
    key = {"Idempotency-Key": "7"}
    first = await ask("POST", TASKS, key, title="Milk")
    again = await ask("POST", TASKS, key, title="Milk")

    assert first[:2] == [*WHO, "INSERT idempotency_keys"]
    assert first[-1] == "UPDATE idempotency_keys"
    assert again == [*WHO, "INSERT idempotency_keys", "SELECT idempotency_keys"]


async def test_a_task_is_changed(ask: Asking) -> None:
    task = await _a_task(ask, due_at=DUE)

    retitled = await ask("PATCH", task, title="Bread")
    moved = await ask("PATCH", task, due_at="2100-05-18T15:00:00Z")

    assert retitled == [*WHO, "SELECT tasks", "UPDATE tasks"]
    assert moved == [
        *WHO,
        "BEGIN",
        "SELECT users",
        "SELECT tasks",
        "UPDATE tasks",
        "UPDATE reminders",
        "INSERT reminders",
        "COMMIT",
    ]


async def test_a_task_is_completed_and_may_be_reopened(ask: Asking) -> None:
    task = await _a_task(ask, due_at=DUE)

    completed = await ask("POST", f"{task}/complete")

    assert completed == [
        *WHO,
        "BEGIN",
        "SELECT tasks",
        "INSERT undos",
        "UPDATE tasks",
        "UPDATE reminders",
        "COMMIT",
    ]


async def test_a_task_is_deleted(ask: Asking) -> None:
    task = await _a_task(ask, due_at=DUE)

    deleted = await ask("DELETE", task)

    assert deleted == [*WHO, "BEGIN", "SELECT tasks", "INSERT undos", "DELETE tasks", "COMMIT"]
