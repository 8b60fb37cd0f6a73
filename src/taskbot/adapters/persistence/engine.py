"""The way to the database."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from attrs import frozen
from sqlalchemy import RowMapping, Select, select
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError as NoFreeConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from taskbot.adapters.persistence import dialects, tables
from taskbot.application.ports import StorageUnavailable

_POOL_SIZE: Final = 8
_POOL_TIMEOUT_SECONDS: Final = 10


@frozen
class Database:
    """One pool of connections, for reading and for writing; *turn* is held while writing."""

    reading: AsyncEngine
    writing: AsyncEngine
    turn: AbstractAsyncContextManager[Any]

    async def dispose(self) -> None:
        await self.writing.dispose()


def create_database(database_url: str) -> Database:
    """Open the database at *database_url* (`sqlite:///path`). Nothing is connected yet."""
    engine = create_async_engine(
        dialects.driver_url(database_url, sync=False),
        pool_size=_POOL_SIZE,
        max_overflow=0,
        pool_timeout=_POOL_TIMEOUT_SECONDS,
        hide_parameters=True,  # what people wrote must not end in a log
        **dialects.engine_options(),
    )
    dialects.prepare(engine.sync_engine)
    return Database(
        dialects.for_reading(engine), dialects.for_writing(engine), dialects.writers_turn()
    )


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    """Say in the port's words that the database is away, full, locked or broken."""
    try:
        yield
    except IntegrityError:
        raise  # who caused it knows what it means
    except (DBAPIError, NoFreeConnection) as error:
        raise StorageUnavailable(type(error).__name__) from error


async def read(database: Database, statement: Select[Any]) -> Sequence[RowMapping]:
    """The rows of one statement, outside of any transaction.

    It is a task of its own, which a cancelled caller does not break off: the connection goes back
    to the pool as it was.
    """
    with storage_errors():
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
