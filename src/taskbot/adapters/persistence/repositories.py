"""The repositories: each works in the transaction of one unit of work."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from attrs import evolve, frozen
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    RowMapping,
    and_,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from taskbot.adapters.persistence import rows, tables
from taskbot.adapters.persistence.audit import take_diffs_away
from taskbot.adapters.persistence.statements import change_of, one, to_be_changed
from taskbot.adapters.persistence.transaction import Transaction
from taskbot.application.ports import TelegramIdKnown
from taskbot.domain.category import Category
from taskbot.domain.errors import (
    CategoryNameTaken,
    CategoryNotFound,
    ReminderNotFound,
    StaleCategory,
    StaleUser,
    UserNotFound,
)
from taskbot.domain.ids import CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.user import User

# Put together once: to do so anew costs about as much as to have them executed.
_USER: Final = to_be_changed(tables.users.c.id)
_PERSON: Final = to_be_changed(tables.users.c.telegram_id)
_CATEGORY: Final = to_be_changed(tables.categories.c.id)
_REMINDER: Final = to_be_changed(tables.reminders.c.id)
_REMINDERS_OF_TASK: Final = to_be_changed(tables.reminders.c.task_id)
_CHANGE_USER: Final = change_of(tables.users)
_CHANGE_CATEGORY: Final = change_of(tables.categories)
_ADD_REMINDERS: Final = insert(tables.reminders)

_EVER: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Says nothing of a promise, and yet SQLite takes the index of what is pending for it: that goes on
with the promise, where the one of all reminders of a person does not."""


@frozen
class SqlUsers:
    _transaction: Transaction

    async def get(self, user_id: UserId) -> User:
        row = await one(self._transaction, _USER, user_id)
        if row is None:
            raise UserNotFound(user_id)
        return rows.to_user(row)

    async def find_by_telegram_id(self, telegram_id: int) -> User | None:
        row = await one(self._transaction, _PERSON, telegram_id)
        return None if row is None else rows.to_user(row)

    async def add(self, user: User) -> None:
        try:
            await self._transaction.execute(insert(tables.users).values(rows.from_user(user)))
        except IntegrityError as error:
            if self._transaction.broken_constraint(error) != "uq_users_telegram_id":
                raise
            raise TelegramIdKnown from None

    async def update(self, user: User) -> User:
        updated = evolve(user, version=user.version + 1)
        changed = await self._transaction.execute(
            _CHANGE_USER,
            {"changed": user.id, "was_at": user.version, **rows.from_user(updated)},
        )
        if changed.rowcount != 1:
            raise StaleUser(user.id)
        return updated

    async def erase(self, user_id: UserId, *, limit: int) -> int:
        """Tables that are not named go with the person; these may be too big for one statement."""
        left = limit
        for table in (tables.reminders, tables.tasks, tables.access_tokens, tables.categories):
            some = select(table.c.id).where(table.c.owner_id == user_id).limit(left)
            gone = await self._transaction.execute(delete(table).where(table.c.id.in_(some)))
            left -= gone.rowcount
            if not left:
                return limit
        # After the things themselves: whoever is changing one of them has written the entry by now.
        left -= await take_diffs_away(self._transaction, user_id, limit=left)
        if not left:
            return limit
        gone = await self._transaction.execute(
            delete(tables.users).where(tables.users.c.id == user_id)
        )
        return limit - left + gone.rowcount


@frozen
class SqlCategories:
    _transaction: Transaction

    async def get(self, category_id: CategoryId) -> Category:
        row = await one(self._transaction, _CATEGORY, category_id)
        if row is None:
            raise CategoryNotFound(category_id)
        return rows.to_category(row)

    async def add(self, category: Category) -> None:
        await self._write(insert(tables.categories), rows.from_category(category))

    async def update(self, category: Category) -> Category:
        updated = evolve(category, version=category.version + 1)
        changed = await self._write(
            _CHANGE_CATEGORY,
            {"changed": category.id, "was_at": category.version, **rows.from_category(updated)},
        )
        if changed.rowcount != 1:
            raise StaleCategory(category.id)
        return updated

    async def _write(self, statement: Executable, row: dict[str, Any]) -> CursorResult[Any]:
        try:
            return await self._transaction.execute(statement, row)
        except IntegrityError as error:
            if self._transaction.broken_constraint(error) != "uq_categories_owner_id_key":
                raise
            raise CategoryNameTaken(row["name"]) from None

    async def delete(self, category_id: CategoryId) -> None:
        gone = await self._transaction.execute(
            delete(tables.categories).where(tables.categories.c.id == category_id)
        )
        if gone.rowcount != 1:
            raise CategoryNotFound(category_id)


def _is_of(kind: ReminderKind) -> ColumnElement[bool]:
    return and_(*(tables.reminders.c[name] == value for name, value in rows.kind_row(kind).items()))


