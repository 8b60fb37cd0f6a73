"""Reading what was committed."""

from datetime import UTC, datetime
from typing import Final

from attrs import frozen

from taskbot.adapters.memory.database import MemoryDatabase, Tables
from taskbot.application.ports import TaskPage, TaskPageRequest, TaskPosition
from taskbot.application.views import Letter, TaskCard, TaskView
from taskbot.domain.access_token import AccessToken
from taskbot.domain.category import Category
from taskbot.domain.errors import TaskNotFound, UserNotFound
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.reminder import PENDING
from taskbot.domain.task import Task
from taskbot.domain.user import User

_LAST: Final = datetime.max.replace(tzinfo=UTC)


def _order(position: TaskPosition) -> tuple[datetime, TaskId]:
    return position.ends_at or _LAST, position.task_id


@frozen
class MemoryQueries:
    _database: MemoryDatabase

    @property
    def _tables(self) -> Tables:
        return self._database.tables

    def _owned(self, task_id: TaskId, owner_id: UserId) -> Task:
        task = self._tables.tasks.get(task_id)
        if task is None or task.owner_id != owner_id:
            raise TaskNotFound(task_id)
        return task

    def _category_of(self, task: Task) -> Category | None:
        return None if task.category_id is None else self._tables.categories[task.category_id]

    async def task(self, task_id: TaskId, *, owner_id: UserId) -> TaskView:
        task = self._owned(task_id, owner_id)
        return TaskView(task, self._category_of(task))

    async def task_card(self, task_id: TaskId, *, owner_id: UserId) -> TaskCard:
        task = self._owned(task_id, owner_id)
        reminders = sorted(
            (
                reminder
                for reminder in self._tables.reminders.values()
                if reminder.task_id == task_id
            ),
            key=lambda reminder: (reminder.fire_at, reminder.id),
        )
        return TaskCard(task, self._category_of(task), tuple(reminders))

    async def tasks(self, request: TaskPageRequest) -> TaskPage:
        matching = sorted(
            (
                task
                for task in self._tables.tasks.values()
                if task.owner_id == request.owner_id
                and (request.status is None or task.status is request.status)
            ),
            key=lambda task: _order(TaskPosition.of(task)),
        )
        if request.before is not None:
            end = _order(request.before)
            ahead = [task for task in matching if _order(TaskPosition.of(task)) < end]
            page = ahead[-request.limit :]
        else:
            start = None if request.after is None else _order(request.after)
            behind = [
                task for task in matching if start is None or _order(TaskPosition.of(task)) > start
            ]
            page = behind[: request.limit]
        return TaskPage(
            items=tuple(TaskView(task, self._category_of(task)) for task in page),
            following=TaskPosition.of(page[-1]) if page and page[-1] != matching[-1] else None,
            preceding=TaskPosition.of(page[0]) if page and page[0] != matching[0] else None,
        )

    async def categories(self, owner_id: UserId) -> list[Category]:
        return sorted(
            (
                category
                for category in self._tables.categories.values()
                if category.owner_id == owner_id
            ),
            key=lambda category: category.key,
        )

    async def user(self, user_id: UserId) -> User:
        try:
            return self._tables.users[user_id]
        except KeyError:
            raise UserNotFound(user_id) from None

    async def user_by_telegram_id(self, telegram_id: int) -> User | None:
        for user in self._tables.users.values():
            if user.telegram_id == telegram_id:
                return user
        return None

    async def holder(self, digest: bytes) -> tuple[AccessToken, User] | None:
        for token in self._tables.access_tokens.values():
            if token.digest == digest:
                return token, self._tables.users[token.owner_id]
        return None

    async def letter(self, reminder_id: ReminderId) -> Letter | None:
        reminder = self._tables.reminders.get(reminder_id)
        if reminder is None:
            return None
        task = self._tables.tasks[reminder.task_id]
        return Letter(reminder, task, self._tables.users[reminder.owner_id])

    async def next_available_at(self) -> datetime | None:
        return min(
            (
                reminder.available_at
                for reminder in self._tables.reminders.values()
                if reminder.state in PENDING and reminder.available_at is not None
            ),
            default=None,
        )
