"""Every storage that we have, behind the same ports."""

import contextlib
import functools
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from attrs import frozen

from support.postgres import ABSENT, emptied_database, server_url
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import (
    MemoryApiTokenStore,
    MemoryDatabase,
    MemoryDialogueStore,
    MemoryIdempotencyStore,
    MemoryKeyStore,
    MemoryOperatorQueries,
    MemoryQueries,
    MemorySignsOfLife,
    MemoryTransactions,
    MemoryUnitOfWork,
    MemoryUpdateLog,
    MemoryVanishingMessages,
)
from taskbot.adapters.memory.idempotency import KeptRequest
from taskbot.adapters.persistence import (
    Database,
    SqlApiTokenStore,
    SqlDialogueStore,
    SqlIdempotencyStore,
    SqlKeyStore,
    SqlOperatorQueries,
    SqlQueries,
    SqlSignsOfLife,
    SqlTransactions,
    SqlUnitOfWork,
    SqlUpdateLog,
    SqlVanishingMessages,
    create_database,
    migrate,
)
from taskbot.application.ports import (
    ApiTokenStore,
    Clock,
    DialogueStore,
    IdempotencyStore,
    KeyStore,
    OperatorQueries,
    Queries,
    RequestKey,
    SignOfLife,
    SignsOfLife,
    Transactions,
    UnitOfWork,
    UpdateLog,
    VanishingMessages,
)
from taskbot.domain.access_token import AccessToken
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation
from taskbot.domain.category import Category
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Task
from taskbot.domain.user import User

BACKENDS: Final = ("memory", "sqlite", "postgresql")

Thing: TypeAlias = (
    User | Category | Task | Reminder | AccessToken | AdminAccount | AdminSession | Invitation
)


@frozen(kw_only=True)
class Storage:
    """What one process sees of the stored data."""

    unit_of_work: Callable[[], UnitOfWork]
    transactions: Transactions
    queries: Queries
    figures: OperatorQueries
    dialogues: DialogueStore
    api_tokens: ApiTokenStore
    update_log: UpdateLog
    vanishing: VanishingMessages
    keys: KeyStore
    idempotency: Callable[[Clock], IdempotencyStore]
    signs_of_life: Callable[[Clock], SignsOfLife]

    async def keep(self, *things: Thing) -> None:
        """Store *things*, in an order in which each knows those before it."""
        async with self.unit_of_work() as uow:
            for thing in things:
                match thing:
                    case User():
                        await uow.users.add(thing)
                    case Category():
                        await uow.categories.add(thing)
                    case Task():
                        await uow.tasks.add(thing)
                    case Reminder():
                        await uow.reminders.add([thing])
                    case AccessToken():
                        await uow.access_tokens.add(thing)
                    case AdminAccount():
                        await uow.admin_accounts.add(thing)
                    case AdminSession():
                        await uow.admin_sessions.add(thing)
                    case Invitation():
                        await uow.invitations.put(thing)
            await uow.commit()

    async def task(self, task_id: TaskId) -> Task:
        async with self.unit_of_work() as uow:
            return await uow.tasks.get(task_id)

    async def reminder(self, reminder_id: ReminderId) -> Reminder:
        (letter,) = await self.queries.letters([reminder_id])
        return letter.reminder


def require(backend: str) -> None:
    """Skip the test where there is no such storage."""
    if backend == "postgresql" and server_url() is None:
        pytest.skip(ABSENT)


@contextlib.asynccontextmanager
async def two_processes(backend: str, folder: Path) -> AsyncIterator[tuple[Storage, Storage]]:
    """Two views of the same empty storage, as two processes have them."""
    require(backend)
    if backend == "memory":
        storage = _memory()
        yield storage, storage
        return
    url = emptied_database() if backend == "postgresql" else migrated_sqlite(folder)
    async with _sql(url) as one, _sql(url) as other:
        yield one, other


@contextlib.asynccontextmanager
async def one_process(backend: str, folder: Path) -> AsyncIterator[Storage]:
    async with two_processes(backend, folder) as (storage, _):
        yield storage


def _memory() -> Storage:
    database = MemoryDatabase()
    requests: dict[RequestKey, KeptRequest] = {}
    given: dict[str, SignOfLife] = {}
    return Storage(
        unit_of_work=lambda: MemoryUnitOfWork(database),
        transactions=MemoryTransactions(database),
        queries=MemoryQueries(database),
        figures=MemoryOperatorQueries(database),
        dialogues=MemoryDialogueStore(SystemClock()),
        api_tokens=MemoryApiTokenStore(SystemClock()),
        update_log=MemoryUpdateLog(),
        vanishing=MemoryVanishingMessages(SystemClock()),
        keys=MemoryKeyStore(),
        idempotency=lambda clock: MemoryIdempotencyStore(clock, requests),
        signs_of_life=lambda clock: MemorySignsOfLife(clock, given),
    )


@contextlib.asynccontextmanager
async def _sql(database_url: str) -> AsyncIterator[Storage]:
    database = create_database(database_url)
    try:
        yield sql_storage(database)
    finally:
        await database.dispose()


@contextlib.contextmanager
def outlasting_the_drivers_threads() -> Iterator[None]:
    """Wait for the threads of SQLite's driver that were begun in the block.

    Each reports the end of a failed connection to the loop, which must still be open then.
    """
    before = threading.enumerate()
    yield
    for thread in threading.enumerate():
        if thread not in before and "_connection_worker_thread" in thread.name:
            thread.join(timeout=5)


def sql_storage(database: Database) -> Storage:
    return Storage(
        unit_of_work=lambda: SqlUnitOfWork(database),
        transactions=SqlTransactions(database),
        queries=SqlQueries(database),
        figures=SqlOperatorQueries(database),
        dialogues=SqlDialogueStore(database, SystemClock()),
        api_tokens=SqlApiTokenStore(database, SystemClock()),
        update_log=SqlUpdateLog(database),
        vanishing=SqlVanishingMessages(database, SystemClock()),
        keys=SqlKeyStore(database),
        idempotency=lambda clock: SqlIdempotencyStore(database, clock),
        signs_of_life=lambda clock: SqlSignsOfLife(database, clock),
    )


def migrated_sqlite(folder: Path) -> str:
    path = folder / "taskbot.db"
    path.write_bytes(_empty_sqlite_file())
    return f"sqlite:///{path}"


@functools.cache
def _empty_sqlite_file() -> bytes:
    """A migrated file; migrating anew for each test would take most of its time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        migrate(f"sqlite:///{path}")
        return path.read_bytes()
