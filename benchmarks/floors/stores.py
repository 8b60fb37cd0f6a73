"""Both databases as the bare handlers use them: statements as text, and the drivers alone."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol, Self
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Json

_CONNECTIONS: Final = 8

Values = Sequence[Any] | Mapping[str, Any]
Row = dict[str, Any]


class Transaction(Protocol):
    """One transaction, kept when its block ends."""

    async def rows(self, statement: str, values: Values) -> list[Row]: ...

    async def run(self, statement: str, values: Sequence[Mapping[str, Any]]) -> None:
        """Once for each of *values*."""


class Store(Protocol):
    """Statements are written as psycopg takes them."""

    async def rows(self, statement: str, *values: Any) -> list[Row]:
        """Of one statement, outside of any transaction."""

    async def run(self, statement: str, values: Mapping[str, Any]) -> None:
        """By itself, as one transaction."""

    def transaction(self) -> contextlib.AbstractAsyncContextManager[Transaction]: ...

    def json(self, value: Any) -> Any:
        """As the driver takes it."""


class _OfPostgreSQL:
    def __init__(self, cursor: psycopg.AsyncCursor[Row]) -> None:
        self._cursor = cursor

    async def rows(self, statement: str, values: Values) -> list[Row]:
        await self._cursor.execute(statement.encode(), values)
        return await self._cursor.fetchall()

    async def run(self, statement: str, values: Sequence[Mapping[str, Any]]) -> None:
        if len(values) == 1:
            await self._cursor.execute(statement.encode(), values[0])
        else:
            await self._cursor.executemany(statement.encode(), values)


class PostgreSQL:
    """Some connections, of which each request takes one."""

    def __init__(self) -> None:
        self._free: asyncio.Queue[psycopg.AsyncConnection[Row]] = asyncio.Queue()

    @classmethod
    async def opened(cls, url: str) -> Self:
        store = cls()
        for _ in range(_CONNECTIONS):
            store._free.put_nowait(
                await psycopg.AsyncConnection.connect(
                    url, autocommit=True, row_factory=dict_row, options="-c TimeZone=UTC"
                )
            )
        return store

    async def rows(self, statement: str, *values: Any) -> list[Row]:
        async with self._connection() as connection:
            cursor = await connection.execute(statement.encode(), values)
            return await cursor.fetchall()

    async def run(self, statement: str, values: Mapping[str, Any]) -> None:
        async with self._connection() as connection:
            await connection.execute(statement.encode(), values)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with (
            self._connection() as connection,
            connection.transaction(),
            connection.cursor() as cursor,
        ):
            yield _OfPostgreSQL(cursor)

    def json(self, value: Any) -> Any:
        return Json(value)

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection[Row]]:
        connection = await self._free.get()
        try:
            yield connection
        finally:
            self._free.put_nowait(connection)


class SQLite:
    """One connection, used on the event loop itself: there is nothing quicker.

    Commits reach the disk before they are confirmed, as taskbot's do.
    """

    def __init__(self, file: str) -> None:
        sqlite3.register_adapter(UUID, lambda value: value.hex)
        sqlite3.register_adapter(datetime, _text_of)
        sqlite3.register_adapter(date, date.isoformat)
        sqlite3.register_converter("CHAR", lambda raw: UUID(raw.decode()))
        sqlite3.register_converter("DATETIME", _moment_of)
        sqlite3.register_converter("DATE", lambda raw: date.fromisoformat(raw.decode()))
        sqlite3.register_converter("JSON", json.loads)
        self._connection = sqlite3.connect(
            file, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES
        )
        self._connection.row_factory = _as_dict
        for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
            self._connection.execute(f"PRAGMA {pragma}")

    async def rows(self, statement: str, *values: Any) -> list[Row]:
        return self._connection.execute(_as_sqlite_reads(statement), values).fetchall()

    async def run(self, statement: str, values: Mapping[str, Any]) -> None:
        self._connection.execute(_as_sqlite_reads(statement), values)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield _OfSQLite(self._connection)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def json(self, value: Any) -> Any:
        return json.dumps(value)


class _OfSQLite:
    """It never waits between its statements: no other request comes in between."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def rows(self, statement: str, values: Values) -> list[Row]:
        return self._connection.execute(_as_sqlite_reads(statement), values).fetchall()

    async def run(self, statement: str, values: Sequence[Mapping[str, Any]]) -> None:
        self._connection.executemany(_as_sqlite_reads(statement), values)


def _as_sqlite_reads(statement: str) -> str:
    known = _READ.get(statement)
    if known is None:
        plain = statement.replace(" FOR NO KEY UPDATE", "")
        known = plain.replace("%s", "?").replace("%(", ":").replace(")s", "")
        _READ[statement] = known
    return known


_READ: Final[dict[str, str]] = {}


def _as_dict(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    return dict(zip((column[0] for column in cursor.description), values, strict=True))


def _text_of(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def _moment_of(raw: bytes) -> datetime:
    return datetime.fromisoformat(raw.decode()).replace(tzinfo=UTC)
