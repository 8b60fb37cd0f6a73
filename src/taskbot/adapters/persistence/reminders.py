"""Reminders, in the transaction of one unit of work."""

import functools
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final

from attrs import frozen
from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    bindparam,
    case,
    delete,
    insert,
    or_,
    select,
    union_all,
    update,
)

from taskbot.adapters.persistence import rows, tables
from taskbot.adapters.persistence.column_types import UtcDateTime
from taskbot.adapters.persistence.prepared import Prepared, Row
from taskbot.adapters.persistence.statements import one, to_be_changed
from taskbot.adapters.persistence.transaction import Statements
from taskbot.domain.errors import ReminderNotFound
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState

# Put together once: to do so anew costs more than to have them executed.
_REMINDER: Final = to_be_changed(tables.reminders.c.id)
_REMINDERS_OF_TASK: Final = to_be_changed(tables.reminders.c.task_id)
_UNSETTLED: Final = Prepared(
    select(tables.reminders)
    .where(tables.reminders.c.task_id == bindparam("wanted"), tables.IS_PENDING | tables.IS_DEAD)
    .order_by(tables.reminders.c.fire_at, tables.reminders.c.id)
    .with_for_update(key_share=True)
)
_ADD_MANY: Final = insert(tables.reminders)
_AT_ONCE: Final = 12
"""More than a task's deadline has: only what is moved or copied has more to add."""
_SAVE: Final = Prepared(
    update(tables.reminders).where(
        tables.reminders.c.id == bindparam("changed"),
        tables.reminders.c.attempt == bindparam("tried"),
        tables.reminders.c.state == bindparam("was"),
    ),
    writes_columns=True,
)


@functools.cache
def _add(number: int) -> Prepared:
    """So many by one statement: the `id` of the third is called `id_2`."""
    columns = tables.reminders.columns
    return Prepared(
        insert(tables.reminders).values(
            [
                {c.name: bindparam(f"{c.name}_{i}", type_=c.type) for c in columns}
                for i in range(number)
            ]
        )
    )


def _claim() -> Executable:
    reminders = tables.reminders
    # In an expression of its own, which is computed once: as a subquery PostgreSQL may run it
    # several times, each time locking others.
    due = (
        select(reminders.c.id)
        .where(tables.IS_PENDING, reminders.c.available_at <= bindparam("now"))
        .order_by(reminders.c.available_at, reminders.c.id)
        .limit(bindparam("number"))
        .with_for_update(skip_locked=True, key_share=True)
        .cte("due")
    )
    was_sending = reminders.c.state == ReminderState.SENDING.value
    return (
        update(reminders)
        .where(reminders.c.id.in_(select(due.c.id)))
        .values(
            state=ReminderState.CLAIMED.value,
            attempt=reminders.c.attempt + 1,
            failures=reminders.c.failures + case((was_sending, 1), else_=0),
            alone=reminders.c.alone | was_sending,
            available_at=bindparam("until"),
        )
        .returning(reminders)
    )


def _begin() -> Executable:
    reminders, now = tables.reminders, bindparam("now", type_=UtcDateTime)
    is_claimed = reminders.c.state == ReminderState.CLAIMED.value
    is_planned = reminders.c.state == ReminderState.PLANNED.value
    had_no_trouble = (reminders.c.failures == 0) & (reminders.c.uncertain == 0)
    claimed = bindparam("claimed", type_=reminders.c.id.type)
    ours = (
        select(reminders.c.id, reminders.c.owner_id)
        .where(reminders.c.id == claimed, reminders.c.attempt == bindparam("tried"), is_claimed)
        .with_for_update(key_share=True)
        .cte("ours")
    )
    # It asks for ours first: so nobody keeps others while waiting for it, as two who want each
    # other's would.
    due = (
        select(reminders.c.id)
        .where(
            tables.IS_PENDING,
            reminders.c.owner_id == select(ours.c.owner_id).scalar_subquery(),
            reminders.c.id != claimed,
            reminders.c.fire_at <= now,
            reminders.c.available_at.is_not(None),
            reminders.c.alone.is_(False),
            reminders.c.withdrawn.is_(False),
            is_claimed | (is_planned & (had_no_trouble | (reminders.c.available_at <= now))),
        )
        .order_by(reminders.c.fire_at, reminders.c.id)
        .limit(bindparam("others"))
        .with_for_update(skip_locked=True, key_share=True)
        .cte("due")
    )
    return (
        update(reminders)
        .where(reminders.c.id.in_(union_all(select(ours.c.id), select(due.c.id))))
        .values(
            state=ReminderState.SENDING.value,
            attempt=reminders.c.attempt + case((reminders.c.id == claimed, 0), else_=1),
            available_at=bindparam("until"),
        )
        .returning(reminders)
    )


_CLAIM: Final = Prepared(_claim())
_BEGIN: Final = Prepared(_begin())


def _is_of(kind: ReminderKind) -> ColumnElement[bool]:
    return and_(*(tables.reminders.c[name] == value for name, value in rows.kind_row(kind).items()))


