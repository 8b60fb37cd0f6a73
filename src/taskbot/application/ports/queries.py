"""Reading what is stored, outside of any transaction: one method, one statement."""

from datetime import datetime
from typing import Protocol

from attrs import frozen

from taskbot.application.views import Letter, TaskCard, TaskView
from taskbot.domain.access_token import AccessToken
from taskbot.domain.category import Category
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.task import Task, TaskStatus
from taskbot.domain.user import User


@frozen
class TaskPosition:
    """A place in the order of tasks: nearest deadline first, without one last, then by id."""

    ends_at: datetime | None
    task_id: TaskId

    @classmethod
    def of(cls, task: Task) -> "TaskPosition":
        return cls(task.deadline.ends_at if task.deadline else None, task.id)


@frozen(kw_only=True)
class TaskPageRequest:
    """Up to *limit* tasks (1 to 100) behind *after*, or the ones just before *before*."""

    owner_id: UserId
    status: TaskStatus | None = None
    limit: int = 20
    after: TaskPosition | None = None
    before: TaskPosition | None = None

    def __attrs_post_init__(self) -> None:
        if self.after is not None and self.before is not None:
            raise ValueError("a page lies behind one position or before one, not both")
        if not 1 <= self.limit <= 100:  # noqa: PLR2004 - named in the docstring
            raise ValueError("a page has 1 to 100 tasks")


@frozen
class TaskPage:
    """Tasks in their order. *following* and *preceding* are None where the list ends."""

    items: tuple[TaskView, ...]
    following: TaskPosition | None
    preceding: TaskPosition | None


class Queries(Protocol):
    """Every method raises `StorageUnavailable` where the storage fails."""

    async def task(self, task_id: TaskId, *, owner_id: UserId) -> TaskView:
        """Raise `TaskNotFound` if the owner has none such."""

    async def task_card(self, task_id: TaskId, *, owner_id: UserId) -> TaskCard:
        """The task with all its reminders, earliest first. Raise `TaskNotFound`."""

    async def tasks(self, request: TaskPageRequest) -> TaskPage: ...

    async def categories(self, owner_id: UserId) -> list[Category]:
        """The owner's categories in the order of their keys."""

    async def user(self, user_id: UserId) -> User:
        """Raise `UserNotFound` if there is none."""

    async def user_by_telegram_id(self, telegram_id: int) -> User | None: ...

    async def holder(self, digest: bytes) -> tuple[AccessToken, User] | None:
        """The access token kept under *digest*, and whose it is."""

    async def letter(self, reminder_id: ReminderId) -> Letter | None:
        """The reminder with the task and the person that it is about."""

    async def next_available_at(self) -> datetime | None:
        """When the next pending reminder can be claimed; None if none is to be."""
