"""Export: everything of one person's, to take along."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from attrs import frozen

from taskbot.application.ports import (
    Clock,
    Queries,
    TaskOrder,
    TaskPageRequest,
    TaskPosition,
)
from taskbot.application.views import TaskCard
from taskbot.domain.access_token import AccessToken
from taskbot.domain.category import Category
from taskbot.domain.ids import UserId
from taskbot.domain.user import User

_PAGE: Final = 200


@frozen(kw_only=True)
class Export:
    """*pages*: the tasks with their reminders, the oldest first, some at a time."""

    exported_at: datetime
    user: User
    categories: list[Category]
    access_tokens: list[AccessToken]
    pages: AsyncIterator[list[TaskCard]]


@frozen
class ExportService:
    """Nothing is locked meanwhile: what is changed while it is read is told as it was then."""

    _queries: Queries
    _clock: Clock

    async def everything(self, *, actor: UserId) -> Export:
        return Export(
            exported_at=self._clock.now(),
            user=await self._queries.user(actor),
            categories=await self._queries.categories(actor),
            access_tokens=await self._queries.access_tokens(actor),
            pages=self._pages(actor),
        )

    async def _pages(self, owner_id: UserId) -> AsyncIterator[list[TaskCard]]:
        """In an order that no change disturbs: so no task comes twice, and none is left out."""
        place: TaskPosition | None = None
        while True:
            page = await self._queries.tasks(
                TaskPageRequest(
                    owner_id=owner_id, order=TaskOrder.CREATED, limit=_PAGE, after=place
                )
            )
            ids = [view.task.id for view in page.items]
            cards = await self._queries.task_cards(ids, owner_id=owner_id) if ids else []
            yield sorted(cards, key=lambda card: (card.task.created_at, card.task.id))
            place = page.following
            if place is None:
                return
