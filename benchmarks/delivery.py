"""How many reminders a worker sends in a second, and how punctual they are.

A scheduler and a worker run as processes of their own, on PostgreSQL and Redis, against a stub in
Telegram's place. See benchmarks/README.md.
"""

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
from ulid import ULID

from taskbot.adapters.persistence import SqlTransactions, create_database, migrate
from taskbot.application.ports import UnitOfWork
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.reminder import Reminder, ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.user import User

_STUB: Final = Path(__file__).parent / "telegram_stub.py"
_BATCH: Final = 500
_OFF: Final = "1000"


async def promise(database_url: str, moments: list[datetime]) -> None:
    """Promise one reminder at each of *moments*, each to somebody else."""
    database = create_database(database_url)
    transactions, now = SqlTransactions(database), datetime.now(UTC)
    first = time.time_ns() // 1000
    for start in range(0, len(moments), _BATCH):
        part = list(enumerate(moments))[start : start + _BATCH]

        async def store(uow: UnitOfWork, part: list[tuple[int, datetime]] = part) -> None:
            for number, moment in part:
                user = User(
                    id=UserId(ULID()), telegram_id=first + number, name="Anna", language="en",
                    timezone="UTC", created_at=now,
                )  # fmt: skip
                task = Task(
                    id=TaskId(ULID()), owner_id=user.id, title=f"Benchmark {number}",
                    deadline=TimedDeadline(moment, "UTC"), created_at=now, updated_at=now,
                )  # fmt: skip
                reminder = Reminder.plan(
                    id=ReminderId(ULID()), task_id=task.id, owner_id=user.id, fire_at=moment,
                    kind=ReminderKind.DUE, now=now,
                )  # fmt: skip
                await uow.users.add(user)
                await uow.tasks.add(task)
                await uow.reminders.add([reminder])

        await transactions.run(store)
    await database.dispose()


@contextlib.asynccontextmanager
async def running(*command: str, **variables: str) -> AsyncIterator[str]:
    """Run a process while the block lasts; give the first line that it writes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, env=os.environ | variables, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def arrivals(stub: str, number: int, *, within: float) -> list[tuple[float, int]]:
    """Wait until so many have arrived; give the moment and the number of each, in order."""
    async with httpx.AsyncClient() as client, asyncio.timeout(within):
        while True:
            lines = (await client.get(f"{stub}/arrivals")).text.splitlines()
            if len(lines) >= number:
                return [(float(line.split()[0]), int(line.split()[1])) for line in lines]
            await asyncio.sleep(0.5)


async def run(
    database_url: str, redis_url: str, moments: list[datetime], per_second: str
) -> list[tuple[float, int]]:
    async with running(str(_STUB)) as stub:
        variables = {
            "TASKBOT_DATABASE_URL": database_url,
            "TASKBOT_REDIS_URL": redis_url,
            "TASKBOT_BOT_TOKEN": "1:made-up",
            "TASKBOT_TELEGRAM_API_URL": stub,
            "TASKBOT_MESSAGES_PER_SECOND": per_second,
            "TASKBOT_LOG_LEVEL": "warning",
            "PYTHONUNBUFFERED": "1",
        }
        await promise(database_url, moments)
        async with (
            running("-m", "taskbot", "scheduler", **variables),
            running("-m", "taskbot", "worker", **variables),
        ):
            last = max(moments[-1] - datetime.now(UTC), timedelta(0)).total_seconds()
            return await arrivals(stub, len(moments), within=last + 60 + len(moments) / 20)


def rate(found: list[tuple[float, int]]) -> float:
    """Messages a second between the first tenth, which warms up, and the last."""
    warm = sorted(moment for moment, _ in found)[len(found) // 10 :]
    return (len(warm) - 1) / (warm[-1] - warm[0])


def lateness(found: list[tuple[float, int]], moments: list[datetime]) -> list[float]:
    first: dict[int, float] = {}
    for moment, number in found:
        first.setdefault(number, moment)
    return sorted(first[number] - moments[number].timestamp() for number in first)


async def main(database_url: str, redis_url: str, number: int) -> None:
    migrate(database_url)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    for name, per_second, many in (("off", _OFF, number), ("on, 30 a second", "30", number // 5)):
        found = await run(database_url, redis_url, [soon] * many, per_second)
        print(f"limiter {name}: {rate(found):.1f} messages a second by one worker ({many})")

    dice = random.Random(1)  # noqa: S311 - dice, not a secret
    begin = datetime.now(UTC) + timedelta(seconds=15)
    moments = sorted(begin + timedelta(seconds=dice.uniform(0, 60)) for _ in range(1000))
    late = lateness(await run(database_url, redis_url, moments, "30"), moments)
    print(
        f"punctuality of {len(late)} reminders within a minute, after `fire_at`: "
        f"earliest {late[0]:.3f} s, median {statistics.median(late):.3f} s, "
        f"p99 {late[int(len(late) * 0.99)]:.3f} s, latest {late[-1]:.3f} s"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database_url")
    parser.add_argument("redis_url")
    parser.add_argument("--number", type=int, default=3000)
    given = parser.parse_args()
    asyncio.run(main(given.database_url, given.redis_url, given.number))
