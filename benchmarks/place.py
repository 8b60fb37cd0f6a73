"""Where it is measured: the databases, Redis, and a folder for what processes leave behind."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import redis
from attrs import frozen
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import func, select

from support import postgres, redis as redis_servers
from taskbot.adapters.persistence import migrate, tables
from taskbot.adapters.persistence.engine import operators_engine
from taskbot.adapters.persistence.seed import Seed, load_seed

FOLDER: Final = Path(__file__).parents[1] / ".benchmarks"
"""For SQLite files that are kept, and for logs."""
SEEDED_AT: Final = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
SMALL: Final = 10_000
LARGE: Final = 1_000_000
TASKS_OF_A_PERSON: Final = 100
_PREFIX: Final = "taskbot_bench_"
_REDIS_DATABASE: Final = 10


@frozen
class Place:
    """Addresses of the servers, which are there as long as the run lasts."""

    postgres_url: str
    redis_url: str

    def small(self) -> str:
        """The address of a database with 10,000 tasks, which is filled if need be."""
        return self._seeded("small", SMALL)

    def large(self) -> str:
        """The address of a database with 1,000,000 tasks, which is filled if need be."""
        return self._seeded("large", LARGE)

    def _seeded(self, name: str, tasks: int) -> str:
        url = self._database(name)
        if not fill(url, tasks):
            raise RuntimeError(
                f"the database {_PREFIX}{name} has something else in it than {tasks} seeded tasks:"
                " drop it, and it is made anew"
            )
        _tidied(url)
        return url

    @contextlib.contextmanager
    def scratch(self) -> Iterator[str]:
        """Give the address of a migrated database with nothing in it; drop it afterwards."""
        self._drop("scratch")
        url = self._database("scratch")
        migrate(url)
        try:
            yield url
        finally:
            self._drop("scratch")

    def emptied_redis(self) -> str:
        """The address of a Redis without a key."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushdb()
        return self.redis_url

    def _database(self, name: str) -> str:
        with self._connected() as connection:
            known = connection.execute(
                "SELECT FROM pg_database WHERE datname = %s", [_PREFIX + name]
            ).fetchone()
            if known is None:
                identifier = sql.Identifier(_PREFIX + name)
                connection.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier)
                )
        address, _, options = self.postgres_url.partition("?")
        return f"{address.rpartition('/')[0]}/{_PREFIX}{name}" + (f"?{options}" if options else "")

    def _drop(self, name: str) -> None:
        identifier = sql.Identifier(_PREFIX + name)
        with self._connected() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier)
            )

    @contextlib.contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        options: dict[str, Any] = {**conninfo_to_dict(self.postgres_url)}
        with psycopg.connect(**options, autocommit=True) as connection:
            yield connection


def fill(url: str, tasks: int) -> bool:
    """Bring the schema up to date, and load the seed if there is nobody.

    Return whether there are as many tasks as there should be, by and large: a run that was
    broken off may have left some.
    """
    migrate(url)
    with operators_engine(url) as (_, engine), engine.connect() as connection:
        people = connection.scalar(select(func.count()).select_from(tables.users))
        found = connection.scalar(select(func.count()).select_from(tables.tasks)) or 0
    if not people:
        print(f"loading {tasks:,} tasks, once; 1,000,000 take some five minutes", flush=True)
        load_seed(url, Seed(tasks=tasks, people=tasks // TASKS_OF_A_PERSON, at=SEEDED_AT))
        found = tasks
    return tasks <= found <= tasks * 1.5


def _tidied(url: str) -> None:
    """Have the database as it leaves itself when it has had time.

    What parts before this one changed would else cost the one side more than the other.
    """
    with (
        operators_engine(url) as (dialect, engine),
        engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection,
    ):
        dialect.learn_contents(connection)


@contextlib.contextmanager
def servers() -> Iterator[Place]:
    """Give the servers that the tests would take, Redis as a process of its own.

    Where there is no PostgreSQL one is started, which keeps what it is told as a host's does; it
    ends with the run, and what was loaded with it.
    """
    with contextlib.ExitStack() as resources:
        database_url = postgres.found_server_url()
        if database_url is None:
            if postgres.binaries() is None:
                raise SystemExit(postgres.ABSENT)
            database_url = resources.enter_context(postgres.OwnServer(durable=True)).url
        if redis_servers.program() is not None:
            redis_url = resources.enter_context(redis_servers.OwnRedis()).url
        else:
            named = redis_servers.server_url()
            if named is None:
                raise SystemExit(redis_servers.ABSENT)
            redis_url = f"{named.rpartition('/')[0]}/{_REDIS_DATABASE}"
        yield Place(database_url, redis_url)
