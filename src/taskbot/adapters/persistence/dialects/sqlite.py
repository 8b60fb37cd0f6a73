"""SQLite: one file, one writer at a time."""

import asyncio
import json
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec
from attrs import frozen
from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect as Grammar,
    Engine,
    Select,
    cast,
    event,
    func,
    make_url,
    null,
    select,
    table,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from taskbot.adapters.persistence.dialects.dialect import (
    Kind,
    Row,
    as_sqlalchemy_raises,
    names_and_values,
)

BUSY_TIMEOUT_SECONDS: Final = 10
_ID_BYTES: Final = 16
_MILLISECONDS_OF_A_DAY: Final = 86_400_000
_MOMENT_LETTERS: Final = len("2031-05-17 15:00:00.000000")
_WRITES: Final = "taskbot_writes"
_SNAPSHOT: Final = "taskbot_snapshot"

AUDIT_GUARD: Final = (
    """
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
    WHEN NEW.diff IS NOT NULL OR OLD.owner_id IS NULL
        OR (NEW.id, NEW.at, NEW.operator, NEW.verb, NEW.object_kind, NEW.object_id,
            NEW.owner_id, NEW.refusal, NEW.client)
        IS NOT (OLD.id, OLD.at, OLD.operator, OLD.verb, OLD.object_kind, OLD.object_id,
            OLD.owner_id, OLD.refusal, OLD.client)
    BEGIN
        SELECT RAISE(ABORT, 'entries of the audit log are added, never changed');
    END
    """,
    """
    CREATE TRIGGER audit_entries_stay_there BEFORE DELETE ON audit_entries
    WHEN OLD.at >= datetime('now', '-730 days')
    BEGIN
        SELECT RAISE(ABORT, 'entries of the audit log are added, never changed');
    END
    """,
)


