"""Transactions that survive the cancellation of whoever uses them."""

import abc
import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Executable, Table
from sqlalchemy.exc import IntegrityError

from taskbot.adapters.persistence.borrowed import BorrowedConnection, Outcome
from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.engine import Database, run_in_turn
from taskbot.adapters.persistence.prepared import Prepared

_T = TypeVar("_T")


class Statements(abc.ABC):
    """By which repositories have their statements run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @abc.abstractmethod
    async def execute(
        self, statement: Prepared | Executable, parameters: Any = None
    ) -> Outcome: ...

    @property
    def dialect(self) -> Dialect:
        return self._database.dialect

    def insert(self, table: Table) -> Any:
        """`INSERT` that knows `ON CONFLICT`."""
        return self._database.dialect.insert(table)

    def broken_constraint(self, error: IntegrityError) -> str | None:
        return self._database.dialect.broken_constraint(error)


class OneStatement(Statements):
    """One, which is a transaction by itself: that spares the trips to begin and to commit it.

    It is a task of its own, which a cancelled caller does not break off.
    """

    _is_used = False

    async def execute(self, statement: Prepared | Executable, parameters: Any = None) -> Outcome:
        if self._is_used:
            raise RuntimeError("more than one statement takes a transaction")
        self._is_used = True
        with self._database.errors():
            running = asyncio.ensure_future(run_in_turn(self._database, statement, parameters))
            return await asyncio.shield(running)


class Transaction(Statements):
    """One connection, one writing transaction; rolled back unless it is committed.

    Its user may be cancelled at any moment, but no call of the driver is broken off half-way:
    that would leave a connection to nobody, and with it SQLite's lock on the whole file. Each
    step is a task of its own, which ends in its own time; closing waits for it.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._connection = BorrowedConnection(database)
        self._step: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> Self:
        await self._database.turn.__aenter__()
        try:
            await self._take(self._begin())
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._end()

    async def execute(self, statement: Prepared | Executable, parameters: Any = None) -> Outcome:
        with self._database.errors():
            return await self._take(self._run(statement, parameters))

    async def commit(self) -> None:
        with self._database.errors():
            await self._take(self._connection.commit())

    async def _take(self, step: Coroutine[Any, Any, _T]) -> _T:
        self._step = task = asyncio.ensure_future(step)
        return await asyncio.shield(task)

    async def _begin(self) -> None:
        with self._database.errors():
            await self._connection.take()
            await self._connection.begin()

    async def _run(self, statement: Prepared | Executable, parameters: Any) -> Outcome:
        if not self._connection.is_in_transaction:  # what follows a commit needs another
            await self._connection.begin()
        return await self._connection.run(statement, parameters)

    async def _end(self) -> None:
        await asyncio.shield(asyncio.ensure_future(self._close()))

    async def _close(self) -> None:
        try:
            if self._step is not None:
                await asyncio.wait([self._step])  # how it ended is known to who waited for it
            with self._database.errors():
                await self._connection.give_back()
        finally:
            await self._database.turn.__aexit__(None, None, None)
