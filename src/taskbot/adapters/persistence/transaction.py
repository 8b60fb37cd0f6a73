"""Transactions that survive the cancellation of whoever uses them."""

import abc
import asyncio
from collections.abc import Callable, Coroutine
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
            running = asyncio.create_task(run_in_turn(self._database, statement, parameters))
            return await asyncio.shield(running)


class Transaction(Statements):
    """One connection, one writing transaction; rolled back unless it is committed.

    Use it in a task that nobody cancels, see `to_its_end`: a call of the driver that was broken
    off half-way would leave a connection to nobody, and with it SQLite's lock on the whole file.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._connection = BorrowedConnection(database)
        self._is_unwanted = False

    async def __aenter__(self) -> Self:
        await self._database.turn.__aenter__()
        try:
            self._require_wanted()
            with self._database.errors():
                await self._connection.take()
                await self._connection.begin()
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

    def give_up(self) -> None:
        """Whoever wanted it is gone: it is rolled back before its next step."""
        self._is_unwanted = True

    async def execute(self, statement: Prepared | Executable, parameters: Any = None) -> Outcome:
        self._require_wanted()
        with self._database.errors():
            if not self._connection.is_in_transaction:  # what follows a commit needs another
                await self._connection.begin()
            return await self._connection.run(statement, parameters)

    async def commit(self) -> None:
        self._require_wanted()
        with self._database.errors():
            await self._connection.commit()

    def _require_wanted(self) -> None:
        if self._is_unwanted:
            raise asyncio.CancelledError

    async def _end(self) -> None:
        try:
            with self._database.errors():
                await self._connection.give_back()
        finally:
            await self._database.turn.__aexit__(None, None, None)


async def to_its_end(work: Coroutine[Any, Any, _T], *, give_up: Callable[[], None]) -> _T:
    """Await *work* as a task of its own, which a cancelled caller does not break off.

    It is asked to *give_up* then, and waited for.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        give_up()
        await asyncio.wait([task])
        raise
