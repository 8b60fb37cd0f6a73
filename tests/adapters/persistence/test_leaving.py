"""Nothing is left of who has left: whichever table there is, now or later."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from support.backends import Storage, migrated_sqlite, require, sql_storage
from support.builders import (
    NOW,
    a_category,
    a_reminder_of,
    a_task,
    a_user,
    an_access_token,
    an_audit_entry,
)
from support.postgres import fresh_migrated_database
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import ManualClock, RecordingAlerts
from taskbot.adapters.persistence import (
    Database,
    SqlApiTokenStore,
    SqlDialogueStore,
    create_database,
    tables,
)
from taskbot.adapters.persistence.engine import read
from taskbot.application.maintenance import MaintenanceService
from taskbot.application.ports import Dialogue, RequestKey
from taskbot.domain.undo import UndoableVerb
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    require(request.param)
    if request.param == "sqlite":
        yield migrated_sqlite(tmp_path)
        return
    with fresh_migrated_database() as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = create_database(url)
    yield database
    await database.dispose()


def _of_a_person() -> list[Table]:
    """The tables that know whose a row is."""
    found = [
        table
        for table in tables.metadata.tables.values()
        if any(key.column.table is tables.users for key in table.foreign_keys)
        or "telegram_id" in table.columns
    ]
    assert len(found) >= 6
    return found


async def _give_everything(storage: Storage, owner: User) -> None:
    category = a_category(owner_id=owner.id)
    task = a_task(owner_id=owner.id, category_id=category.id)
    done = a_task(owner_id=owner.id).complete(now=NOW)
    await storage.keep(owner, category, task, done)
    await storage.keep(
        a_reminder_of(task),
        a_reminder_of(task).give_up(error="no route"),
        a_reminder_of(done).sent(now=NOW, message_id=1),
        an_access_token(owner_id=owner.id),
    )
    await storage.transactions.run(
        lambda uow: uow.undos.keep(task.id, verb=UndoableVerb.DELETE, now=NOW)
    )
    key = f"7:{owner.telegram_id}:{owner.telegram_id}"
    await storage.dialogues.write(key, Dialogue("title", {"title": "secret"}))
    await storage.api_tokens.write(owner.telegram_id, "sealed", ttl=timedelta(days=1))
    title = ("secret", f"of {owner.telegram_id}")
    await storage.transactions.run(
        lambda uow: uow.audit.add(an_audit_entry(owner_id=owner.id, diff={"title": title}))
    )
    requests = storage.idempotency(SystemClock())
    await requests.begin(RequestKey(owner.id, "a key"), bytes(32))


async def _contents(database: Database, user: User) -> dict[str, list[Any]]:
    """Rows in which anything says who it is about."""
    marks = (repr(user.id), str(user.telegram_id))
    return {
        name: [row for row in await read(database, select(table)) if _is_about(row, marks)]
        for name, table in tables.metadata.tables.items()
    }


def _is_about(row: Any, marks: tuple[str, str]) -> bool:
    return any(mark in repr(dict(row)) for mark in marks)


async def test_nothing_of_them_remains_in_any_table(database: Database) -> None:
    storage = sql_storage(database)
    leaver, other = a_user(deletion_at=NOW), a_user(deletion_at=NOW + timedelta(days=1))
    for person in (leaver, other):
        await _give_everything(storage, person)
    before = await _contents(database, other)
    for table in _of_a_person():
        assert (await _contents(database, leaver))[table.name], f"{table} was not tried"
    maintenance = MaintenanceService(
        storage.transactions,
        storage.queries,
        RecordingAlerts(),
        ManualClock(NOW),
        timedelta(minutes=10),
        [SqlDialogueStore(database, SystemClock()), SqlApiTokenStore(database, SystemClock())],
    )

    await maintenance.purge()

    after = await _contents(database, leaver)
    (audited,) = after.pop("audit_entries")
    assert audited["diff"] is None
    assert str(leaver.telegram_id) not in repr(audited)
    assert not any(after.values())
    assert await _contents(database, other) == before