def _earliest_first(found: Iterable[RowMapping]) -> list[Reminder]:
    """In which order rows are returned by a change is nowhere promised."""
    reminders = [rows.to_reminder(row) for row in found]
    return sorted(reminders, key=lambda reminder: (reminder.fire_at, reminder.id))


@frozen
class SqlReminders:
    _transaction: Transaction

    async def get(self, reminder_id: ReminderId) -> Reminder:
        row = await one(self._transaction, _REMINDER, reminder_id)
        if row is None:
            raise ReminderNotFound(reminder_id)
        return rows.to_reminder(row)

    async def of_task(self, task_id: TaskId) -> list[Reminder]:
        result = await self._transaction.execute(_REMINDERS_OF_TASK, {"wanted": task_id})
        return _earliest_first(result.mappings())

    async def find_unsettled(self, task_id: TaskId) -> list[Reminder]:
        result = await self._transaction.execute(
            select(tables.reminders)
            .where(tables.reminders.c.task_id == task_id, tables.IS_PENDING | tables.IS_DEAD)
            .order_by(tables.reminders.c.fire_at, tables.reminders.c.id)
            .with_for_update(key_share=True)
        )
        return [rows.to_reminder(row) for row in result.mappings()]

    async def add(self, reminders: Iterable[Reminder]) -> None:
        new = [rows.from_reminder(reminder) for reminder in reminders]
        if new:
            await self._transaction.execute(_ADD_REMINDERS, new)

    async def save(self, reminder: Reminder, *, was: ReminderState) -> bool:
        changed = await self._transaction.execute(
            update(tables.reminders)
            .where(
                tables.reminders.c.id == reminder.id,
                tables.reminders.c.attempt == reminder.attempt,
                tables.reminders.c.state == was.value,
            )
            .values(rows.from_reminder(reminder)),
        )
        return changed.rowcount == 1

    async def claim_due(self, *, now: datetime, until: datetime, limit: int) -> list[Reminder]:
        reminders = tables.reminders
        # In an expression of its own, which is computed once: as a subquery PostgreSQL may run it
        # several times, each time locking others.
        due = (
            select(reminders.c.id)
            .where(tables.IS_PENDING, reminders.c.available_at <= now)
            .order_by(reminders.c.available_at, reminders.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)
            .cte("due")
        )
        was_sending = reminders.c.state == ReminderState.SENDING.value
        result = await self._transaction.execute(
            update(reminders)
            .where(reminders.c.id.in_(select(due.c.id)))
            .values(
                state=ReminderState.CLAIMED.value,
                attempt=reminders.c.attempt + 1,
                failures=reminders.c.failures + case((was_sending, 1), else_=0),
                alone=reminders.c.alone | was_sending,
                available_at=until,
            )
            .returning(reminders),
        )
        return _earliest_first(result.mappings())

    async def begin_others(
        self, reminder: Reminder, *, now: datetime, until: datetime, limit: int
    ) -> list[Reminder]:
        reminders = tables.reminders
        is_claimed = reminders.c.state == ReminderState.CLAIMED.value
        is_planned = reminders.c.state == ReminderState.PLANNED.value
        had_no_trouble = (reminders.c.failures == 0) & (reminders.c.uncertain == 0)
        due = (
            select(reminders.c.id)
            .where(
                tables.IS_PENDING,
                reminders.c.owner_id == reminder.owner_id,
                reminders.c.fire_at <= now,
                reminders.c.available_at.is_not(None),
                reminders.c.alone.is_(False),
                reminders.c.withdrawn.is_(False),
                is_claimed | (is_planned & (had_no_trouble | (reminders.c.available_at <= now))),
            )
            .order_by(reminders.c.fire_at, reminders.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)
            .cte("due")
        )
        result = await self._transaction.execute(
            update(reminders)
            .where(reminders.c.id.in_(select(due.c.id)))
            .values(
                state=ReminderState.SENDING.value,
                attempt=reminders.c.attempt + 1,
                available_at=until,
            )
            .returning(reminders),
        )
        return _earliest_first(result.mappings())

    async def cancel_pending(
        self, *task_ids: TaskId, kinds: Collection[ReminderKind] | None = None
    ) -> None:
        reminders = tables.reminders
        conditions: list[ColumnElement[bool]] = [
            reminders.c.task_id.in_(task_ids),
            tables.IS_PENDING | tables.IS_DEAD,
        ]
        stays = reminders.c.state.in_([ReminderState.SENDING.value, ReminderState.FAILED.value])
        if kinds is not None:
            conditions.append(or_(*(_is_of(kind) for kind in kinds)))
        await self._transaction.execute(
            update(reminders)
            .where(*conditions)
            .values(
                state=case((stays, reminders.c.state), else_=ReminderState.CANCELLED.value),
                available_at=case((stays, reminders.c.available_at), else_=None),
                withdrawn=reminders.c.withdrawn | stays,
            ),
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
