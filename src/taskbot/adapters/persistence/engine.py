"""The way to the database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Final

import msgspec
from attrs import field, frozen
from sqlalchemy import Engine, Executable, Select, create_engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, TimeoutError as NoFreeConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from taskbot.adapters.persistence.borrowed import BorrowedConnection, Outcome
from taskbot.adapters.persistence.dialects import Dialect, dialect_of
from taskbot.adapters.persistence.kept import KeptConnections, pool_of
from taskbot.adapters.persistence.patience import Patience
from taskbot.adapters.persistence.prepared import Prepared, Row
from taskbot.application.ports import StorageUnavailable

_POOL_SIZE: Final = 8
_POOL_TIMEOUT_SECONDS: Final = 10
_BREAK_OFF_EVERY_SECONDS: Final = 0.05


class TransactionUndone(StorageUnavailable):
    """Undone for the sake of somebody else's transaction: worth another try."""


class DatabaseAway(StorageUnavailable):
    """Nothing answers at the database's address, or not yet: worth waiting for."""


class TookTooLong(StorageUnavailable):
    """Broken off, as it was agreed: what was asked for takes longer than it is worth."""


@frozen
class _InThePortsWords:
    """What is around each statement: a class, as a generator would take three times as long."""

    _dialect: Dialect

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, (IntegrityError, DataError)):
            return  # if anything, it is the caller's doing: the database is well
        if isinstance(error, DBAPIError):
            raise unavailable(self._dialect, error) from error
        if isinstance(error, NoFreeConnection):
            raise StorageUnavailable("all connections are in use") from error


@frozen
class Database:
    """One pool of connections, for reading and for writing; *turn* is held while writing."""

    dialect: Dialect
    reading: AsyncEngine
    writing: AsyncEngine
    turn: contextlib.AbstractAsyncContextManager[Any]
    kept: KeptConnections = field(init=False, eq=False)
    patience: Patience = field(init=False, eq=False)

    @kept.default
    def _kept(self) -> KeptConnections:
        return KeptConnections(self.reading.sync_engine, self.dialect.is_dead)

    @patience.default
    def _patience(self) -> Patience:
        return Patience(self.dialect)

    async def dispose(self) -> None:
        await self.kept.let_go()
        await self.writing.dispose()

    def errors(self) -> "_InThePortsWords":
        """Say in the port's words that the database is away, full, locked or broken."""
        return _InThePortsWords(self.dialect)

    @contextlib.asynccontextmanager
    async def no_longer_than(
        self, seconds: float, connection: AsyncConnection
    ) -> AsyncIterator[None]:
        """Break off what *connection* is asked in the block once it takes longer: `TookTooLong`.

        The connection is as good as before, unless the answer came while it was being broken off:
        then it is invalidated, as it might break off what somebody else asks next.
        """
        driver_connection = (await connection.get_raw_connection()).driver_connection
        is_over = asyncio.Event()
        breaking: list[asyncio.Task[None]] = []

        async def break_off() -> None:
            # Again and again: what has not begun yet is not broken off by it.
            while not is_over.is_set():
                await self.dialect.break_off(driver_connection)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(is_over.wait(), _BREAK_OFF_EVERY_SECONDS)

        timer = asyncio.get_running_loop().call_later(
            seconds, lambda: breaking.append(asyncio.create_task(break_off()))
        )
        try:
            yield
        except DBAPIError as error:
            if breaking:
                raise TookTooLong(f"not done after {seconds} s") from error
            raise
        finally:
            timer.cancel()
            is_over.set()
            await asyncio.gather(*breaking)
        if breaking:
            await connection.invalidate()


def unavailable(dialect: Dialect, error: DBAPIError) -> StorageUnavailable:
    """What *error* means to those who do not know databases."""
    reason = dialect.reason(error)
    if dialect.must_repeat(error):
        return TransactionUndone(reason)
    return DatabaseAway(reason) if dialect.is_away(error) else StorageUnavailable(reason)


def create_database(database_url: str) -> Database:
    """Open the database at *database_url* (see `dialect_of`). Nothing is connected yet."""
    dialect = dialect_of(database_url)
    engine = create_async_engine(
        dialect.driver_url(database_url, sync=False),
        pool_size=_POOL_SIZE,
        max_overflow=0,
        pool_timeout=_POOL_TIMEOUT_SECONDS,
        pool_reset_on_return=None,  # whoever begins a transaction ends it
        hide_parameters=True,  # what people wrote must not end in a log
        json_deserializer=msgspec.json.decode,
        **dialect.engine_options(),
        **dialect.reading_options(),
    )
    dialect.prepare(engine.sync_engine)
    return Database(
        dialect,
        engine,
        engine.execution_options(**dialect.writing_options()),
        dialect.writers_turn(),
    )


@contextlib.contextmanager
def operators_engine(database_url: str) -> Iterator[tuple[Dialect, Engine]]:
    """Give a way in for commands that do one long thing and block: migrate, load, copy.

    Whatever the database says against it is raised as `StorageUnavailable`.
    """
    dialect = dialect_of(database_url)
    engine = create_engine(
        dialect.driver_url(database_url, sync=True),
        hide_parameters=True,
        **dialect.engine_options(),
    )
    dialect.prepare(engine)
    try:
        yield dialect, engine
    except DBAPIError as error:
        raise unavailable(dialect, error) from error
    finally:
        engine.dispose()


def connections_in_use(database: Database) -> int:
    return pool_of(database.reading.sync_engine).checkedout() - database.kept.free


def most_connections(database: Database) -> int:
    return pool_of(database.reading.sync_engine).size()


async def read(
    database: Database,
    statement: Prepared | Select[Any],
    parameters: Mapping[str, Any] | None = None,
) -> Sequence[Row]:
    """The rows of one statement, outside of any transaction.

    It is a task of its own, which a cancelled caller does not break off: the connection goes back
    to the pool as it was.
    """
    with database.errors():
        if isinstance(statement, Prepared):
            running = asyncio.create_task(_read(database, statement, parameters))
        else:
            running = asyncio.create_task(_run(database, statement, parameters))
        return (await asyncio.shield(running)).rows


async def write(
    database: Database,
    statement: Prepared | Executable,
    parameters: Mapping[str, Any] | None = None,
) -> int:
    """Run one statement that is a transaction by itself; return how many rows it changed.

    It is a task of its own, as with `read`: a cancelled caller does not undo it.
    """
    with database.errors():
        running = asyncio.create_task(run_in_turn(database, statement, parameters))
        return (await asyncio.shield(running)).rowcount


async def run_in_turn(
    database: Database, statement: Prepared | Executable, parameters: Mapping[str, Any] | None
) -> Outcome:
    async with database.turn:
        return await _run(database, statement, parameters)


async def _read(
    database: Database, statement: Prepared, parameters: Mapping[str, Any] | None
) -> Outcome:
    """As `_run`, of what changes nothing: so it may be asked twice.

    Whether the server has hung up meanwhile is not looked at before, but after it has failed.
    """
    connection = BorrowedConnection(database)
    await connection.take(unseen=True)
    try:
        return await connection.run(statement, parameters)
    except DBAPIError:
        if not connection.was_dead:
            raise
        await connection.give_up()
    finally:
        await connection.give_back()
    return await _run(database, statement, parameters)


async def _run(
    database: Database, statement: Prepared | Executable, parameters: Mapping[str, Any] | None
) -> Outcome:
    connection = BorrowedConnection(database)
    await connection.take()
    try:
        return await connection.run(statement, parameters)
    finally:
        await connection.give_back()
