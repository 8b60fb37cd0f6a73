"""One transaction at a time, on a copy that replaces the original when it is committed."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

from attrs import frozen

from taskbot.adapters.memory.admin_accounts import (
    MemoryAdminAccounts,
    MemoryAdminSessions,
    MemoryInvitations,
)
from taskbot.adapters.memory.audit import MemoryAuditLog
from taskbot.adapters.memory.database import MemoryDatabase, Tables
from taskbot.adapters.memory.operations import MemoryAlerts, MemoryJobs
from taskbot.adapters.memory.repositories import (
    MemoryAccessTokens,
    MemoryCategories,
    MemoryReminders,
    MemoryTasks,
    MemoryUsers,
)
from taskbot.adapters.memory.undos import MemoryUndos

_T = TypeVar("_T")


class MemoryUnitOfWork:
    """Enter it once."""

    users: MemoryUsers
    tasks: MemoryTasks
    categories: MemoryCategories
    reminders: MemoryReminders
    undos: MemoryUndos
    access_tokens: MemoryAccessTokens
    admin_accounts: MemoryAdminAccounts
    admin_sessions: MemoryAdminSessions
    invitations: MemoryInvitations
    alerts: MemoryAlerts
    jobs: MemoryJobs
    audit: MemoryAuditLog

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._tables = Tables()

    async def __aenter__(self) -> Self:
        await self._database.turn.acquire()
        self._work_on(self._database.tables.copy())
        return self

    def _work_on(self, tables: Tables) -> None:
        self._tables = tables
        self.users = MemoryUsers(tables)
        self.tasks = MemoryTasks(tables)
        self.categories = MemoryCategories(tables)
        self.reminders = MemoryReminders(tables)
        self.undos = MemoryUndos(tables)
        self.access_tokens = MemoryAccessTokens(tables)
        self.admin_accounts = MemoryAdminAccounts(tables)
        self.admin_sessions = MemoryAdminSessions(tables)
        self.invitations = MemoryInvitations(tables)
        self.alerts = MemoryAlerts(tables)
        self.jobs = MemoryJobs(tables)
        self.audit = MemoryAuditLog(tables)

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._database.turn.release()

    async def commit(self) -> None:
        self._database.tables = self._tables
        self._work_on(self._tables.copy())


@frozen
class MemoryTransactions:
    """Nothing ever has to be done again: there is one writer at a time."""

    _database: MemoryDatabase
    _unit_of_work: Callable[[MemoryDatabase], MemoryUnitOfWork] = MemoryUnitOfWork

    async def run(self, work: Callable[[MemoryUnitOfWork], Awaitable[_T]]) -> _T:
        async with self._unit_of_work(self._database) as uow:
            result = await work(uow)
            await uow.commit()
        return result

    async def once(self, work: Callable[[MemoryUnitOfWork], Awaitable[_T]]) -> _T:
        return await self.run(work)
