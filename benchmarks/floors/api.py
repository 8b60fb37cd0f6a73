"""What the API is compared with: bare Litestar handlers that run the same SQL through the driver.

The same statements in the same transactions, and answers of the same shape; nothing that makes an
API of it: no scopes, no checks beyond the types of a body, no entity tags, no problems, no
services. Started by the scenario `api`; the first line that it writes is its address.
"""

import argparse
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import uvloop
from litestar import Litestar, Request, get, patch, post
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.params import JSONBody
from sqlalchemy import Table
from ulid import ULID

from benchmarks.floors.stores import PostgreSQL, SQLite, Store
from taskbot.adapters.http.task_views import TaskCategory, TaskDetails, TaskList, TaskSummary
from taskbot.adapters.persistence import tables
from taskbot.application.search_words import search_words
from taskbot.domain.task import TaskStatus
from taskbot.entrypoints.processes import stop_on_signals
from taskbot.entrypoints.web_server import serving

# ruff: noqa: S608 - all names are those of our own tables

_UNREAD: Final = frozenset({"search_words", "key"})
_HOUR: Final = timedelta(hours=1)


def _columns(table: Table, *, prefixed: bool = True) -> str:
    if not prefixed:
        return ", ".join(f"{table.name}.{c.name}" for c in table.columns)
    return ", ".join(
        f"{table.name}.{c.name} AS {table.name}_{c.name}"
        for c in table.columns
        if c.name not in _UNREAD
    )


def _insert(table: Table) -> str:
    names = [c.name for c in table.columns]
    values = ", ".join(f"%({name})s" for name in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values})"


_HOLDER: Final = (
    f"SELECT {_columns(tables.access_tokens)}, {_columns(tables.users)} FROM access_tokens "
    "JOIN users ON access_tokens.owner_id = users.id WHERE access_tokens.digest = %s"
)
_VIEW: Final = (
    f"SELECT {_columns(tables.tasks)}, {_columns(tables.categories)} FROM tasks "
    "LEFT OUTER JOIN categories ON tasks.category_id = categories.id "
)
_BEARER: Final = (
    f"SELECT {_columns(tables.access_tokens)}, {_columns(tables.users)}, page.* FROM access_tokens "
    "JOIN users ON access_tokens.owner_id = users.id LEFT OUTER JOIN "
)
_OWN: Final = "tasks.owner_id = (SELECT owner_id FROM access_tokens WHERE digest = %s)"
_ONE: Final = (
    f"{_BEARER} ({_VIEW} WHERE tasks.id = %s AND {_OWN}) AS page ON true "
    "WHERE access_tokens.digest = %s"
)
_PAGE: Final = (
    f"{_BEARER} ({_VIEW.replace(' FROM tasks', ', tasks.ends_at, tasks.id FROM tasks', 1)} "
    f"WHERE {_OWN} ORDER BY tasks.ends_at, tasks.id LIMIT %s) AS page ON true "
    "WHERE access_tokens.digest = %s ORDER BY page.ends_at, page.id"
)

_OWNER: Final = (
    f"SELECT {_columns(tables.users, prefixed=False)} FROM users WHERE id = %s FOR NO KEY UPDATE"
)
_COLUMNS: Final = [c.name for c in tables.tasks.columns if c.name not in _UNREAD]
_OWN_TASK: Final = f"{_VIEW} WHERE tasks.id = %s AND tasks.owner_id = %s"
_ADD_TASK: Final = _insert(tables.tasks)
_ADD_REMINDER: Final = _insert(tables.reminders)
_CHANGE: Final = (
    "UPDATE tasks SET "
    + ", ".join(f"{c.name} = %({c.name})s" for c in tables.tasks.columns)
    + " WHERE id = %(id)s AND version = %(old_version)s"
)


class NewTask(msgspec.Struct):
    title: str
    due_at: datetime


class Changes(msgspec.Struct):
    title: str


STORE: Store


def _digest(request: Request[Any, Any, Any]) -> bytes:
    secret = request.headers["authorization"].partition(" ")[2]
    return hashlib.sha256(secret.encode()).digest()


async def _user(request: Request[Any, Any, Any]) -> dict[str, Any]:
    found = await STORE.rows(_HOLDER, _digest(request))
    if not found:
        raise NotAuthorizedException
    return found[0]


