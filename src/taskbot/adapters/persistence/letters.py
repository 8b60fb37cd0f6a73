"""Reading letters: reminders with all that it takes to deliver them; part of `SqlQueries`."""

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, bindparam, select, tuple_

from taskbot.adapters.persistence import rows, tables
from taskbot.adapters.persistence.engine import Database, read
from taskbot.adapters.persistence.prepared import Prepared, Row
from taskbot.adapters.persistence.statements import labelled
from taskbot.application.views import DeadLetterPosition, Letter
from taskbot.domain.ids import ReminderId

_LETTERS: Final = (
    select(*labelled(tables.reminders), *labelled(tables.tasks), *labelled(tables.users))
    .join(tables.tasks, tables.reminders.c.task_id == tables.tasks.c.id)
    .join(tables.users, tables.reminders.c.owner_id == tables.users.c.id)
    .order_by(tables.reminders.c.fire_at, tables.reminders.c.id)
)
_AT_ONCE: Final = 16
"""More are asked for at a time by nobody who has to be quick."""


class SqlLetterQueries:
    __slots__ = ()

    _database: Database

    async def letters(self, reminder_ids: Collection[ReminderId]) -> list[Letter]:
        if 0 < len(reminder_ids) <= _AT_ONCE:
            wanted = {f"wanted_{place}": one for place, one in enumerate(reminder_ids)}
            return await self._read(_some(len(wanted)), wanted)
        return await self._read(_LETTERS.where(tables.reminders.c.id.in_(reminder_ids)))

    async def dead_letters(
        self, *, limit: int, after: DeadLetterPosition | None = None
    ) -> list[Letter]:
        statement = _LETTERS.where(tables.IS_DEAD).limit(limit)
        if after is not None:
            place = tuple_(tables.reminders.c.fire_at, tables.reminders.c.id)
            statement = statement.where(place > (after.fire_at, after.reminder_id))
        return await self._read(statement)

    async def _read(
        self, statement: Prepared | Select[Any], parameters: Mapping[str, Any] | None = None
    ) -> list[Letter]:
        found: Sequence[Row] = await read(self._database, statement, parameters)
        return [_to_letter(row) for row in found]


@functools.cache
def _some(number: int) -> Prepared:
    """So many; the id of the third is called `wanted_2`."""
    kind = tables.reminders.c.id.type
    wanted = [bindparam(f"wanted_{place}", type_=kind) for place in range(number)]
    return Prepared(_LETTERS.where(tables.reminders.c.id.in_(wanted)))


def _to_letter(row: Row) -> Letter:
    return Letter(
        rows.to_reminder(row, prefix="reminders_"),
        rows.to_task(row, prefix="tasks_"),
        rows.to_user(row, prefix="users_"),
    )
