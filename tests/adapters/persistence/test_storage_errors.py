"""What becomes of the errors of each database."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from support.backends import (
    Storage,
    migrated_sqlite,
    outlasting_the_drivers_threads,
    require,
    sql_storage,
)
from support.builders import NOW, a_category, a_reminder_of, a_task, a_user, an_access_token
from support.ports import a_free_port
from support.postgres import emptied_database, fresh_database
from taskbot.adapters.persistence import Database, create_database, tables
from taskbot.adapters.persistence.engine import read
from taskbot.application.ports import (
    Alert,
    AlertKind,
    Dialogue,
    StorageUnavailable,
    TaskPageRequest,
    UnitOfWork,
)
from taskbot.domain.errors import CategoryNameTaken
from taskbot.domain.reminder import ReminderState
from taskbot.domain.time_span import TimeSpan

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    require(request.param)
    return str(request.param)


@pytest.fixture
def database_url(backend: str, tmp_path: Path) -> str:
    return emptied_database() if backend == "postgresql" else migrated_sqlite(tmp_path)


async def test_a_category_of_nobody_is_not_called_taken(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    await storage.keep(owner, category)

    with pytest.raises(IntegrityError):
        await storage.transactions.run(lambda uow: uow.categories.add(a_category()))
    with pytest.raises(IntegrityError):
        await storage.transactions.run(lambda uow: uow.users.add(a_user(id=owner.id)))
    with pytest.raises(CategoryNameTaken):
        await storage.transactions.run(
            lambda uow: uow.categories.add(a_category(owner_id=owner.id))
        )


async def test_a_moment_without_a_zone_is_refused_at_the_door(database: Database) -> None:
    naive = select(tables.updates).where(tables.updates.c.begun_at < datetime(2100, 1, 1))  # noqa: DTZ001 - meant

    with pytest.raises(StatementError, match="needs a time zone"):
        await read(database, naive)


def _uow_calls() -> list[Callable[[UnitOfWork], Awaitable[Any]]]:
    owner = a_user()
    task, category = a_task(owner_id=owner.id), a_category(owner_id=owner.id)
    reminder = a_reminder_of(task)
    return [
        lambda uow: uow.users.get(owner.id),
        lambda uow: uow.users.find_by_telegram_id(1),
        lambda uow: uow.users.add(owner),
        lambda uow: uow.users.update(owner),
        lambda uow: uow.tasks.get(task.id),
        lambda uow: uow.tasks.add(task),
        lambda uow: uow.tasks.update(task),
        lambda uow: uow.tasks.delete(task.id),
        lambda uow: uow.tasks.open_with_deadline(owner.id),
        lambda uow: uow.categories.get(category.id),
        lambda uow: uow.categories.add(category),
        lambda uow: uow.categories.update(category),
        lambda uow: uow.categories.delete(category.id),
        lambda uow: uow.tasks.refile(category.id, under=None, now=NOW),
        lambda uow: uow.reminders.get(reminder.id),
        lambda uow: uow.reminders.begin(reminder, now=NOW, until=NOW, others=1),
        lambda uow: uow.reminders.purge_cancelled(before=NOW, limit=1),
        lambda uow: uow.alerts.add(Alert(AlertKind.TEST, "x"), now=NOW),
        lambda uow: uow.alerts.forget_before(NOW),
        lambda uow: uow.jobs.take("purge", now=NOW, next_at=NOW),
        lambda uow: uow.reminders.add([reminder]),
        lambda uow: uow.reminders.save(reminder, was=ReminderState.CLAIMED),
        lambda uow: uow.reminders.claim_due(now=NOW, until=NOW, limit=1),
        lambda uow: uow.reminders.cancel_pending(task.id),
        lambda uow: uow.reminders.resume(owner.id),
        lambda uow: uow.access_tokens.add(an_access_token(owner_id=owner.id)),
    ]


def _other_calls() -> list[Callable[[Storage], Awaitable[Any]]]:
    task = a_task()
    return [
        lambda storage: storage.queries.task(task.id, owner_id=task.owner_id),
        lambda storage: storage.queries.task_cards([task.id], owner_id=task.owner_id),
        lambda storage: storage.queries.tasks(TaskPageRequest(owner_id=task.owner_id)),
        lambda storage: storage.queries.task_counts(
            task.owner_id,
            now=NOW,
            today=TimeSpan(),
            this_week=TimeSpan(),
            upcoming=TimeSpan(),
        ),
        lambda storage: storage.keys.secret("tests"),
        lambda storage: storage.queries.categories(task.owner_id),
        lambda storage: storage.queries.user(task.owner_id),
        lambda storage: storage.queries.user_by_telegram_id(1),
        lambda storage: storage.queries.holder(b""),
        lambda storage: storage.queries.letters([a_reminder_of(task).id]),
        lambda storage: storage.queries.next_available_at(),
        lambda storage: storage.queries.category(a_category().id, owner_id=task.owner_id),
        lambda storage: storage.queries.dead_letters(limit=1),
        lambda storage: storage.queries.reminder_gauges(now=NOW),
        lambda storage: storage.queries.untold_alerts(quiet_since=NOW, limit=1),
        lambda storage: storage.dialogues.read("1:2"),
        lambda storage: storage.dialogues.write("1:2", Dialogue(None, {})),
        lambda storage: storage.dialogues.write("1:2", Dialogue("title", {})),
        lambda storage: storage.update_log.begin(1, now=NOW),
        lambda storage: storage.update_log.finish(1, now=NOW),
        lambda storage: storage.update_log.abandon(1),
        lambda storage: storage.update_log.forget_before(NOW),
    ]


@pytest.fixture(params=["no such place", "no tables"])
async def broken_database(
    request: pytest.FixtureRequest, backend: str, tmp_path: Path
) -> AsyncIterator[Database]:
    with outlasting_the_drivers_threads(), contextlib.ExitStack() as resources:
        database = create_database(_broken_url(request.param, backend, tmp_path, resources))
        yield database
        await database.dispose()


@pytest.fixture
def broken(broken_database: Database) -> Storage:
    return sql_storage(broken_database)


def _broken_url(how: str, backend: str, folder: Path, resources: contextlib.ExitStack) -> str:
    match backend, how:
        case "postgresql", "no tables":
            return resources.enter_context(fresh_database())
        case "postgresql", _:
            return f"postgresql://anna:hidden-password@127.0.0.1:{a_free_port()}/taskbot"
        case _, "no tables":
            return f"sqlite:///{folder / 'empty.db'}"
        case _:
            return f"sqlite:///{folder / 'missing' / 'taskbot.db'}"


async def test_a_broken_storage_is_called_unavailable_by_every_method(broken: Storage) -> None:
    for call in _other_calls():
        with pytest.raises(StorageUnavailable):
            await call(broken)
    for change in _uow_calls():
        with pytest.raises(StorageUnavailable):
            await _in_a_unit_of_work(broken, change)


async def _in_a_unit_of_work(
    storage: Storage, change: Callable[[UnitOfWork], Awaitable[Any]]
) -> None:
    async with storage.unit_of_work() as uow:
        await change(uow)


async def test_an_error_does_not_tell_what_people_wrote_or_the_password(broken: Storage) -> None:
    with pytest.raises(StorageUnavailable) as failure:
        await broken.keep(a_user(name="Anna Secretova"))

    told = f"{failure.value} {failure.value.__cause__}"
    assert "Secretova" not in told
    assert "hidden-password" not in told
