"""Categories: a person's own labels."""

from attrs import frozen
from ulid import ULID

from taskbot.application.keep import KEEP, Keep
from taskbot.application.ports import Clock, Queries, Transactions, UnitOfWork
from taskbot.application.transactions import transactional
from taskbot.domain.category import Category
from taskbot.domain.errors import CategoryNotFound
from taskbot.domain.ids import CategoryId, UserId


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
        move_to: CategoryId | None = None,
        version: int | None = None,
        actor: UserId,
    ) -> int:
        """Delete the category; its tasks stay, in *move_to* or in none. Return how many.

        A category that is to be deleted can take no tasks: `CategoryNotFound`.
        """
        category = await _own(uow, category_id, actor)
        if version is not None:
            category.require_version(version)
        if move_to == category_id:
            raise CategoryNotFound(category_id)
        if move_to is not None:
            await _own(uow, move_to, actor)
        moved = await uow.tasks.refile(category_id, under=move_to, now=self._clock.now())
        await uow.categories.delete(category_id)
        return moved

    async def list(self, *, actor: UserId) -> list[Category]:
        return await self._queries.categories(actor)


async def _own(uow: UnitOfWork, category_id: CategoryId, actor: UserId) -> Category:
    category = await uow.categories.get(category_id)
    category.require_owner(actor)
    return category
