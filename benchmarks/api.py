"""How many requests a second the API answers, beside a bare handler that runs the same SQL.

Both run as processes of their own, under the same web server; this process asks them, in turns.
See benchmarks/README.md.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import uvloop
from attrs import frozen
from sqlalchemy import delete, func, select

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import (
    SqlQueries,
    SqlTransactions,
    create_database,
    migrate,
    tables,
)
from taskbot.adapters.persistence.engine import Database, read
from taskbot.adapters.persistence.seed import NotEmpty, Seed, load_seed
from taskbot.application.task_commands import ListTasks
from taskbot.entrypoints.library import Library

_BARE: Final = Path(__file__).parent / "bare_api.py"
_AT: Final = datetime(2026, 11, 23, tzinfo=UTC)
_PEOPLE: Final = 30
_TITLE: Final = "Benchmark: купить молока"
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@frozen
class Somebody:
    secret: str
    tasks: list[str]


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
        "POST", "tasks", who, {"title": _TITLE, "due_at": "2031-05-17T18:00:00Z"}
    ),
    "patch": lambda who, dice: _request(
        "PATCH", f"tasks/{dice.choice(who.tasks)}", who, {"title": f"{_TITLE} {dice.random()}"}
    ),
}


@frozen
class Server:
    address: str
    pid: int

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@contextlib.asynccontextmanager
async def running(*command: str, **variables: str) -> AsyncIterator[Server]:
    """Run a process while the block lasts; its first line says where it is."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, env=os.environ | variables, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        line = (await process.stdout.readline()).decode()
        address = urlsplit(line[line.index("http") :].strip())
        yield Server(f"{address.scheme}://{address.netloc}", process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _ask_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> None:
    """Send *request* and read its answer to the end; it has to be accepted."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    start = lower.index(b"content-length: ") + len(b"content-length: ")
    length = int(lower[start : lower.index(b"\r", start)])
    body = await reader.readexactly(length)
    assert head[9:10] == b"2", (head, body)


async def _load(
    server: Server, ask: Ask, people: list[Somebody], connections: int, seconds: float
) -> int:
    """Ask on so many connections for so long; return how many requests were answered."""
    address = urlsplit(server.address)
    answered, dice = 0, random.Random(1)  # noqa: S311 - dice, not a secret
    end = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal answered
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        while time.perf_counter() < end:
            await _ask_on(reader, writer, ask(dice.choice(people), dice))
            answered += 1
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(one() for _ in range(connections)))
    return answered


@frozen
class Figures:
    """Of one side in one round: requests a second, and milliseconds of its CPU for each."""

    rate: float
    cpu: float


async def _measure(
    server: Server, ask: Ask, people: list[Somebody], options: argparse.Namespace
) -> Figures:
    await _load(server, ask, people, options.connections, options.seconds / 4)
    cpu, begun = server.cpu_seconds(), time.perf_counter()
    answered = await _load(server, ask, people, options.connections, options.seconds)
    taken = time.perf_counter() - begun
    return Figures(answered / taken, (server.cpu_seconds() - cpu) * 1000 / answered)


async def _people(database: Database) -> list[Somebody]:
    queries = SqlQueries(database)
    core = Library.over(SqlTransactions(database), queries, clock=SystemClock(), timezone="UTC")
    owner, number = tables.tasks.c.owner_id, func.count()
    usual = select(owner).group_by(owner).having(number.between(80, 120)).order_by(owner)
    found = [row["owner_id"] for row in await read(database, usual.limit(_PEOPLE))]
    people = []
    for owner_id in found:
        page = await core.tasks.page(ListTasks(actor=owner_id, timezone="UTC", limit=200))
        token = await core.access_tokens.create("benchmark", actor=owner_id)
        people.append(Somebody(token.secret, [str(view.task.id) for view in page.items]))
    return people


async def _tidy_up(database: Database) -> None:
    async with database.writing.begin() as connection:
        await connection.execute(delete(tables.tasks).where(tables.tasks.c.title == _TITLE))
        tokens = tables.access_tokens
        await connection.execute(delete(tokens).where(tokens.c.name == "benchmark"))


def _line(name: str, rounds: list[tuple[Figures, Figures]]) -> str:
    def median(of: Callable[[tuple[Figures, Figures]], float]) -> float:
        return statistics.median(map(of, rounds))

    return (
        f"| {name} | {median(lambda r: r[0].rate):,.0f} | {median(lambda r: r[1].rate):,.0f} "
        f"| {median(lambda r: r[0].rate / r[1].rate):.0%} "
        f"| {median(lambda r: r[0].cpu):.2f} | {median(lambda r: r[1].cpu):.2f} "
        f"| {median(lambda r: r[1].cpu / r[0].cpu):.0%} |"
    )


async def main(options: argparse.Namespace) -> None:
    migrate(options.database_url)
    with contextlib.suppress(NotEmpty):
        load_seed(
            options.database_url,
            Seed(tasks=options.tasks, people=max(1, options.tasks // 100), at=_AT),
        )
    database = create_database(options.database_url)
    people = await _people(database)
    variables = {
        "TASKBOT_DATABASE_URL": options.database_url,
        "TASKBOT_REDIS_URL": options.redis_url,
        "TASKBOT_PORT": "0",
        "TASKBOT_LOG_LEVEL": "warning",
        "PYTHONUNBUFFERED": "1",
    }
    print("| | API, requests/s | bare, requests/s | ratio | API, ms CPU | bare, ms CPU | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    try:
        async with (
            running("-m", "taskbot", "api", **variables) as api,
            running(str(_BARE), options.database_url) as bare,
        ):
            for name in options.operations or OPERATIONS:
                rounds = []
                for number in range(options.rounds):
                    sides = (api, bare) if number % 2 else (bare, api)
                    found = {
                        side.pid: await _measure(side, OPERATIONS[name], people, options)
                        for side in sides
                    }
                    rounds.append((found[api.pid], found[bare.pid]))
                print(_line(name, rounds), flush=True)
    finally:
        await _tidy_up(database)
        await database.dispose()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database_url", help="address of a PostgreSQL database; seeded if empty")
    parser.add_argument("operations", nargs="*", choices=[*OPERATIONS, []], metavar="operation")
    parser.add_argument("--redis-url", default="")
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main(_options()))
