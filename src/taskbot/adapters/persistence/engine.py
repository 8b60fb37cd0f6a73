"""The way to the database."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import frozen
from sqlalchemy import Engine, RowMapping, Select, create_engine, select
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError as NoFreeConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from taskbot.adapters.persistence import tables
from taskbot.adapters.persistence.dialects import Dialect, dialect_of
from taskbot.application.ports import StorageUnavailable

_POOL_SIZE: Final = 8
_POOL_TIMEOUT_SECONDS: Final = 10


class TransactionUndone(StorageUnavailable):
    """Undone for the sake of somebody else's transaction: worth another try."""


@frozen
class Database:
    """One pool of connections, for reading and for writing; *turn* is held while writing."""

    dialect: Dialect
    reading: AsyncEngine
    writing: AsyncEngine
    turn: contextlib.AbstractAsyncContextManager[Any]

    async def dispose(self) -> None:
        await self.writing.dispose()

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Say in the port's words that the database is away, full, locked or broken."""
        try:
            yield
        except IntegrityError:
            raise  # who caused it knows what it means
        except DBAPIError as error:
            undone = self.dialect.must_repeat(error)
            kind = TransactionUndone if undone else StorageUnavailable
            raise kind(self.dialect.reason(error)) from error
        except NoFreeConnection as error:
            raise StorageUnavailable("all connections are in use") from error


def create_database(database_url: str) -> Database:
    """Open the database at *database_url* (see `dialect_of`). Nothing is connected yet."""
    dialect = dialect_of(database_url)
    engine = create_async_engine(
        dialect.driver_url(database_url, sync=False),
        pool_size=_POOL_SIZE,
        max_overflow=0,
        pool_timeout=_POOL_TIMEOUT_SECONDS,
        hide_parameters=True,  # what people wrote must not end in a log
        **dialect.engine_options(),
    )
    dialect.prepare(engine.sync_engine)
    return Database(
        dialect,
        engine.execution_options(**dialect.reading_options()),
        engine.execution_options(**dialect.writing_options()),
        dialect.writers_turn(),
    )


@contextlib.contextmanager
def operators_engine(database_url: str) -> Iterator[tuple[Dialect, Engine]]:
    """Give a way in for commands that do one long thing and block: migrate, load, copy."""
    dialect = dialect_of(database_url)
    engine = create_engine(
        dialect.driver_url(database_url, sync=True),
        hide_parameters=True,
        **dialect.engine_options(),
    )
    dialect.prepare(engine)
    try:
        yield dialect, engine
    finally:
        engine.dispose()


async def read(database: Database, statement: Select[Any]) -> Sequence[RowMapping]:
    """The rows of one statement, outside of any transaction.

    It is a task of its own, which a cancelled caller does not break off: the connection goes back
    to the pool as it was.
    """
    with database.errors():
        return await asyncio.shield(asyncio.ensure_future(_read(database, statement)))


async def _read(database: Database, statement: Select[Any]) -> Sequence[RowMapping]:
    async with database.reading.connect() as connection:
        result = await connection.execute(statement)
        found: Sequence[RowMapping] = result.mappings().all()
        return found


async def is_ready(database: Database) -> bool:
    """Whether the database answers and has our tables."""
    try:
        await read(database, select(tables.users.c.id).limit(1))
    except StorageUnavailable:
        return False
    return True
