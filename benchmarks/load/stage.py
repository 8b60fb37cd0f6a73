"""A database and a Redis of their own for one run, and the people in them."""

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from attrs import frozen
from psycopg import sql
from sqlalchemy import delete
from ulid import ULID

from benchmarks.load.chats import FIRST_PERSON, language_of
from benchmarks.load.programs import Known, Memory, Program
from benchmarks.load.reminders import Promises
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import (
    SqlQueries,
    SqlTransactions,
    create_database,
    migrate,
    rows,
    tables,
)
from taskbot.adapters.persistence.bulk import BulkWriter
from taskbot.adapters.persistence.engine import Database, operators_engine
from taskbot.adapters.persistence.seed import Seed, load_seed
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.reminder import Reminder, ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.user import Language, User
from taskbot.entrypoints.library import Library

_FIRST_PROGRAM: Final = 1_000_000
_FIRST_REMINDED: Final = 2_000_000
_REMINDED: Final = 500
"""People who get the reminders: each one every 25 seconds, so that nobody's are together."""
_TASKS_EACH: Final = 20
_REDIS_DATABASES: Final = range(15, 0, -1)


@frozen
class Crowd:
    """How many there are of whom. *tasks*: of others, who only make the database larger."""

    programs: int = 50
    people: int = 200
    tasks: int = 20_000


@contextlib.contextmanager
def own_database(server: str) -> Iterator[str]:
    """Make a migrated database at the *server* (the address of another one there), and drop it."""
    name = f"taskbot_load_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = f"{server.rpartition('/')[0]}/{name}"  # the library would lose an empty host
    try:
        migrate(url)
        yield url
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


@contextlib.contextmanager
def own_redis(server: str) -> Iterator[str]:
    """Give the address of a database of the Redis at *server* in which there is nothing."""
    for number in _REDIS_DATABASES:
        url = urlunsplit(urlsplit(server)._replace(path=f"/{number}"))
        with redis.Redis.from_url(url) as client:
            if client.dbsize():
                continue
            client.set("taskbot-load", os.getpid())  # so that no other run takes it
            try:
                yield url
            finally:
                client.flushdb()
            return
    raise RuntimeError("no database of Redis is empty")


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = create_database(url)
    try:
        yield database
    finally:
        await database.dispose()


async def fill(
    database: Database, url: str, crowd: Crowd, host: str, memory: Memory
) -> list[Program]:
    """Put everybody into the database; give the programs, with a token each."""
    seed = Seed(tasks=crowd.tasks, people=crowd.tasks // 100, at=datetime.now(UTC))
    load_seed(url, seed)
    async with database.writing.begin() as connection:
        await connection.execute(delete(tables.reminders))  # whose moments would come meanwhile
    core = Library.over(
        SqlTransactions(database), SqlQueries(database), clock=SystemClock(), timezone="UTC"
    )
    for number in range(FIRST_PERSON, FIRST_PERSON + crowd.people):
        await core.users.recognize(number, language_of(number))
    programs = []
    for number in range(crowd.programs):
        user = await core.users.find_or_register(_FIRST_PROGRAM + number)
        token = await core.access_tokens.create("load", actor=user.id)
        program = Program(token.secret, host)
        for place in range(_TASKS_EACH):
            title = f"Начало start{number}-{place}"
            made = await core.tasks.create(CreateTask(actor=user.id, title=title))
            task = made.task
            program.open_ones.append(str(task.id))
            memory.kept[str(task.id)] = Known(
                task.title, task.priority.value, task.status.value, task.version
            )
        programs.append(program)
    return programs


def promise(url: str, promises: Promises, *, begin: float, number: int, per_second: float) -> None:
    """Plan *number* reminders from *begin* (seconds since 1970) on, evenly, in the database."""
    now = datetime.now(UTC)
    people = [
        User(
            id=UserId(ULID()), telegram_id=_FIRST_REMINDED + place, name="Анна",
            language=Language.RUSSIAN, timezone="UTC", created_at=now,
        )
        for place in range(_REMINDED)
    ]  # fmt: skip
    tasks, reminders = [], []
    for place in range(number):
        owner = people[place % _REMINDED]
        at = datetime.fromtimestamp(begin + place / per_second, UTC)
        mark, title = promises.next_title()
        promises.add(mark, at.timestamp())
        task = Task(
            id=TaskId(ULID()), owner_id=owner.id, title=title,
            deadline=TimedDeadline(at, "UTC"), created_at=now, updated_at=now,
        )  # fmt: skip
        tasks.append(task)
        reminders.append(
            Reminder.plan(
                id=ReminderId(ULID()), task_id=task.id, owner_id=owner.id, fire_at=at,
                kind=ReminderKind.DUE, now=now,
            )
        )  # fmt: skip
    with operators_engine(url) as (dialect, engine):
        with engine.begin() as connection:
            dialect.allow_long_work(connection)
            BulkWriter(connection, dialect, tables.users).write(map(rows.from_user, people))
            BulkWriter(connection, dialect, tables.tasks).write(map(rows.from_task, tasks))
            BulkWriter(connection, dialect, tables.reminders).write(
                map(rows.from_reminder, reminders)
            )
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            dialect.learn_contents(connection)
