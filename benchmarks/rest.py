"""Asking an API for as long as it takes, on several connections at a time."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import frozen
from sqlalchemy import delete, func, select

from benchmarks.figures import Comparison, Round, comparison
from benchmarks.processes import Running
from benchmarks.rounds import in_turns
from benchmarks.scale import Scale
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import Database, SqlQueries, SqlTransactions, tables
from taskbot.adapters.persistence.engine import read
from taskbot.application.task_commands import CreateTask, ListTasks
from taskbot.domain.deadline import TimedDeadline
from taskbot.entrypoints.library import Library

TITLE: Final = "Benchmark: купить молока"
CONNECTIONS: Final = 8
_PEOPLE: Final = 30
_SPARE: Final = 20
_TOKEN: Final = "benchmark"  # noqa: S105 - a name
_LENGTH: Final = b"content-length: "


@frozen
class Somebody:
    """Who asks. *spare*: tasks that were made for this, to be changed."""

    secret: str
    tasks: list[str]
    spare: list[str]


@frozen
class Server:
    address: str
    process: Running


@frozen
class Asked:
    """A server, and who asks it."""

    server: Server
    people: list[Somebody]


Ask = Callable[[Somebody, random.Random], bytes]


def _request(method: str, path: str, somebody: Somebody, body: Any = None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    head = [
        f"{method} /api/v1/{path} HTTP/1.1",
        "Host: taskbot.test",
        f"Authorization: Bearer {somebody.secret}",
    ]
    if body is not None:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*head, "", ""]).encode() + content


OPERATIONS: Final[dict[str, Ask]] = {
    "get one": lambda who, dice: _request("GET", f"tasks/{dice.choice(who.tasks)}", who),
    "list 20": lambda who, _: _request("GET", "tasks?limit=20", who),
    "create": lambda who, _: _request(
        "POST", "tasks", who, {"title": TITLE, "due_at": "2031-05-17T18:00:00Z"}
    ),
    "patch": lambda who, dice: _request(
        "PATCH", f"tasks/{dice.choice(who.spare)}", who, {"title": f"{TITLE} {dice.random()}"}
    ),
}


async def compare(sides: Sequence[Asked], scale: Scale) -> list[Comparison]:
    """Every operation, of all in turns: ours, the floor, and maybe what is usual."""
    rounds, seconds = scale.of(5, 2), scale.of(4.0, 0.8)
    compared = []
    for name, ask in OPERATIONS.items():
        done = await in_turns(rounds, *(partial(_measured, side, ask, seconds) for side in sides))
        compared.append(comparison(name, *done))
    return compared


async def _measured(asked: Asked, ask: Ask, seconds: float) -> Round:
    """Ask for a quarter of the time to warm up, and then for all of it."""
    server, people = asked.server, asked.people
    await _load(server, ask, people, seconds / 4)
    cpu, begun = server.process.cpu_seconds(), time.perf_counter()
    taken = await _load(server, ask, people, seconds)
    over = time.perf_counter() - begun
    return Round(len(taken), over, server.process.cpu_seconds() - cpu, taken)


async def _load(server: Server, ask: Ask, people: list[Somebody], seconds: float) -> list[float]:
    """Give how many seconds each answer took."""
    address = urlsplit(server.address)
    dice, taken = random.Random(1), list[float]()  # noqa: S311 - dice, not a secret
    end = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        while (begun := time.perf_counter()) < end:
            await _ask_on(reader, writer, ask(dice.choice(people), dice))
            taken.append(time.perf_counter() - begun)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return taken


async def _ask_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> None:
    """Send *request* and read its answer to the end; it has to be accepted."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    start = lower.index(_LENGTH) + len(_LENGTH)
    body = await reader.readexactly(int(lower[start : lower.index(b"\r", start)]))
    if head[9:10] != b"2":
        raise RuntimeError(f"refused: {head!r} {body!r}")


async def people_of(database: Database) -> list[Somebody]:
    """Thirty people with 80 to 120 tasks, an access token and a few spare tasks each."""
    await tidy_up(database)
    queries, clock = SqlQueries(database), SystemClock()
    core = Library.over(SqlTransactions(database), queries, clock=clock, timezone="UTC")
    owner, number = tables.tasks.c.owner_id, func.count()
    usual = select(owner).group_by(owner).having(number.between(80, 120)).order_by(owner)
    found = [row["owner_id"] for row in await read(database, usual.limit(_PEOPLE))]
    return [await _somebody(core, owner_id) for owner_id in found]


async def _somebody(core: Library, owner_id: Any) -> Somebody:
    page = await core.tasks.page(ListTasks(actor=owner_id, timezone="UTC", limit=200))
    token = await core.access_tokens.create(_TOKEN, actor=owner_id)
    deadline = TimedDeadline(SystemClock().now().replace(year=2031, day=1), "UTC")
    spare = [
        await core.tasks.create(CreateTask(actor=owner_id, title=TITLE, deadline=deadline))
        for _ in range(_SPARE)
    ]
    return Somebody(
        token.secret, [str(one.task.id) for one in page.items], [str(one.task.id) for one in spare]
    )


async def tidy_up(database: Database) -> None:
    """Remove what was made here, also by a run that was broken off."""
    async with database.writing.begin() as connection:
        ours = tables.tasks.c.title.startswith(TITLE)
        await connection.execute(delete(tables.tasks).where(ours))
        tokens = tables.access_tokens
        await connection.execute(delete(tokens).where(tokens.c.name == _TOKEN))
