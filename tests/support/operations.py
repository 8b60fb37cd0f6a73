"""Every operation that the API serves, as its own routes tell, and what to send to each.

Nothing here lists routes. What a route needs and cannot tell by itself (a body that is accepted,
a thing for its path to name) is looked up below; where that is missing the test fails, and says
what to add.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final, NoReturn

import httpx
import pytest
from attrs import frozen
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from ulid import ULID

from support.api import Api, Person
from support.builders import a_reminder, a_reminder_of, a_task
from taskbot.adapters.http.authentication import needed_scopes
from taskbot.adapters.telegram_login import TelegramLogin
from taskbot.application.ports import SignedPerson, UnitOfWork
from taskbot.domain.access_token import Scope
from taskbot.domain.errors import TaskNotFound
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.reminder import ReminderKind

ANOTHER_TASK: Final = "01K2Y7V9M1T5C8R2E4H6P0QSZX"
"""What the description's examples call a second task."""
LOGIN: Final = TelegramLogin("7000000001:made-up-for-the-tests")


@frozen
class Operation:
    """One method of one path. `str` is its name: the `operationId`, where it has one."""

    method: str
    path: str
    handler: HTTPRouteHandler

    def __str__(self) -> str:
        is_described = self.handler.resolve_include_in_schema()
        name = self.handler.operation_id if is_described else None
        return str(name or f"{self.method} {self.path}")

    @property
    def is_public(self) -> bool:
        return (self.method, self.path) in PUBLIC

    @property
    def scopes(self) -> frozenset[Scope]:
        """What a token must be good for."""
        return (
            frozenset() if self.is_public else frozenset(needed_scopes(self.handler, self.method))
        )

    @property
    def names_in_path(self) -> tuple[str, ...]:
        parts = self.path.split("/")
        return tuple(part[1:-1] for part in parts if part.startswith("{"))

    @property
    def takes_body(self) -> bool:
        return self.handler.parsed_data_field is not None


