"""Categories: a person's own labels."""

from attrs import frozen
from ulid import ULID

from taskbot.application.ports import Clock, Queries, Transactions
from taskbot.domain.category import Category
from taskbot.domain.ids import CategoryId, UserId


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

    async def list(self, *, actor: UserId) -> list[Category]:
        return await self._queries.categories(actor)
