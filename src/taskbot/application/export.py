"""Export: everything of one person's, to take along."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from attrs import frozen

from taskbot.application.ports import (
    Clock,
    Queries,
    TaskOrder,
    TaskPosition,
)
from taskbot.application.views import TaskCard
from taskbot.domain.access_token import AccessToken
from taskbot.domain.category import Category
from taskbot.domain.ids import UserId
from taskbot.domain.user import User

PAGE: Final = 50
"""Tasks at a time: others want to be served, too."""


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
            page = await self._queries.next_task_cards(owner_id, limit=PAGE, after=place)
            yield page
            if len(page) < PAGE:
                return
            place = TaskPosition.of(page[-1].task, TaskOrder.CREATED)