@frozen
class SQLite:
    name: str = "sqlite"
    begin_writing: str = "BEGIN IMMEDIATE"

    @property
    def grammar(self) -> Grammar:
        return _GRAMMAR

    async def run(
        self, driver_connection: Any, sql: str, values: Sequence[Any], *, returns_rows: bool
    ) -> tuple[Sequence[Row], int]:
        if returns_rows:
            return await driver_connection.execute_fetchall(sql, values), -1
        cursor = await driver_connection.execute(sql, values)
        return (), cursor.rowcount

    def driver_url(self, database_url: str, *, sync: bool) -> str:
        _, rest = database_url.split("://", 1)
        return f"sqlite+{'pysqlite' if sync else 'aiosqlite'}://{rest}"

    def onlookers_url(self, database_url: str) -> str:
        """Opening a file makes it, and two more beside it that others at work there need.

        Where nobody has it open nobody changes it: so those two can be done without.
        """
        file = self.file_of(database_url)
        if file is None:
            return self.driver_url(database_url, sync=False)
        is_open = file.with_name(f"{file.name}-wal").exists()
        manner = {"uri": "true", "mode": "ro"} | ({} if is_open else {"immutable": "1"})
        url = URL.create("sqlite+aiosqlite", database=f"file:{quote(str(file))}", query=manner)
        return url.render_as_string()

    def file_of(self, database_url: str) -> Path | None:
        path = make_url(database_url).database
        return None if path in {None, "", ":memory:"} else Path(str(path))

    def introduction(self) -> Select[Any]:
        # The names of the tables are asked for to have the file read at all.
        tables = select(func.count().label("number")).select_from(table("sqlite_master")).subquery()
        return select(func.sqlite_version().label("version"), null().label("now"), tables.c.number)

    def engine_options(self) -> dict[str, Any]:
        # The driver is not to begin transactions by itself: `_begin` knows which kind is needed.
        return {"connect_args": {"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None}}

    def prepare(self, engine: Engine) -> None:
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)

    def reading_options(self) -> dict[str, Any]:
        return {}

    def writing_options(self) -> dict[str, Any]:
        return {_WRITES: True}

    def snapshot_options(self) -> dict[str, Any]:
        return {_SNAPSHOT: True}

    def writers_turn(self) -> AbstractAsyncContextManager[Any]:
        """Waiting in line here is quicker than knocking at the file."""
        return asyncio.Lock()

    def allow_long_work(self, connection: Connection) -> None:
        """Nothing here has a limit of time."""

    def lock_schema(self, connection: Connection) -> None:
        """Who writes has the whole file already."""

    def insert(self, table: Any) -> Any:
        return sqlite.insert(table)

    def json_object(self, fields: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
        return func.json_object(*names_and_values(fields))

    def json_array(self, element: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.json_group_array(element)

    def milliseconds_between(
        self, earlier: ColumnElement[Any], later: ColumnElement[Any]
    ) -> ColumnElement[int]:
        # Its days have milliseconds, as fractions.
        days = func.julianday(later) - func.julianday(earlier)
        return cast(func.round(days * _MILLISECONDS_OF_A_DAY), BigInteger)

    @property
    def audit_guard(self) -> Sequence[str]:
        return AUDIT_GUARD

    @property
    def audit_guard_lifted(self) -> Sequence[str]:
        return ("DROP TRIGGER audit_entries_stay_there", "DROP TRIGGER audit_entries_stay")

    @property
    def patience_seconds(self) -> float | None:
        return None

    def is_dead(self, driver_connection: Any) -> bool:
        return False

    def hang_up(self, driver_connection: Any) -> None:
        """Nobody is at the other end."""

    async def break_off(self, driver_connection: Any) -> None:
        await driver_connection.interrupt()

    def write_rows(
        self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]
    ) -> None:
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - our names
        raw: Any = connection.connection.driver_connection
        try:
            raw.executemany(statement, rows)
        except sqlite3.Error as error:
            raise as_sqlalchemy_raises(error) from error

    def to_portable(self, kind: Kind) -> Callable[[Any], Any] | None:
        return _TO_PORTABLE.get(kind)

    def from_portable(self, kind: Kind) -> Callable[[Any], Any] | None:
        return _FROM_PORTABLE[kind]

    def learn_contents(self, connection: Connection) -> None:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def broken_constraint(self, error: IntegrityError) -> str | None:
        """By its columns ("UNIQUE constraint failed: users.telegram_id") and our convention."""
        _, found, columns = str(error.orig).partition("UNIQUE constraint failed: ")
        if not found:
            return None
        tables, names = zip(*(column.split(".", 1) for column in columns.split(", ")), strict=True)
        return "_".join(("uq", tables[0], *names))

    def must_repeat(self, error: DBAPIError) -> bool:
        """Never: a writer has the file to itself from its first statement on."""
        return False

    def is_away(self, error: DBAPIError) -> bool:
        """Never: a file is there, or it will not come by waiting."""
        return False

    def reason(self, error: DBAPIError) -> str:
        # Its messages name tables and files ("database or disk is full"), never values.
        return str(error.orig) if isinstance(error.orig, sqlite3.Error) else type(error).__name__


_GRAMMAR: Final = sqlite.pysqlite.dialect(dbapi=sqlite3, json_deserializer=msgspec.json.decode)

# Moments are kept as SQLAlchemy keeps them: the digits of UTC, always with microseconds.
_TO_PORTABLE: Final[dict[Kind, Callable[[Any], Any]]] = {
    Kind.MOMENT: lambda kept: f"{kept[:10]}T{kept[11:]}Z",
    Kind.TIME: lambda kept: kept[:8],
    Kind.BYTES: lambda kept: b64encode(kept).decode("ascii"),
    Kind.BOOLEAN: bool,
}


def _kept_id(portable: str) -> str:
    kept = bytes.fromhex(portable)
    if len(kept) != _ID_BYTES:
        raise ValueError("an id has 16 bytes")
    return kept.hex()


def _kept_moment(portable: str) -> str:
    moment = datetime.fromisoformat(portable).astimezone(UTC)
    return moment.isoformat(" ", "microseconds")[:_MOMENT_LETTERS]


def _kept_json(portable: str) -> str:
    json.loads(portable)
    return portable


# The file takes whatever it is given: so everything is looked at here.
_FROM_PORTABLE: Final[dict[Kind, Callable[[Any], Any]]] = {
    Kind.ID: _kept_id,
    Kind.MOMENT: _kept_moment,
    Kind.DATE: lambda portable: date.fromisoformat(portable).isoformat(),
    Kind.TIME: lambda portable: f"{time.fromisoformat(portable):%H:%M:%S.%f}",
    Kind.BYTES: lambda portable: b64decode(portable, validate=True),
    Kind.JSON: _kept_json,
    Kind.BOOLEAN: lambda portable: int(_of(bool, portable)),
    Kind.INTEGER: lambda portable: _of(int, portable),
    Kind.TEXT: lambda portable: _of(str, portable),
}


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{kind.__name__} is needed here")
    return value


def _set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    # A promise must survive a power cut: every commit reaches the disk before it is confirmed.
    # On a virtual disk that was 0.3 ms a commit, against 0.02 ms with NORMAL.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    # Who will write says so at once: turning a reader into a writer later fails whenever somebody
    # else has written meanwhile. Readers need no transaction for their one statement.
    options = connection.get_execution_options()
    if options.get(_WRITES):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif options.get(_SNAPSHOT):
        connection.exec_driver_sql("BEGIN")
