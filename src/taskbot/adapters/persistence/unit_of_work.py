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
from taskbot.adapters.persistence.transaction import (
    OneStatement,
    Statements,
    Transaction,
    to_its_end,
)
from taskbot.adapters.persistence.undos import SqlUndos

_T = TypeVar("_T")
_ATTEMPTS: Final = 5
_LONGEST_PAUSE_SECONDS: Final = 0.5


class SqlRepositories:
    def __init__(self, statements: Statements) -> None:
        self.users = SqlUsers(statements)
        self.tasks = SqlTasks(statements)
        self.categories = SqlCategories(statements)
        self.reminders = SqlReminders(statements)
        self.undos = SqlUndos(statements)
        self.access_tokens = SqlAccessTokens(statements)
        self.admin_accounts = SqlAdminAccounts(statements)
        self.admin_sessions = SqlAdminSessions(statements)
        self.invitations = SqlInvitations(statements)
        self.alerts = SqlAlerts(statements)
        self.jobs = SqlJobs(statements)
        self.audit = SqlAuditLog(statements)


class SqlUnitOfWork(SqlRepositories):
    """Enter it once, in a task that nobody cancels."""

    def __init__(self, database: Database) -> None:
        self._transaction = Transaction(database)
        super().__init__(self._transaction)

    def give_up(self) -> None:
        """Whoever wanted it is gone: it is rolled back before its next step."""
        self._transaction.give_up()

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
        return await _repeated(lambda: self._in_a_transaction(work))

    async def once(self, work: Callable[[SqlRepositories], Awaitable[_T]]) -> _T:
        return await _repeated(lambda: work(SqlRepositories(OneStatement(self._database))))

    async def _in_a_transaction(self, work: Callable[[SqlUnitOfWork], Awaitable[_T]]) -> _T:
        uow = SqlUnitOfWork(self._database)

        async def working() -> _T:
            async with uow:
                result = await work(uow)
                await uow.commit()
            return result

        return await to_its_end(working(), give_up=uow.give_up)


async def _repeated(attempt: Callable[[], Awaitable[_T]]) -> _T:
    """Do it again where it was undone for the sake of somebody else's transaction."""
    try:
        return await attempt()
    except TransactionUndone:  # which is rare: all others do without the repeater's pains
        again: _T = await _attempted_again(attempt)
        return again


@retry(
    retry=retry_if_exception_type(TransactionUndone),
    stop=stop_after_attempt(_ATTEMPTS - 1),
    wait=wait_random_exponential(multiplier=0.01, max=_LONGEST_PAUSE_SECONDS),
    reraise=True,
)
async def _attempted_again(attempt: Callable[[], Awaitable[Any]]) -> Any:
    return await attempt()