def _cancel(which: ColumnElement[bool], kinds: Collection[ReminderKind] | None) -> Executable:
    reminders = tables.reminders
    conditions: list[ColumnElement[bool]] = [which, tables.IS_PENDING | tables.IS_DEAD]
    state = reminders.c.state
    stays = or_(state == ReminderState.SENDING.value, state == ReminderState.FAILED.value)
    if kinds is not None:
        conditions.append(or_(*(_is_of(kind) for kind in sorted(kinds))))
    return (
        update(reminders)
        .where(*conditions)
        .values(
            state=case((stays, reminders.c.state), else_=ReminderState.CANCELLED.value),
            available_at=case((stays, reminders.c.available_at), else_=None),
            withdrawn=reminders.c.withdrawn | stays,
        )
    )


@functools.cache
def _cancel_of_one(kinds: frozenset[ReminderKind] | None) -> Prepared:
    return Prepared(_cancel(tables.reminders.c.task_id == bindparam("task"), kinds))


_EVER: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Says nothing of a promise, and yet SQLite takes the index of what is pending for it: that goes on
with the promise, where the one of all reminders of a person does not."""


def _earliest_first(found: Iterable[Row]) -> list[Reminder]:
    """In which order rows are returned by a change is nowhere promised."""
    reminders = [rows.to_reminder(row) for row in found]
    return sorted(reminders, key=lambda reminder: (reminder.fire_at, reminder.id))


@frozen
class SqlReminders:
    _transaction: Statements

    async def get(self, reminder_id: ReminderId) -> Reminder:
        row = await one(self._transaction, _REMINDER, reminder_id)
        if row is None:
            raise ReminderNotFound(reminder_id)
        return rows.to_reminder(row)

    async def of_task(self, task_id: TaskId) -> list[Reminder]:
        result = await self._transaction.execute(_REMINDERS_OF_TASK, {"wanted": task_id})
        return _earliest_first(result.rows)

    async def find_unsettled(self, task_id: TaskId) -> list[Reminder]:
        result = await self._transaction.execute(_UNSETTLED, {"wanted": task_id})
        return [rows.to_reminder(row) for row in result.rows]

    async def add(self, reminders: Iterable[Reminder]) -> None:
        new = [rows.from_reminder(reminder) for reminder in reminders]
        if len(new) > _AT_ONCE:
            await self._transaction.execute(_ADD_MANY, new)
        elif new:
            values = {f"{name}_{i}": row[name] for i, row in enumerate(new) for name in row}
            await self._transaction.execute(_add(len(new)), values)

    async def save(self, reminder: Reminder, *, was: ReminderState) -> bool:
        row = rows.from_reminder(reminder)
        changed = await self._transaction.execute(
            _SAVE, {"changed": reminder.id, "tried": reminder.attempt, "was": was.value, **row}
        )
        return changed.rowcount == 1

    async def claim_due(self, *, now: datetime, until: datetime, limit: int) -> list[Reminder]:
        result = await self._transaction.execute(
            _CLAIM, {"now": now, "until": until, "number": limit}
        )
        return _earliest_first(result.rows)

    async def begin(
        self, claimed: Reminder, *, now: datetime, until: datetime, others: int
    ) -> list[Reminder]:
        claim = {"claimed": claimed.id, "tried": claimed.attempt}
        result = await self._transaction.execute(
            _BEGIN, {**claim, "now": now, "until": until, "others": others}
        )
        begun = _earliest_first(result.rows)
        return sorted(begun, key=lambda reminder: reminder.id != claimed.id)

    async def cancel_pending(
        self, *task_ids: TaskId, kinds: Collection[ReminderKind] | None = None
    ) -> None:
        if len(task_ids) == 1:
            cancel = _cancel_of_one(None if kinds is None else frozenset(kinds))
            await self._transaction.execute(cancel, {"task": task_ids[0]})
        else:
            await self._transaction.execute(
                _cancel(tables.reminders.c.task_id.in_(task_ids), kinds)
            )

    async def purge_cancelled(self, *, before: datetime, limit: int) -> int:
        reminders = tables.reminders
        old = (
            select(reminders.c.id)
            .where(tables.IS_CANCELLED, reminders.c.fire_at < before)
            .limit(limit)
        )
        changed = await self._transaction.execute(delete(reminders).where(reminders.c.id.in_(old)))
        return changed.rowcount

    async def hold(self, owner_id: UserId) -> None:
        reminders = tables.reminders
        held = [ReminderState.PLANNED.value, ReminderState.CLAIMED.value]
        await self._transaction.execute(
            update(reminders)
            .where(
                reminders.c.owner_id == owner_id,
                reminders.c.state.in_(held),
                tables.IS_PENDING,  # as below
                reminders.c.fire_at >= _EVER,
            )
            .values(
                state=case(
                    (reminders.c.withdrawn, ReminderState.CANCELLED.value),
                    else_=ReminderState.PLANNED.value,
                ),
                available_at=None,
            ),
        )

    async def resume(self, owner_id: UserId) -> None:
        reminders = tables.reminders
        await self._transaction.execute(
            update(reminders)
            .where(
                reminders.c.owner_id == owner_id,
                reminders.c.state == ReminderState.PLANNED.value,
                tables.IS_PENDING,  # says no more, but names the index's condition
                reminders.c.fire_at >= _EVER,
                reminders.c.available_at.is_(None),
            )
            .values(available_at=reminders.c.fire_at),
        )
