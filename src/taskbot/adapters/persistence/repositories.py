"""People and categories, in the transaction of one unit of work."""

from typing import Any, Final

from attrs import evolve, frozen
from sqlalchemy import (
    delete,
    select,
)
from sqlalchemy.exc import IntegrityError

from taskbot.adapters.persistence import rows, tables
from taskbot.adapters.persistence.audit import take_diffs_away
from taskbot.adapters.persistence.borrowed import Outcome
from taskbot.adapters.persistence.prepared import Prepared
from taskbot.adapters.persistence.statements import change_of, new_row, one, to_be_changed
from taskbot.adapters.persistence.transaction import Statements
from taskbot.application.ports import TelegramIdKnown
from taskbot.domain.category import Category
from taskbot.domain.errors import (
    CategoryNameTaken,
    CategoryNotFound,
    StaleCategory,
    StaleUser,
    UserNotFound,
)
from taskbot.domain.ids import CategoryId, UserId
from taskbot.domain.user import User

# Put together once: to do so anew costs about as much as to have them executed.
_USER: Final = to_be_changed(tables.users.c.id)
_PERSON: Final = to_be_changed(tables.users.c.telegram_id)
_CATEGORY: Final = to_be_changed(tables.categories.c.id)
_CHANGE_USER: Final = change_of(tables.users)
_CHANGE_CATEGORY: Final = change_of(tables.categories)
_ADD_USER: Final = new_row(tables.users)
_ADD_CATEGORY: Final = new_row(tables.categories)


@frozen
class SqlUsers:
    _transaction: Statements

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
            await self._transaction.execute(_ADD_USER, rows.from_user(user))
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
    _transaction: Statements

    async def get(self, category_id: CategoryId) -> Category:
        row = await one(self._transaction, _CATEGORY, category_id)
        if row is None:
            raise CategoryNotFound(category_id)
        return rows.to_category(row)

    async def add(self, category: Category) -> None:
        await self._write(_ADD_CATEGORY, rows.from_category(category))

    async def update(self, category: Category) -> Category:
        updated = evolve(category, version=category.version + 1)
        changed = await self._write(
            _CHANGE_CATEGORY,
            {"changed": category.id, "was_at": category.version, **rows.from_category(updated)},
        )
        if changed.rowcount != 1:
            raise StaleCategory(category.id)
        return updated

    async def _write(self, statement: Prepared, row: dict[str, Any]) -> Outcome:
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
