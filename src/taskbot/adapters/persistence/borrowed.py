"""One connection out of the pool, for as long as somebody works with it."""

from collections.abc import Mapping, Sequence
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


class BorrowedConnection:
    """Take it, and give it back whatever happens. Each call is to be let run to its end.

    Outside of `begin` and its end every statement is a transaction by itself.
    """

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._engine = database.reading.sync_engine
        self._pooled: PoolProxiedConnection | None = None
        self._beside_the_driver: Connection | None = None
        self._was_hung_up_on = False
        self.is_in_transaction = False

    @property
    def was_dead(self) -> bool:
        """Whether the server had hung up. It was not us, who gave up waiting for an answer."""
        dead: bool = self._database.dialect.is_dead(self._driver_connection)
        return dead and not self._was_hung_up_on

    async def take(self, *, unseen: bool = False) -> None:
        """*unseen*: without a look whether the server has hung up."""
        try:
            self._pooled = await self._database.kept.take(unseen=unseen)
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise as_sqlalchemy_raises(error) from error

    async def give_back(self) -> None:
        """Undo what was not committed."""
        if self._pooled is None:
            return
        try:
            if self.is_in_transaction and self._pooled.is_valid:
                await self._rollback()
        finally:
            pooled, self._pooled, self._beside_the_driver = self._pooled, None, None
            await self._database.kept.keep(pooled)

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
            await self.give_up()
        except BaseException:
            await self.give_up()
            raise

    async def give_up(self) -> None:
        """Nobody knows what is still open on it: the pool makes another."""
        if self._pooled is not None and self._pooled.is_valid:
            await greenlet_spawn(self._pooled.invalidate)

    async def run(self, statement: Prepared | Executable, parameters: Any = None) -> Outcome:
        if isinstance(statement, Prepared):
            return await self._run_prepared(statement, parameters or {})
        return await greenlet_spawn(self._run_by_sqlalchemy, statement, parameters)

    async def _run_prepared(self, statement: Prepared, parameters: Mapping[str, Any]) -> Outcome:
        text = statement.text(self._database.dialect, tuple(parameters))
        found, rowcount = await self._drive(
            text.sql, text.values(parameters), returns_rows=text.returns_rows
        )
        return Outcome(text.rows(found), rowcount)

    def _run_by_sqlalchemy(self, statement: Executable, parameters: Any) -> Outcome:
        if self._beside_the_driver is None:
            self._beside_the_driver = Connection(self._engine, self._pooled)
        # SQLAlchemy keeps the count of an INSERT only if it is told to.
        counting = statement.execution_options(preserve_rowcount=True)
        connection, patience = self._driver_connection, self._database.patience
        patience.begin(connection)
        try:
            result = self._beside_the_driver.execute(counting, parameters)
            rows: Sequence[Any] = result.mappings().all() if result.returns_rows else ()
        finally:
            patience.end(connection)
        return Outcome(rows, result.rowcount)

    async def _say(self, words: str) -> None:
        await self._drive(words, (), returns_rows=False)

    async def _drive(
        self, sql: str, values: Sequence[Any], *, returns_rows: bool
    ) -> tuple[Sequence[Any], int]:
        """Have the driver run it; waits no longer than a database that lives would take."""
        connection, patience = self._driver_connection, self._database.patience
        patience.begin(connection)
        try:
            return await self._database.dialect.run(
                connection, sql, values, returns_rows=returns_rows
            )
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise as_sqlalchemy_raises(error) from error
        finally:
            self._was_hung_up_on = not patience.end(connection)

    @property
    def _driver_connection(self) -> Any:
        if self._pooled is None or not self._pooled.is_valid:
            raise StorageUnavailable("the connection was lost")
        return self._pooled.driver_connection
