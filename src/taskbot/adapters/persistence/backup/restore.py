"""Filling a database from a backup, whichever database that was made of."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, delete, inspect, select, table as light_table, text
from sqlalchemy.exc import DataError, IntegrityError

from taskbot.adapters.persistence.audit_tables import audit_entries
from taskbot.adapters.persistence.backup.file import (
    BackupError,
    BackupReader,
    Header,
    TableHeader,
    batches,
)
from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.engine import operators_engine
from taskbot.adapters.persistence.migrate import HEAD, current_revision, migrate

_BATCH: Final = 5000
_OURS: Final = "alembic_version"


def restore(
    database_url: str,
    path: Path,
    *,
    replace: bool = False,
    on_start: Callable[[int], None] = lambda _: None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Fill the database from the backup at *path*; return the number of rows. Blocks.

    All of it is taken over, or nothing. The database must be empty, unless it is to *replace*
    what is there. A backup of an older release is loaded into the tables of that time, which are
    then brought up to date. Raise `BackupError`.
    """
    try:
        with path.open("rb") as source:
            reader = BackupReader.over(source)
            if reader.header.schema > HEAD:
                raise BackupError("the backup was made by a newer release of taskbot")
            with _tables_of_the_time(database_url, reader.header.schema, replace=replace):
                on_start(sum(reader.header.rows.values()))
                return _load(database_url, reader, on_progress, replace=replace)
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}") from None


@contextlib.contextmanager
def _tables_of_the_time(database_url: str, revision: str, *, replace: bool) -> Iterator[None]:
    """Have the tables as they were at *revision*, and as they are now afterwards."""
    with operators_engine(database_url) as (_, engine), engine.connect() as connection:
        found = current_revision(connection)
        if not replace:
            _require_empty(connection)
        elif found is not None and found != revision:
            # Going back could cost columns of rows that are to stay if the backup is damaged.
            raise BackupError(
                f"the backup has schema {revision}, the database {found}: "
                "restore it into an empty database"
            )
    if found != revision:
        migrate(database_url, revision)
    try:
        yield
    finally:
        migrate(database_url)


def _require_empty(connection: Connection) -> None:
    for name in _table_names(connection):
        if connection.execute(select(text("1")).select_from(light_table(name)).limit(1)).first():
            raise BackupError(f"the database is not empty: there are {name} in it")


def _table_names(connection: Connection) -> list[str]:
    return [name for name in inspect(connection).get_table_names() if name != _OURS]


def _load(
    database_url: str, reader: BackupReader, on_progress: Callable[[int], None], *, replace: bool
) -> int:
    with operators_engine(database_url) as (dialect, engine):
        writing = engine.execution_options(**dialect.writing_options())
        with writing.begin() as connection:
            dialect.allow_long_work(connection)
            if replace:
                _empty(connection, dialect)
            numbers = {}
            for header, rows in reader.tables():
                _require_known(connection, header, reader.header)
                numbers[header.table] = _fill(connection, dialect, header, rows, on_progress)
            reader.require_whole()
            if numbers != reader.header.rows or set(numbers) != set(_table_names(connection)):
                raise BackupError("the backup does not have what its beginning says")
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            dialect.learn_contents(connection)
    return sum(numbers.values())


def _empty(connection: Connection, dialect: Dialect) -> None:
    for name, _ in reversed(inspect(connection).get_sorted_table_and_fkc_names()):
        if name is not None and name != _OURS:
            with _guard_lifted(connection, dialect, name):
                connection.execute(delete(light_table(name)))


@contextlib.contextmanager
def _guard_lifted(connection: Connection, dialect: Dialect, name: str) -> Iterator[None]:
    """The audit log makes way for that of the backup, and for nothing less."""
    is_guarded = name == audit_entries.name
    for statement in dialect.audit_guard_lifted if is_guarded else ():
        connection.exec_driver_sql(statement)
    yield
    for statement in dialect.audit_guard if is_guarded else ():
        connection.exec_driver_sql(statement)


def _require_known(connection: Connection, header: TableHeader, whole: Header) -> None:
    """Names are put into statements: so none that we do not know ourselves."""
    if header.table not in whole.rows or header.table not in _table_names(connection):
        raise BackupError("the backup has a table that is not one of ours")
    known = {column["name"] for column in inspect(connection).get_columns(header.table)}
    if {name for name, _ in header.columns} - known:
        raise BackupError(f"the backup has columns of {header.table} that are not ours")


def _fill(
    connection: Connection,
    dialect: Dialect,
    header: TableHeader,
    rows: Iterator[list[Any]],
    on_progress: Callable[[int], None],
) -> int:
    columns = [name for name, _ in header.columns]
    convert = [dialect.from_portable(kind) for _, kind in header.columns]
    number = 0
    for batch in batches(rows, _BATCH):
        try:
            values = [_converted(row, convert) for row in batch]
            dialect.write_rows(connection, header.table, columns, values)
        except (TypeError, ValueError, DataError, IntegrityError):
            raise BackupError(f"the backup has {header.table} that make no sense") from None
        number += len(batch)
        on_progress(len(batch))
    return number


def _converted(row: list[Any], convert: list[Callable[[Any], Any] | None]) -> list[Any]:
    return [
        value if value is None or from_portable is None else from_portable(value)
        for value, from_portable in zip(row, convert, strict=True)
    ]