def _shown(row: dict[str, Any], zone: str, now: datetime, *, details: bool) -> TaskSummary:
    category, leads = row["categories_id"], row["tasks_lead_times"]
    fields = {
        "id": str(ULID.from_bytes(row["tasks_id"].bytes)),
        "title": row["tasks_title"],
        "category": None
        if category is None
        else TaskCategory(str(ULID.from_bytes(category.bytes)), row["categories_name"]),
        "priority": row["tasks_priority"],
        "status": TaskStatus(row["tasks_status"]),
        "due_at": row["tasks_due_at"],
        "due_on": row["tasks_due_on"],
        "timezone": row["tasks_timezone"] or zone,
        "lead_times": None if leads is None else [int(lead // 60) for lead in leads],
        "overdue": row["tasks_status"] == "open" and row["tasks_ends_at"] <= now,
        "created_at": row["tasks_created_at"],
        "updated_at": row["tasks_updated_at"],
        "completed_at": row["tasks_completed_at"],
        "version": row["tasks_version"],
    }
    if details:
        return TaskDetails(**fields, description=row["tasks_description"])
    return TaskSummary(**fields)


@get("/api/v1/tasks/{task_id:str}")
async def get_task(task_id: str, request: Request[Any, Any, Any]) -> TaskSummary:
    digest = _digest(request)
    found = await STORE.rows(_ONE, _uuid(task_id), digest, digest)
    if not found:
        raise NotAuthorizedException
    if found[0]["tasks_id"] is None:
        raise NotFoundException
    return _shown(found[0], found[0]["users_timezone"], datetime.now(UTC), details=True)


@get("/api/v1/tasks")
async def list_tasks(request: Request[Any, Any, Any], limit: int = 20) -> TaskList:
    digest = _digest(request)
    found = await STORE.rows(_PAGE, digest, limit + 1, digest)
    if not found:
        raise NotAuthorizedException
    now, zone = datetime.now(UTC), found[0]["users_timezone"]
    items = [_shown(row, zone, now, details=False) for row in found[:limit] if row["tasks_id"]]
    return TaskList(items, str(found[limit]["tasks_id"]) if len(found) > limit else None)


@post("/api/v1/tasks")
async def create(data: JSONBody[NewTask], request: Request[Any, Any, Any]) -> TaskSummary:
    user, now = await _user(request), datetime.now(UTC)
    task = dict.fromkeys(c.name for c in tables.tasks.columns) | {
        "id": _new_id(),
        "owner_id": user["users_id"],
        "title": data.title,
        "description": "",
        "priority": 4,
        "status": "open",
        "due_at": data.due_at,
        "timezone": user["users_timezone"],
        "ends_at": data.due_at,
        "created_at": now,
        "updated_at": now,
        "version": 1,
        "search_words": search_words(data.title),
    }
    reminders = [
        dict.fromkeys(c.name for c in tables.reminders.columns)
        | {
            "id": _new_id(),
            "task_id": task["id"],
            "owner_id": user["users_id"],
            "fire_at": fire_at,
            "kind": kind,
            "state": "planned",
            "available_at": fire_at,
            "attempt": 0,
            "failures": 0,
            "uncertain": 0,
            "created_at": now,
            "withdrawn": False,
            "alone": False,
            "stays": False,
        }
        for kind, fire_at in (("lead", data.due_at - _HOUR), ("due", data.due_at))
    ]
    async with STORE.transaction() as transaction:
        await transaction.rows(_OWNER, [user["users_id"]])
        await transaction.run(_ADD_TASK, [task])
        await transaction.run(_ADD_REMINDER, reminders)
    return _shown(_row(task, None), user["users_timezone"], now, details=True)


@patch("/api/v1/tasks/{task_id:str}")
async def update(
    task_id: str, data: JSONBody[Changes], request: Request[Any, Any, Any]
) -> TaskSummary:
    user, now = await _user(request), datetime.now(UTC)
    found = await STORE.rows(_OWN_TASK, _uuid(task_id), user["users_id"])
    if not found:
        raise NotFoundException
    task = {name: found[0][f"tasks_{name}"] for name in _COLUMNS}
    changed = task | {
        "title": data.title,
        "updated_at": now,
        "version": task["version"] + 1,
        "old_version": task["version"],
        "lead_times": None if task["lead_times"] is None else STORE.json(task["lead_times"]),
        "search_words": search_words(data.title, task["description"]),
    }
    await STORE.run(_CHANGE, changed)
    category = {name: found[0][f"categories_{name}"] for name in ("id", "name")}
    return _shown(_row(changed, category), user["users_timezone"], now, details=True)


def _row(task: dict[str, Any], category: dict[str, Any] | None) -> dict[str, Any]:
    named = {f"tasks_{name}": value for name, value in task.items()}
    filed = category or {"id": None, "name": None}
    return named | {f"categories_{name}": value for name, value in filed.items()}


def _uuid(text: str) -> UUID:
    return UUID(bytes=ULID.from_str(text).bytes)


def _new_id() -> UUID:
    return UUID(bytes=ULID().bytes)


async def main(database_url: str) -> None:
    global STORE  # noqa: PLW0603 - one for the process, which is this module
    stop = stop_on_signals()
    if database_url.startswith("sqlite:///"):
        STORE = SQLite(database_url.removeprefix("sqlite:///"))
    else:
        STORE = await PostgreSQL.opened(database_url)
    app = Litestar([get_task, list_tasks, create, update], openapi_config=None, logging_config=None)
    async with serving(app, host="127.0.0.1", port=0) as address:
        print(address, flush=True)
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database_url")
    uvloop.run(main(parser.parse_args().database_url))
