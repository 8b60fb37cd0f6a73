"""One transaction, with a repository for each aggregate."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from attrs import frozen
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from taskbot.adapters.persistence.access_tokens import SqlAccessTokens
from taskbot.adapters.persistence.admin_accounts import (
    SqlAdminAccounts,
    SqlAdminSessions,
    SqlInvitations,
)
from taskbot.adapters.persistence.audit import SqlAuditLog
from taskbot.adapters.persistence.engine import Database, TransactionUndone
from taskbot.adapters.persistence.operations import SqlAlerts, SqlJobs
from taskbot.adapters.persistence.reminders import SqlReminders
from taskbot.adapters.persistence.repositories import SqlCategories, SqlUsers
from taskbot.adapters.persistence.tasks import SqlTasks
from taskbot.adapters.persistence.transaction import Transaction
from taskbot.adapters.persistence.undos import SqlUndos

_T = TypeVar("_T")
_ATTEMPTS: Final = 5
_LONGEST_PAUSE_SECONDS: Final = 0.5


class SqlUnitOfWork:
    """Enter it once."""

    def __init__(self, database: Database) -> None:
        self._transaction = Transaction(database)
        self.users = SqlUsers(self._transaction)
        self.tasks = SqlTasks(self._transaction)
        self.categories = SqlCategories(self._transaction)
        self.reminders = SqlReminders(self._transaction)
        self.undos = SqlUndos(self._transaction)
        self.access_tokens = SqlAccessTokens(self._transaction)
        self.admin_accounts = SqlAdminAccounts(self._transaction)
        self.admin_sessions = SqlAdminSessions(self._transaction)
        self.invitations = SqlInvitations(self._transaction)
        self.alerts = SqlAlerts(self._transaction)
        self.jobs = SqlJobs(self._transaction)
        self.audit = SqlAuditLog(self._transaction)

    async def __aenter__(self) -> Self:
        await self._transaction.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._transaction.__aexit__(exc_type, exc, traceback)

    async def commit(self) -> None:
        await self._transaction.commit()


@frozen
class SqlTransactions:
    _database: Database

    async def run(self, work: Callable[[SqlUnitOfWork], Awaitable[_T]]) -> _T:
        try:
            result: _T = await self._attempt(work)
        except TransactionUndone:  # which is rare: all others do without the repeater's pains
            result = await self._attempt_again(work)
        return result

    @retry(
        retry=retry_if_exception_type(TransactionUndone),
        stop=stop_after_attempt(_ATTEMPTS - 1),
        wait=wait_random_exponential(multiplier=0.01, max=_LONGEST_PAUSE_SECONDS),
        reraise=True,
    )
    async def _attempt_again(self, work: Callable[[SqlUnitOfWork], Awaitable[Any]]) -> Any:
        return await self._attempt(work)

    async def _attempt(self, work: Callable[[SqlUnitOfWork], Awaitable[Any]]) -> Any:
        async with SqlUnitOfWork(self._database) as uow:
            result = await work(uow)
            await uow.commit()
        return result
