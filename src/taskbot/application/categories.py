"""Categories: a person's own labels."""

from enum import StrEnum
from typing import Final

from attrs import frozen
from ulid import ULID

from taskbot.application.keep import KEEP, Keep
from taskbot.application.ports import Clock, Queries, Transactions, UnitOfWork
from taskbot.application.transactions import transactional
from taskbot.application.views import CountedCategory
from taskbot.domain.category import Category
from taskbot.domain.errors import CategoryNotFound
from taskbot.domain.ids import CategoryId, UserId

_AT_ONCE: Final = 1000
"""A statement takes so many ids of tasks on any database."""


class TasksLeft(StrEnum):
    """What becomes of the tasks of a category that is deleted, if no other one takes them."""

    UNCATEGORIZED = "uncategorized"
    DELETED = "deleted"


@frozen(kw_only=True)
class EditCategory:
    """Change what is given; the rest stays. *version*: as in `EditTask`."""

    actor: UserId
    category_id: CategoryId
    version: int | None = None
    name: str | Keep = KEEP
    emoji: str | Keep | None = KEEP


@frozen
class CategoryService:
    _transactions: Transactions
    _queries: Queries
    _clock: Clock

    async def create(self, name: str, *, emoji: str | None = None, actor: UserId) -> Category:
        """Raise `CategoryNameTaken` if the person has one of that name, in whatever case."""
        category = Category(
            id=CategoryId(ULID()),
            owner_id=actor,
            name=name,
            emoji=emoji,
            created_at=self._clock.now(),
        )
        await self._transactions.run(lambda uow: uow.categories.add(category))
        return category

    async def get(self, category_id: CategoryId, *, actor: UserId) -> Category:
        return await self._queries.category(category_id, owner_id=actor)

    @transactional
    async def edit(self, uow: UnitOfWork, command: EditCategory) -> Category:
        """Raise `CategoryNameTaken` as `create` does, `StaleCategory` for another version."""
        category = await _own(uow, command.category_id, command.actor)
        if command.version is not None:
            category.require_version(command.version)
        if command.name is not KEEP:
            category = category.rename(command.name)
        if command.emoji is not KEEP:
            category = category.mark(command.emoji)
        return await uow.categories.update(category)

    @transactional
    async def delete(
        self,
        uow: UnitOfWork,
        category_id: CategoryId,
        *,
        tasks: CategoryId | TasksLeft = TasksLeft.UNCATEGORIZED,
        version: int | None = None,
        actor: UserId,
    ) -> None:
        """Delete the category, and do with its *tasks* as is said: the id names another category.

        A category that is to be deleted can take no tasks: `CategoryNotFound`. `StaleCategory`
        for another version.
        """
        category = await _own(uow, category_id, actor)
        if version is not None:
            category.require_version(version)
        match tasks:
            case TasksLeft.DELETED:
                while gone := await uow.tasks.filed_under(category_id, limit=_AT_ONCE):
                    await uow.tasks.delete_all(gone)
            case TasksLeft.UNCATEGORIZED:
                await uow.tasks.refile(category_id, under=None, now=self._clock.now())
            case _:
                if tasks == category_id:
                    raise CategoryNotFound(category_id)
                await _own(uow, tasks, actor)
                await uow.tasks.refile(category_id, under=tasks, now=self._clock.now())
        await uow.categories.delete(category_id)

    async def counts(self, *, actor: UserId) -> list[CountedCategory]:
        """The categories as in `list`, each with the numbers of its tasks."""
        return await self._queries.counted_categories(actor)

    async def list(self, *, actor: UserId) -> list[Category]:
        return await self._queries.categories(actor)


async def _own(uow: UnitOfWork, category_id: CategoryId, actor: UserId) -> Category:
    category = await uow.categories.get(category_id)
    category.require_owner(actor)
    return category
