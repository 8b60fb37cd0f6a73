"""Making a backup, while everybody goes on working."""

import contextlib
import importlib.metadata
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from attrs import frozen
from sqlalchemy import Connection, Table, func, select

from taskbot.adapters.persistence.admin_tables import NOT_BACKED_UP
from taskbot.adapters.persistence.backup.file import (
    BackupError,
    BackupWriter,
    Header,
    TableHeader,
)
from taskbot.adapters.persistence.backup.kinds import kind_of
from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.engine import operators_engine
from taskbot.adapters.persistence.migrate import HEAD, SchemaOutdated, current_revision
from taskbot.adapters.persistence.operator_tables import signs_of_life
from taskbot.adapters.persistence.tables import metadata

_BATCH: Final = 5000
_LEFT_BEHIND: Final = NOT_BACKED_UP | {signs_of_life}
"""And which processes are at work: elsewhere, and later, those are others."""


@frozen
class Backup:
    """What was written."""

    rows: int
    bytes: int


def back_up(
    database_url: str,
    path: Path,
    *,
    overwrite: bool = False,
    on_start: Callable[[int], None] = lambda _: None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Backup:
    """Write the database, as it is at one moment, to *path*. Blocks.

    The file is there as a whole or not at all, and only its owner may read it. *on_start* gets
    the number of rows, *on_progress* how many more are written. Raise `BackupError`, also if there
    is such a file already and it is not to *overwrite*.
    """
    if path.exists() and not overwrite:
        raise BackupError(f"{path} exists already")
    with operators_engine(database_url) as (dialect, engine):
        snapshot = engine.execution_options(**dialect.snapshot_options())
        with snapshot.connect() as connection, connection.begin(), _whole_or_not(path) as target:
            dialect.allow_long_work(connection)
            rows = _write(connection, dialect, BackupWriter(target), on_start, on_progress)
            return Backup(rows, target.tell())


def _write(
    connection: Connection,
    dialect: Dialect,
    writer: BackupWriter,
    on_start: Callable[[int], None],
    on_progress: Callable[[int], None],
) -> int:
    revision = current_revision(connection)
    if revision != HEAD:
        raise SchemaOutdated(revision, HEAD)
    tables = metadata.sorted_tables  # parents first: so they can be filled in this order
    numbers = {str(table.name): _rows_to_write(connection, table) for table in tables}
    on_start(sum(numbers.values()))
    writer.line(
        Header(
            schema=revision,
            taskbot=importlib.metadata.version("taskbot"),
            created_at=datetime.now(UTC),
            rows=numbers,
        )
    )
    for table in tables:
        kinds = [(str(column.name), kind_of(column)) for column in table.columns]
        writer.line(TableHeader(str(table.name), kinds))
        if table in _LEFT_BEHIND:
            continue
        portable = [dialect.to_portable(kind) for _, kind in kinds]
        for batch in _batches_of(connection, table):
            writer.rows([_converted(row, portable) for row in batch])
            on_progress(len(batch))
    writer.end()
    return sum(numbers.values())


def _rows_to_write(connection: Connection, table: Table) -> int:
    if table in _LEFT_BEHIND:
        return 0
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _batches_of(connection: Connection, table: Table) -> Iterator[Any]:
    """Rows as the driver gives them, some at a time: they need not fit into memory."""
    columns = ", ".join(column.name for column in table.columns)
    result = connection.execution_options(stream_results=True, yield_per=_BATCH).exec_driver_sql(
        f"SELECT {columns} FROM {table.name}"  # noqa: S608 - our own names
    )
    return result.partitions()


def _converted(row: Any, convert: list[Callable[[Any], Any] | None]) -> list[Any]:
    return [
        value if value is None or to_portable is None else to_portable(value)
        for value, to_portable in zip(row, convert, strict=True)
    ]


@contextlib.contextmanager
def _whole_or_not(path: Path) -> Iterator[BinaryIO]:
    """Give a file that takes its place at *path* when all of it is on the disk."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        unfinished.unlink(missing_ok=True)