def operations(app: Litestar) -> list[Operation]:
    """All that *app* serves, but for what Litestar adds by itself (`OPTIONS`)."""
    served = [
        Operation(method, route.path_format, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if method != "OPTIONS"
    ]
    return sorted(served, key=lambda operation: (operation.path, operation.method))


PUBLIC: Final = frozenset(
    {
        ("GET", "/"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
        ("GET", "/api/v1/docs"),
        ("GET", "/api/v1/docs/assets/{name}"),
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/api/v1/health/live"),
        ("GET", "/api/v1/health/ready"),
        ("POST", "/api/v1/auth/telegram"),
    }
)
"""What anybody may ask for. All else needs an access token, of a person whose thing it is."""


@frozen
class Given:
    """Whose things there are, and the ids by which a request names them."""

    api: Api
    owner: Person
    ids: Mapping[str, str]


@frozen
class Call:
    method: str
    path: str
    query: Mapping[str, str]
    body: Any

    async def by(self, client: httpx.AsyncClient) -> httpx.Response:
        return await client.request(
            self.method, self.path, params=dict(self.query), json=self.body, follow_redirects=False
        )


async def things_of(owner: Person, *, api: Api) -> Given:
    """One of everything that belongs to *owner*."""
    ids = {name: await make(api, owner) for name, make in THINGS.items()}
    return Given(api, owner, ids)


def nothing_of(given: Given) -> Given:
    """The same requests, but for ids that nobody has."""
    return Given(given.api, given.owner, {name: str(ULID()) for name in given.ids})


def call(operation: Operation, given: Given) -> Call:
    """A request that is accepted of the owner of what it names, once it is `prepared`."""
    names = {**given.ids, **CONSTANTS}
    for name in operation.names_in_path:
        if name not in names:
            _missing("THINGS", name, "how to make what the path names so, and give its id")
    body, query = BODIES.get(str(operation)), QUERIES.get(str(operation))
    if body is None and operation.takes_body:
        _missing("BODIES", str(operation), "a body that is accepted")
    return Call(
        operation.method,
        operation.path.format_map(names),
        {} if query is None else query(given),
        None if body is None else body(given),
    )


async def prepared(operation: Operation, given: Given) -> None:
    """Bring the things into a state that allows the operation."""
    if prepare := PREPARATIONS.get(str(operation)):
        await prepare(given)


def _missing(table: str, key: str, what: str) -> NoReturn:
    pytest.fail(f"tests/support/operations.py: add {key!r} to {table}: {what}", pytrace=False)


async def _a_task(api: Api, owner: Person) -> str:
    task = await owner.creates(due_at="2100-05-17T18:00:00Z", description="One\nTwo")
    return str(task["id"])


async def _a_line(_: Api, owner: Person) -> str:
    return str((await owner.creates())["id"])


async def _a_category(api: Api, owner: Person) -> str:
    answer = await owner.client.post("/api/v1/categories", json={"name": str(ULID())})
    return str(answer.json()["id"])


async def _a_token(api: Api, owner: Person) -> str:
    # Good for no more than whoever rotates it has to be.
    made = await api.core.access_tokens.create("spare", scopes=[Scope.ACCOUNT], actor=owner.user.id)
    return str(made.token.id)


async def _a_dead_letter(api: Api, owner: Person) -> str:
    task = a_task(owner_id=owner.user.id)
    dead = a_reminder_of(task, attempt=3).give_up(error="no route")

    async def keep(uow: UnitOfWork) -> None:
        await uow.tasks.add(task)
        await uow.reminders.add([dead])

    await api.core.transactions.run(keep)
    return str(dead.id)


async def _leaving(given: Given) -> None:
    assert (await given.owner.client.delete("/api/v1/me")).is_success


async def _the_other_of_the_example(given: Given) -> None:
    task = a_task(owner_id=given.owner.user.id, id=TaskId(ULID.from_str(ANOTHER_TASK)))

    async def keep(uow: UnitOfWork) -> None:
        try:
            await uow.tasks.get(task.id)
        except TaskNotFound:
            await uow.tasks.add(task)

    await given.api.core.transactions.run(keep)


async def _completed(given: Given) -> None:
    answer = await given.owner.client.post(f"/api/v1/tasks/{given.ids['task_id']}/complete")
    assert answer.is_success


async def _planned(given: Given) -> None:
    """The reminder that is given is one of the task that is given, and still ahead."""
    if not {"task_id", "reminder_id"} <= given.ids.keys():
        return  # the path names a thing that there is not
    reminders = given.api.core.database.tables.reminders
    planned = a_reminder(
        id=ReminderId(ULID.from_str(given.ids["reminder_id"])),
        task_id=TaskId(ULID.from_str(given.ids["task_id"])),
        owner_id=given.owner.user.id,
        kind=ReminderKind.MOMENT,
        fire_at=given.api.core.clock.now() + timedelta(days=1),
    )
    reminders[planned.id] = planned


def _signed(given: Given) -> str:
    person = SignedPerson(given.owner.user.telegram_id, "Ada", "en")
    return LOGIN.sign(person, now=given.api.core.clock.now())


THINGS: Final[Mapping[str, Callable[[Api, Person], Awaitable[str]]]] = {
    "task_id": _a_task,
    "another_task_id": _a_line,
    "category_id": _a_category,
    "token_id": _a_token,
    "reminder_id": _a_dead_letter,
}
"""By the name of the parameter in the path."""

CONSTANTS: Final = {"name": "page.css"}
"""Parameters in the path that name nobody's thing."""

BODIES: Final[Mapping[str, Callable[[Given], Any]]] = {
    "signInWithTelegram": lambda given: {"init_data": _signed(given)},
    "createCategory": lambda _: {"name": "Errands"},
    "updateCategory": lambda _: {"name": "Garden"},
    "updateMe": lambda _: {"language": "ru"},
    "createTask": lambda given: {"title": "x", "category_id": given.ids["category_id"]},
    "updateTask": lambda given: {"title": "y", "category_id": given.ids["category_id"]},
    "bulkTasks": lambda given: {"action": "complete", "task_ids": [given.ids["task_id"]]},
    "rescheduleTask": lambda _: {"due_on": "2100-05-18"},
    "addTaskReminder": lambda _: {"at": "2100-05-18T18:00:00Z"},
    "joinTasks": lambda given: {"task_ids": [given.ids["another_task_id"]]},
    "snoozeTask": lambda _: {"until": "2100-05-18T18:00:00Z"},
    "createToken": lambda _: {"name": "laptop"},
    "rotateToken": lambda _: {"overlap_seconds": 60},
}
"""By the name of the operation."""

QUERIES: Final[Mapping[str, Callable[[Given], Mapping[str, str]]]] = {
    "listTasks": lambda given: {"category_id": given.ids["category_id"]},
    "getTaskCards": lambda given: {"ids": given.ids["task_id"]},
}
"""Where the query names somebody's things, or must not be empty."""

PREPARATIONS: Final[Mapping[str, Callable[[Given], Awaitable[None]]]] = {
    "removeTaskReminder": _planned,
    "reopenTask": _completed,
    "getUndo": _completed,
    "undoTask": _completed,
    "joinTasks": _the_other_of_the_example,
    "restoreMe": _leaving,
}
"""Where a thing has to be in a certain state first."""
