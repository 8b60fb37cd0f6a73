"""The REST API over the memory core, and people who use it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, cast

import httpx
from attrs import field, frozen
from litestar import Litestar

from support.core import Core, a_core
from support.counting import counted_once
from support.shared_app import SharedApp
from taskbot.adapters.http import ApiPolicy, create_api
from taskbot.adapters.memory import MemoryIdempotencyStore, MemoryKeyStore
from taskbot.application.bearers import BearerService
from taskbot.application.health import Check, HealthService
from taskbot.application.ports import IdempotencyStore, IdentityProofs, Queries
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.tasks import TaskService
from taskbot.domain.access_token import Scope
from taskbot.domain.deadline_policy import DeadlinePolicy
from taskbot.domain.user import User

ADA: Final = 1001
BEN: Final = 1002
OPERATOR: Final = 1003


@frozen
class Person:
    """Somebody with an access token; *client* sends it along."""

    user: User
    secret: str
    client: httpx.AsyncClient

    async def creates(self, **task: Any) -> dict[str, Any]:
        """Write down a task that has to be accepted."""
        answer = await self.client.post("/api/v1/tasks", json={"title": "Buy milk"} | task)
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created


@frozen
class Api:
    core: Core
    app: Litestar
    anonymous: httpx.AsyncClient = field(init=False)

    @anonymous.default
    def _anonymous(self) -> httpx.AsyncClient:
        return self.client()

    def client(self, **headers: str) -> httpx.AsyncClient:
        app: Any = self.app  # httpx knows ASGI by plainer types than Litestar does
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://taskbot.test", headers=headers
        )

    async def person(self, telegram_id: int = ADA) -> Person:
        user = await self.core.users.find_or_register(telegram_id)
        secret = (await self.core.access_tokens.create("test", actor=user.id)).secret
        return Person(user, secret, self.client(Authorization=f"Bearer {secret}"))

    async def operator(self, telegram_id: int = OPERATOR) -> httpx.AsyncClient:
        """A client of somebody who runs all this; its token is good for nothing else."""
        user = await self.core.users.find_or_register(telegram_id)
        made = await self.core.access_tokens.create("ops", scopes=[Scope.OPERATOR], actor=user.id)
        return self.client(Authorization=f"Bearer {made.secret}")


async def made_up_metrics() -> bytes:
    return b"made_up 1.0\n"


def an_api(
    *,
    core: Core | None = None,
    queries: Queries | None = None,
    checks: Sequence[Check] = (),
    proofs: IdentityProofs | None = None,
    idempotency: IdempotencyStore | None = None,
    policy: ApiPolicy | None = None,
) -> Api:
    """Give an API on memory; *queries* take the place of the core's for tasks alone."""
    core = core or a_core()
    tasks = core.tasks
    if queries is not None:
        plan = ReminderPlan(DeadlinePolicy())
        tasks = TaskService(core.transactions, queries, core.clock, plan)
    parts: dict[str, Any] = dict(  # noqa: C408 - the names of parameters, as they are passed
        tasks=tasks,
        bearers=BearerService(core.access_tokens, queries or core.queries, core.clock),
        bulk_tasks=core.bulk_tasks,
        categories=core.categories,
        users=core.users,
        statistics=core.statistics,
        accounts=core.accounts,
        exports=core.exports,
        access_tokens=core.access_tokens,
        dead_letters=core.dead_letters,
        proofs=proofs,
        clock=core.clock,
        keys=MemoryKeyStore(),
        idempotency=idempotency or MemoryIdempotencyStore(core.clock),
        metrics=made_up_metrics,
        health=HealthService(checks, patience=timedelta(seconds=0.05)),
    )
    if policy is None:
        return Api(core, cast(Litestar, SharedApp(**parts)))
    with counted_once("the API"):
        app = create_api(**parts, policy=policy)
    return Api(core, app)


@frozen
class RawAnswer:
    status: int
    headers: dict[str, str]
    body: bytes


async def ask(
    app: Litestar,
    method: str,
    path: str,
    *,
    query: bytes = b"",
    headers: Sequence[tuple[bytes, bytes]] = (),
    chunks: Sequence[bytes] = (b"",),
    hangs_up: bool = False,
    client: tuple[str, int] = ("127.0.0.1", 50000),
) -> RawAnswer:
    """Ask as a server would for bytes that no well-behaved client sends.

    The body comes in *chunks* without an announced length; with *hangs_up* the connection is
    gone after them.
    """
    waiting: list[dict[str, Any]] = [
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    ]
    if not hangs_up:
        waiting[-1]["more_body"] = False
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "surrogateescape"),
        "root_path": "",
        "query_string": query,
        "headers": list(headers),
        "client": client,
        "server": ("127.0.0.1", 8080),
        "state": {},
    }
    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(
        message.get("body", b"") for message in sent if message["type"] == "http.response.body"
    )
    answered = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    return RawAnswer(start["status"], answered, body)
