"""Reading what is stored, outside of any transaction: one method, one statement."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from taskbot.application.ports.admin_accounts import AdminAccountQueries
from taskbot.application.ports.alerts import AlertRecord
from taskbot.application.ports.audit import BackOfficeQueries
from taskbot.application.ports.task_lists import TaskCounts, TaskPage, TaskPageRequest, TaskPosition
from taskbot.application.views import (
    CountedCategory,
    DeadLetterPosition,
    Letter,
    ReminderGauges,
    TaskCard,
    TaskTally,
    TaskView,
)
from taskbot.domain.access_token import AccessToken
from taskbot.domain.category import Category
from taskbot.domain.ids import CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.time_span import TimeSpan
from taskbot.domain.user import User


class Queries(AdminAccountQueries, BackOfficeQueries, Protocol):
    """Every method raises `StorageUnavailable` where the storage fails."""

    async def task(self, task_id: TaskId, *, owner_id: UserId) -> TaskView:
        """Raise `TaskNotFound` if the owner has none such."""

    async def task_cards(self, task_ids: Collection[TaskId], *, owner_id: UserId) -> list[TaskCard]:
        """The owner's among these tasks, each with all its reminders, earliest first."""

    async def next_task_cards(
        self, owner_id: UserId, *, limit: int, after: TaskPosition | None = None
    ) -> list[TaskCard]:
        """Up to *limit* of the owner's tasks, the oldest first, each as `task_cards` has it.

        *after*: only those that follow this place in `TaskOrder.CREATED`.
        """

    async def tasks(self, request: TaskPageRequest) -> TaskPage: ...

    async def task_counts(
        self,
        owner_id: UserId,
        *,
        now: datetime,
        today: TimeSpan,
        this_week: TimeSpan,
        upcoming: TimeSpan,
    ) -> TaskCounts: ...

    async def task_tallies(self, owner_id: UserId, *, now: datetime) -> list[TaskTally]:
        """One for each category that has tasks, and one for those without, if there are any."""

    async def completions(self, owner_id: UserId, span: TimeSpan) -> list[datetime]:
        """When the owner's tasks that are completed were so, within *span*, earliest first."""

    async def category(self, category_id: CategoryId, *, owner_id: UserId) -> Category:
        """Raise `CategoryNotFound` if the owner has none such."""

    async def categories(self, owner_id: UserId) -> list[Category]:
        """The owner's categories in the order of their keys."""

    async def counted_categories(self, owner_id: UserId) -> list[CountedCategory]:
        """As `categories`, each with the numbers of its tasks."""

    async def user(self, user_id: UserId) -> User:
        """Raise `UserNotFound` if there is none."""

    async def user_by_telegram_id(self, telegram_id: int) -> User | None: ...

    async def leavers(self, *, now: datetime, limit: int) -> list[User]:
        """People who have left by *now* (see `User.has_left`), the longest ago first."""

    async def access_tokens(self, owner_id: UserId) -> list[AccessToken]:
        """The owner's access tokens, the newest first."""

    async def held_task(
        self, digest: bytes, task_id: TaskId
    ) -> tuple[AccessToken, User, TaskView | None] | None:
        """As `holder`, and the task if the user has it: by one statement."""

    async def held_tasks(
        self, digest: bytes, request: TaskPageRequest
    ) -> tuple[AccessToken, User, TaskPage] | None:
        """As `holder`, and the page of the user's tasks, whatever owner *request* names."""

    async def holder(self, digest: bytes) -> tuple[AccessToken, User] | None:
        """The access token kept under *digest*, and whose it is."""

    async def letters(self, reminder_ids: Collection[ReminderId]) -> list[Letter]:
        """The reminders that there are, each with the task and the person that it is about.

        The earliest promise first.
        """

    async def dead_letters(
        self, *, limit: int, after: DeadLetterPosition | None = None
    ) -> list[Letter]:
        """Reminders that were given up, of all people, the earliest promise first.

        *after*: only those that follow this place.
        """

    async def reminder_gauges(self, *, now: datetime) -> ReminderGauges:
        """How delivery is doing."""

    async def untold_alerts(self, *, quiet_since: datetime, limit: int) -> list[AlertRecord]:
        """Alerts to be told: those of which nothing was told after *quiet_since*, oldest first."""

    async def next_available_at(self) -> datetime | None:
        """When the next pending reminder can be claimed; None if none is to be."""
