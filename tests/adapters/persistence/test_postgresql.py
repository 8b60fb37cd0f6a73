"""What only PostgreSQL does: connections that die, locks, limits of time, undone transactions."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import func, select, text

from support.backends import Storage, require, sql_storage
from support.builders import NOW, a_task, a_user
from support.postgres import ABSENT, OwnServer, binaries, emptied_database, fresh_database
from support.simulator import eventually
from taskbot.adapters.persistence import Database, SqlUnitOfWork, create_database, migrate
from taskbot.adapters.persistence.dialects import dialect_of, postgresql
from taskbot.adapters.persistence.engine import read
from taskbot.adapters.persistence.prepared import Prepared
from taskbot.application.ports import StorageUnavailable
from taskbot.domain.ids import TaskId

pytestmark = pytest.mark.anyio


@pytest.fixture
def database_url() -> str:
    require("postgresql")
    return emptied_database()


@pytest.fixture
def stranger(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else's connection to the same database."""
    with psycopg.connect(database_url) as connection:
        yield connection


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
@pytest.mark.parametrize("sync", [True, False])
def test_the_common_address_gets_our_driver(scheme: str, sync: bool) -> None:  # noqa: FBT001 - a case
    url = f"{scheme}://anna:p%40ss@db.example:5433/tasks?sslmode=require"

    driver_url = dialect_of(url).driver_url(url, sync=sync)

    assert driver_url == "postgresql+psycopg://anna:p%40ss@db.example:5433/tasks?sslmode=require"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("TimeZone", "UTC"),
        ("application_name", "taskbot"),
        ("transaction_isolation", "read committed"),
    ],
)
async def test_every_connection_has_its_limits(
    database: Database, setting: str, value: str
) -> None:
    for engine in (database.reading, database.writing):
        async with engine.connect() as connection:
            assert await connection.scalar(text(f"SHOW {setting}")) == value


async def test_reading_needs_no_transaction_and_writing_does(database: Database) -> None:
    async def status(engine: Any) -> TransactionStatus:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            raw = await connection.get_raw_connection()
            return TransactionStatus(raw.driver_connection.info.transaction_status)

    assert await status(database.reading) is TransactionStatus.IDLE
    assert await status(database.writing) is TransactionStatus.INTRANS


async def test_no_more_connections_are_made_than_the_pool_has(
    database: Database, storage: Storage, stranger: psycopg.Connection[Any]
) -> None:
    owner = a_user()
    await storage.keep(owner)

    await asyncio.gather(*(storage.keep(a_task(owner_id=owner.id)) for _ in range(50)))

    made = stranger.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'taskbot'"
    ).fetchone()
    assert made is not None
    assert 1 < made[0] <= 8


def _hang_up(stranger: psycopg.Connection[Any]) -> None:
    """Do to every connection of ours what a restart of the server does."""
    stranger.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'taskbot'"
    )


async def _is_alone(stranger: psycopg.Connection[Any]) -> bool:
    stranger.rollback()
    left = stranger.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'taskbot'"
    ).fetchone()
    return left == (0,)


async def test_connections_that_the_server_hung_up_are_replaced_unnoticed(
    storage: Storage, stranger: psycopg.Connection[Any]
) -> None:
    owner = a_user()
    await storage.keep(owner)
    await asyncio.gather(*(storage.queries.user(owner.id) for _ in range(8)))

    _hang_up(stranger)
    await eventually(lambda: _is_alone(stranger))

    assert await storage.queries.user(owner.id) == owner
    await storage.keep(a_task(owner_id=owner.id))
    await asyncio.gather(*(storage.queries.user(owner.id) for _ in range(8)))


async def test_a_read_that_the_server_cuts_off_is_asked_again(
    database: Database, stranger: psycopg.Connection[Any]
) -> None:
    slow = Prepared(select(func.count().label("slept")).select_from(func.pg_sleep(0.5)))
    reading = asyncio.create_task(read(database, slow))
    await eventually(lambda: _sleeps(stranger))

    _hang_up(stranger)

    assert await reading == [{"slept": 1}]


async def _sleeps(stranger: psycopg.Connection[Any]) -> bool:
    stranger.rollback()
    found = stranger.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = 'active' AND application_name = 'taskbot' AND query LIKE '%pg_sleep%'"
    ).fetchone()
    return found == (1,)


async def test_a_connection_that_breaks_in_a_transaction_undoes_it_and_the_next_one_works(
    storage: Storage, stranger: psycopg.Connection[Any]
) -> None:
    owner = a_user()

    async def be_cut_off() -> None:
        async with storage.unit_of_work() as uow:
            await uow.users.add(owner)
            _hang_up(stranger)
            await eventually(lambda: _is_alone(stranger))
            await uow.commit()

    with pytest.raises(StorageUnavailable):
        await be_cut_off()

    assert await storage.queries.user_by_telegram_id(owner.telegram_id) is None
    await storage.keep(owner)


@contextlib.asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = create_database(url)
    try:
        yield database
    finally:
        await database.dispose()


async def test_a_statement_that_takes_too_long_is_unavailable(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "STATEMENT_TIMEOUT_SECONDS", 1)

    async with _opened(database_url) as database, SqlUnitOfWork(database) as uow:
        with pytest.raises(StorageUnavailable, match="statement timeout"):
            await uow._transaction.execute(text("SELECT pg_sleep(60)"))


