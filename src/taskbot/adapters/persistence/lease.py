"""One connection out of the pool, for as long as somebody works with it."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen
from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from taskbot.adapters.persistence.dialects.dialect import as_sqlalchemy_raises
from taskbot.adapters.persistence.prepared import Prepared, Row
from taskbot.application.ports import StorageUnavailable

if TYPE_CHECKING:
    from taskbot.adapters.persistence.engine import Database


@frozen
class Outcome:
    """Of one statement: its rows, and how many it has changed."""

    rows: Sequence[Row]
    rowcount: int

    @property
    def row(self) -> Row | None:
        """The one that there is at most."""
        return self.rows[0] if self.rows else None


class Lease:
    """Take it, and give it back whatever happens. Each call is to be let run to its end.

    Outside of `begin` and its end every statement is a transaction by itself.
    """

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._engine = database.reading.sync_engine
        self._pooled: PoolProxiedConnection | None = None
        self._beside_the_driver: Connection | None = None
        self.is_in_transaction = False

    async def take(self) -> None:
        with self._driver_errors():
            self._pooled = await greenlet_spawn(self._engine.pool.connect)

    async def give_back(self) -> None:
        """Undo what was not committed."""
        if self._pooled is None:
            return
        try:
            if self.is_in_transaction and self._pooled.is_valid:
                await self._rollback()
        finally:
            way_back = self._beside_the_driver or self._pooled
            self._pooled = self._beside_the_driver = None
            await greenlet_spawn(way_back.close)

    async def begin(self) -> None:
        await self._say(self._database.dialect.begin_writing)
        self.is_in_transaction = True

    async def commit(self) -> None:
        await self._say("COMMIT")
        self.is_in_transaction = False

    async def _rollback(self) -> None:
        try:
            await self._say("ROLLBACK")
        except DBAPIError:  # who hears no more of us undoes it, too
            self._give_up()
        except BaseException:
            self._give_up()
            raise

    def _give_up(self) -> None:
        """Nobody knows what is still open on it: the pool makes another."""
        if self._pooled is not None and self._pooled.is_valid:
            self._pooled.invalidate()

    async def run(self, statement: Prepared | Executable, parameters: Any = None) -> Outcome:
        if isinstance(statement, Prepared):
            return await self._run_prepared(statement, parameters or {})
        return await greenlet_spawn(self._run_by_sqlalchemy, statement, parameters)

    async def _run_prepared(self, statement: Prepared, parameters: Mapping[str, Any]) -> Outcome:
        dialect = self._database.dialect
        text = statement.text(dialect, tuple(parameters))
        values = text.values(parameters)
        with self._driver_errors(), self._in_time():
            found, rowcount = await dialect.run(
                self._driver_connection, text.sql, values, returns_rows=text.returns_rows
            )
        return Outcome(text.rows(found), rowcount)

    def _run_by_sqlalchemy(self, statement: Executable, parameters: Any) -> Outcome:
        if self._beside_the_driver is None:
            self._beside_the_driver = Connection(self._engine, self._pooled)
        # SQLAlchemy keeps the count of an INSERT only if it is told to.
        counting = statement.execution_options(preserve_rowcount=True)
        with self._in_time():
            result = self._beside_the_driver.execute(counting, parameters)
            rows: Sequence[Any] = result.mappings().all() if result.returns_rows else ()
        return Outcome(rows, result.rowcount)

    async def _say(self, words: str) -> None:
        with self._driver_errors(), self._in_time():
            await self._database.dialect.run(self._driver_connection, words, [], returns_rows=False)

    @property
    def _driver_connection(self) -> Any:
        if self._pooled is None or not self._pooled.is_valid:
            raise StorageUnavailable("the connection was lost")
        return self._pooled.driver_connection

    @contextlib.contextmanager
    def _driver_errors(self) -> Iterator[None]:
        with as_sqlalchemy_raises(self._engine.dialect.loaded_dbapi.Error):
            yield

    @contextlib.contextmanager
    def _in_time(self) -> Iterator[None]:
        """Wait no longer for an answer than a database that lives would take."""
        dialect = self._database.dialect
        if dialect.patience_seconds is None:
            yield
            return
        hang_up = dialect.hang_up
        loop = asyncio.get_running_loop()
        timer = loop.call_later(dialect.patience_seconds, hang_up, self._driver_connection)
        try:
            yield
        finally:
            timer.cancel()
