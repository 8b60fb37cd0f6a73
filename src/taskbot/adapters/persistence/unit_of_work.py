"""One connection, one transaction."""

import asyncio
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncConnection

from taskbot.adapters.persistence.engine import Database, storage_errors
from taskbot.adapters.persistence.repositories import (
    SqlAccessTokens,
    SqlCategories,
    SqlReminders,
    SqlTasks,
    SqlUsers,
)


class SqlUnitOfWork:
    """Enter it once."""

    users: SqlUsers
    tasks: SqlTasks
    categories: SqlCategories
    reminders: SqlReminders
    access_tokens: SqlAccessTokens
    _connection: AsyncConnection

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __aenter__(self) -> Self:
        await self._database.turn.__aenter__()
        try:
            with storage_errors():
                self._connection = await self._database.writing.connect()
                try:
                    _ = await self._connection.begin()
                except BaseException:
                    await self._connection.close()
                    raise
        except BaseException:
            await self._database.turn.__aexit__(None, None, None)
            raise
        self.users = SqlUsers(self._connection)
        self.tasks = SqlTasks(self._connection)
        self.categories = SqlCategories(self._connection)
        self.reminders = SqlReminders(self._connection)
        self.access_tokens = SqlAccessTokens(self._connection)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            # Closing rolls back what was not committed. It is finished even if we are cancelled:
            # a transaction left open would keep every other writer waiting.
            await asyncio.shield(asyncio.ensure_future(self._close()))
        finally:
            await self._database.turn.__aexit__(None, None, None)

    async def _close(self) -> None:
        with storage_errors():
            await self._connection.close()

    async def commit(self) -> None:
        with storage_errors():
            await self._connection.commit()
