"""What only SQLite needs to be told, and what becomes of its errors."""

import re
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from support.asked import Statement, noting
from support.backends import Storage, migrated_sqlite, sql_storage
from support.builders import NOW, a_task, a_user
from taskbot.adapters.persistence import Database, create_database, migrate
from taskbot.adapters.persistence.dialects import dialect_of, sqlite
from taskbot.application.ports import (
    StorageUnavailable,
    TaskFilter,
)
from taskbot.domain.task import TaskStatus

pytestmark = pytest.mark.anyio

OPEN = TaskFilter(status=TaskStatus.OPEN)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("foreign_keys", 1), ("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 10_000)],
)
async def test_every_connection_is_told_how_to_behave(
    database: Database, pragma: str, value: int | str
) -> None:
    for engine in (database.reading, database.writing):
        async with engine.connect() as connection:
            found = await connection.exec_driver_sql(f"PRAGMA {pragma}")
            assert found.scalar_one() == value


@pytest.mark.parametrize(
    ("sync", "driver"), [(False, "sqlite+aiosqlite"), (True, "sqlite+pysqlite")]
)
def test_the_common_address_gets_our_driver(sync: bool, driver: str) -> None:  # noqa: FBT001 - a case
    assert (
        dialect_of("sqlite:////data/t.db").driver_url("sqlite:////data/t.db", sync=sync)
        == f"{driver}:////data/t.db"
    )


def test_an_unknown_database_is_refused_without_its_address() -> None:
    with pytest.raises(ValueError, match="oracle") as refusal:
        dialect_of("oracle://user:secret@host/db")

    assert "secret" not in str(refusal.value)


async def test_a_file_that_others_keep_locked_is_unavailable_and_then_works_again(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_SECONDS", 0.05)
    database = create_database(database_url)
    storage = sql_storage(database)
    stranger = sqlite3.connect(tmp_path / "taskbot.db", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageUnavailable):
        await storage.keep(a_user())
    assert await storage.queries.next_available_at() is None  # reading goes on

    stranger.execute("ROLLBACK")
    await storage.keep(a_user())
    stranger.close()
    await database.dispose()


async def test_a_full_disk_is_unavailable_and_undoes_the_block(
    database: Database, storage: Storage
) -> None:
    owner = a_user()

    @event.listens_for(database.writing.sync_engine, "checkout")
    def leave_no_room(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    async def write_much() -> None:
        async with storage.unit_of_work() as uow:
            await uow.users.add(owner)
            for _ in range(50):
                await uow.tasks.add(a_task(owner_id=owner.id, description="x" * 4000))
            await uow.commit()

    with pytest.raises(StorageUnavailable):
        await write_much()

    assert await storage.queries.user_by_telegram_id(owner.telegram_id) is None


def _plan(connection: sqlite3.Connection, statement: str, parameters: Any) -> str:
    rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    return "\n".join(row[3] for row in rows)


async def test_dispatch_and_resuming_look_at_what_is_pending_alone(
    database: Database, storage: Storage, tmp_path: Path
) -> None:
    owner = a_user()
    await storage.keep(owner)
    changes: list[Statement] = []
    watched = noting(database, changes)
    storage = sql_storage(watched)

    async with storage.unit_of_work() as uow:
        await uow.reminders.claim_due(now=NOW, until=NOW + timedelta(minutes=1), limit=100)
        await uow.reminders.resume(owner.id)
        await uow.reminders.hold(owner.id)
        await uow.reminders.cancel_pending(a_task().id)
    await watched.kept.let_go()

    connection = sqlite3.connect(tmp_path / "taskbot.db")
    plans = [
        _plan(connection, statement, parameters)
        for statement, parameters in changes
        if "UPDATE reminders" in statement
    ]
    connection.close()
    for plan, index in zip(
        plans,
        (
            "ix_reminders_pending",
            "ix_reminders_pending_of_owner",
            "ix_reminders_pending_of_owner",
            "ix_reminders_task_id_fire_at",
        ),
        strict=True,
    ):
        assert index in plan
        assert not re.search(r"SCAN (?!due)", plan)


async def test_a_file_that_may_only_be_read_is_read_and_refuses_the_rest(tmp_path: Path) -> None:
    path = Path(migrated_sqlite(tmp_path).removeprefix("sqlite:///"))
    writing = create_database(f"sqlite:///{path}")
    owner = a_user()
    await sql_storage(writing).keep(owner)
    await writing.dispose()
    reading = create_database(f"sqlite:///file:{path}?mode=ro&uri=true")
    storage = sql_storage(reading)

    with pytest.raises(StorageUnavailable, match="readonly"):
        await storage.keep(a_user())

    assert await storage.queries.user(owner.id) == owner
    await reading.dispose()


def test_a_file_that_may_only_be_read_is_not_migrated(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    migrate(f"sqlite:///{path}", "0001")

    with pytest.raises(StorageUnavailable, match="readonly"):
        migrate(f"sqlite:///file:{path}?mode=ro&uri=true")
