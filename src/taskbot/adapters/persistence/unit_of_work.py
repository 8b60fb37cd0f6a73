"""One transaction, with a repository for each aggregate."""

from types import TracebackType
from typing import Self

from taskbot.adapters.persistence.engine import Database
from taskbot.adapters.persistence.repositories import (
    SqlAccessTokens,
    SqlCategories,
    SqlReminders,
    SqlTasks,
    SqlUsers,
)
from taskbot.adapters.persistence.transaction import Transaction


class SqlUnitOfWork:
    """Enter it once."""

    def __init__(self, database: Database) -> None:
        self._transaction = Transaction(database)
        self.users = SqlUsers(self._transaction)
        self.tasks = SqlTasks(self._transaction)
        self.categories = SqlCategories(self._transaction)
        self.reminders = SqlReminders(self._transaction)
        self.access_tokens = SqlAccessTokens(self._transaction)

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
