"""What can be undone, in the transaction of one unit of work.

Tasks are kept with their reminders by one statement, however many there are: the database itself
puts the rows into JSON, column by column. What a later release adds to the tables is kept as well,
and has no value in what an earlier one has kept.
"""

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, cast
from uuid import UUID

from attrs import frozen
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Executable,
    String,
    bindparam,
    delete,
    func,
    literal_column,
    select,
)
from sqlalchemy.types import TypeEngine
from ulid import ULID

from taskbot.adapters.persistence import rows
from taskbot.adapters.persistence.column_types import LeadTimes, Ulid, UtcDateTime
from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.prepared import Prepared
from taskbot.adapters.persistence.statements import one, to_be_changed
from taskbot.adapters.persistence.tables import reminders, tasks, undos
from taskbot.adapters.persistence.transaction import Statements
from taskbot.domain.ids import TaskId
from taskbot.domain.undo import Undo, UndoableVerb

_DERIVED: Final = {"ends_at", "search_words"}
_TASK_COLUMNS: Final = [column for column in tasks.columns if column.name not in _DERIVED]
_REMINDER_COLUMNS: Final = list(reminders.columns)
_UNDO: Final = to_be_changed(undos.c.task_id)


@frozen
class SqlUndos:
    _transaction: Statements

    async def keep(self, *task_ids: TaskId, verb: UndoableVerb, now: datetime) -> None:
        when = {"verb": verb.value, "now": now}
        if len(task_ids) == 1:
            await self._transaction.execute(_KEEP_ONE, {"task": task_ids[0], **when})
        else:
            several = _keep_several(self._transaction.dialect)
            await self._transaction.execute(several, {"task_ids": task_ids, **when})

    async def find(self, task_id: TaskId) -> Undo | None:
        row = await one(self._transaction, _UNDO, task_id)
        if row is None:
            return None
        kept = [_read(_REMINDER_COLUMNS, reminder) for reminder in row["reminders"]]
        return Undo(
            verb=row["verb"],
            task=rows.to_task(cast("Any", _read(_TASK_COLUMNS, row["task"]))),
            reminders=[rows.to_reminder(cast("Any", reminder)) for reminder in kept],
            made_at=row["made_at"],
        )

    async def forget(self, task_id: TaskId) -> None:
        await self._transaction.execute(delete(undos).where(undos.c.task_id == task_id))

    async def purge(self, *, before: datetime, limit: int) -> int:
        old = select(undos.c.task_id).where(undos.c.made_at < before).limit(limit)
        gone = await self._transaction.execute(delete(undos).where(undos.c.task_id.in_(old)))
        return gone.rowcount


@functools.cache
def _keep_several(dialect: Dialect) -> Executable:
    """Put together once: to do so anew costs more than to have it executed."""
    return _keep(dialect, tasks.c.id.in_(bindparam("task_ids", expanding=True)))


def _keep(dialect: Dialect, which: ColumnElement[bool]) -> Executable:
    of_one = dialect.json_object(_fields(_REMINDER_COLUMNS))
    of_task = (
        select(func.coalesce(dialect.json_array(of_one), literal_column("'[]'")))
        .where(reminders.c.task_id == tasks.c.id)
        .correlate(tasks)
        .scalar_subquery()
    )
    kept = select(
        tasks.c.id,
        tasks.c.owner_id,
        bindparam("verb", type_=String),
        dialect.json_object(_fields(_TASK_COLUMNS)),
        of_task,
        bindparam("now", type_=UtcDateTime),
    ).where(which)
    insert = dialect.insert(undos).from_select([column.name for column in undos.columns], kept)
    kept_anew: Executable = insert.on_conflict_do_update(
        index_elements=[undos.c.task_id],
        set_={
            column.name: insert.excluded[column.name]
            for column in undos.columns
            if not column.primary_key
        },
    )
    return kept_anew


_KEEP_ONE: Final = Prepared(lambda dialect: _keep(dialect, tasks.c.id == bindparam("task")))


def _fields(columns: Iterable[Column[Any]]) -> dict[str, ColumnElement[Any]]:
    return {column.name: column for column in columns}


def _read(columns: Iterable[Column[Any]], kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row from JSON, whichever database wrote it: a backup may have come from the other."""
    row: dict[str, Any] = {}
    for column in columns:
        value = kept.get(column.name)
        read = next((read for kind, read in _READ if isinstance(column.type, kind)), None)
        row[column.name] = value if value is None or read is None else read(value)
    return row


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _lead_times(value: Any) -> Any:
    seconds = json.loads(value) if isinstance(value, str) else value
    return LeadTimes().process_result_value(seconds, cast("Any", None))


_READ: Final[tuple[tuple[type[TypeEngine[Any]], Callable[[Any], Any]], ...]] = (
    (Ulid, lambda text: ULID.from_uuid(UUID(text))),
    (UtcDateTime, _moment),
    (LeadTimes, _lead_times),
    (Date, date.fromisoformat),
    (Boolean, bool),
)