async def test_a_server_that_is_frozen_is_unavailable_and_works_again_when_it_thaws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if binaries() is None:
        pytest.skip(ABSENT)
    monkeypatch.setattr(postgresql, "CONNECT_TIMEOUT_SECONDS", 1)
    monkeypatch.setattr(postgresql, "STATEMENT_TIMEOUT_SECONDS", 1)
    with OwnServer(durable=False) as server, fresh_database(server.url) as url:
        migrate(url)
        async with _opened(url) as database:
            storage, owner = sql_storage(database), a_user()
            await storage.keep(owner)
            async with storage.unit_of_work() as uow:
                await uow.users.get(owner.id)
                server.pause()
                with pytest.raises(StorageUnavailable):
                    await uow.users.update(owner.lose())
            for _ in range(2):
                with pytest.raises(StorageUnavailable):
                    await storage.queries.user(owner.id)
            server.resume()

            assert await storage.queries.user(owner.id) == owner
            await storage.keep(a_task(owner_id=owner.id))


async def test_a_row_that_a_stranger_keeps_locked_is_unavailable_and_then_free(
    database_url: str, monkeypatch: pytest.MonkeyPatch, storage: Storage
) -> None:
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT_SECONDS", 1)
    user = a_user()
    await storage.keep(user)

    with psycopg.connect(database_url) as stranger:
        stranger.execute("SELECT * FROM users FOR UPDATE")
        async with _opened(database_url) as database:
            with pytest.raises(StorageUnavailable, match="lock timeout"):
                async with SqlUnitOfWork(database) as uow:
                    await uow.users.get(user.id)

    async with storage.unit_of_work() as uow:
        assert await uow.users.get(user.id) == user


async def test_of_two_that_wait_for_each_other_both_get_their_way(
    storage: Storage, stranger: psycopg.Connection[Any]
) -> None:
    stranger.execute("SET deadlock_timeout = '10ms'")  # of the session that looks for deadlocks
    owner = a_user()
    one, other = a_task(owner_id=owner.id), a_task(owner_id=owner.id)
    await storage.keep(owner, one, other)
    both_hold_one = asyncio.Barrier(2)
    begun: list[TaskId] = []

    async def retitle_both(uow: SqlUnitOfWork, first: TaskId, second: TaskId) -> None:
        begun.append(first)
        task = await uow.tasks.get(first)
        await uow.tasks.update(task.retitle(f"{task.title}!", now=NOW))
        if len(begun) <= 2:
            await both_hold_one.wait()
        task = await uow.tasks.get(second)
        await uow.tasks.update(task.retitle(f"{task.title}!", now=NOW))

    await asyncio.gather(
        storage.transactions.run(lambda uow: retitle_both(uow, one.id, other.id)),  # type: ignore[arg-type] # it is one
        storage.transactions.run(lambda uow: retitle_both(uow, other.id, one.id)),  # type: ignore[arg-type] # it is one
    )

    assert len(begun) == 3  # one of them was undone, and done again
    for task in (one, other):
        changed = await storage.task(task.id)
        assert (changed.title, changed.version) == (f"{task.title}!!", task.version + 2)


_FAIL_TO_SERIALIZE = text(
    "DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = 'serialization_failure'; END $$"
)


@pytest.mark.parametrize(("failures", "runs"), [(0, 1), (1, 2), (4, 5), (99, 5)])
async def test_a_failed_serialization_is_tried_again_five_times_at_most(
    storage: Storage, failures: int, runs: int
) -> None:
    owner, run = a_user(), 0

    async def fail_at_first(uow: Any) -> None:
        nonlocal run
        run += 1
        await uow.users.add(owner)
        if run <= failures:
            await uow._transaction.execute(_FAIL_TO_SERIALIZE)

    if failures >= runs:
        with pytest.raises(StorageUnavailable):
            await storage.transactions.run(fail_at_first)
    else:
        await storage.transactions.run(fail_at_first)

    stored = await storage.queries.user_by_telegram_id(owner.telegram_id)
    assert run == runs
    assert stored == (None if failures >= runs else owner)


@pytest.mark.parametrize("failures", [1, 4])
async def test_one_call_by_itself_is_tried_again_as_well(storage: Storage, failures: int) -> None:
    owner, run = a_user(), 0

    async def fail_at_first(stored: Any) -> None:
        nonlocal run
        run += 1
        if run <= failures:
            await stored.users._transaction.execute(_FAIL_TO_SERIALIZE)
        await stored.users.add(owner)

    await storage.transactions.once(fail_at_first)

    assert run == failures + 1
    assert await storage.queries.user(owner.id) == owner


async def test_a_server_may_have_the_habit_of_serializability(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as operator:
        habit = f'ALTER DATABASE "{operator.info.dbname}" {{}} default_transaction_isolation {{}}'
        operator.execute(habit.format("SET", "= serializable"))
        try:
            async with _opened(database_url) as database:
                (row,) = await read(database, select(func.current_setting("transaction_isolation")))
        finally:
            operator.execute(habit.format("RESET", ""))

    assert list(row.values()) == ["read committed"]
