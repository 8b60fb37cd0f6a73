"""Reading what was committed."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from taskbot.adapters.memory.admin_accounts import MemoryAdminAccountQueries
from taskbot.adapters.memory.audit import MemoryBackOfficeQueries
from taskbot.adapters.memory.database import MemoryDatabase, Tables
from taskbot.application.ports import (
    UNCATEGORIZED,
    AlertRecord,
    TaskCounts,
    TaskFilter,
    TaskOrder,
    TaskPage,
    TaskPageRequest,
    TaskPosition,
)
from taskbot.application.search_words import search_words
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
from taskbot.domain.errors import CategoryNotFound, TaskNotFound, UserNotFound
from taskbot.domain.ids import CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.reminder import PENDING, Reminder, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.time_span import TimeSpan
from taskbot.domain.user import User


def _in_order(position: TaskPosition) -> tuple[Any, ...]:
    return *position.keys, position.task_id


def _matches(task: Task, where: TaskFilter) -> bool:
    """The reference of what a filter means: each line is one of its fields."""
    deadline = task.deadline
    words = search_words(task.title, task.description) if where.terms else ""
    return (
        (where.status is None or task.status is where.status)
        and (
            where.category is None
            or task.category_id == (None if where.category is UNCATEGORIZED else where.category)
        )
        and (not where.priorities or task.priority in where.priorities)
        and (where.has_deadline is None or (deadline is not None) == where.has_deadline)
        and (where.due is None or (deadline is not None and deadline.is_within(where.due)))
        and (
            where.overdue is None
            or where.now is None
            or task.is_overdue(now=where.now) == where.overdue
        )
        and all(f" {term}" in words for term in where.terms)
    )


def _cut(matching: list[Task], request: TaskPageRequest) -> list[Task]:
    """The page that *request* asks for, out of all that match it in their order."""

    def is_behind(task: Task, place: TaskPosition) -> bool:
        here, there = _in_order(TaskPosition.of(task, request.order)), _in_order(place)
        return here < there if request.descending else here > there

    if request.before is not None:
        end = request.before
        ahead = [
            task
            for task in matching
            if not is_behind(task, end) and TaskPosition.of(task, request.order) != end
        ]
        return ahead[-request.limit :]
    start = request.after
    behind = [task for task in matching if start is None or is_behind(task, start)]
    return behind[: request.limit]


def _tally(category_id: CategoryId | None, tasks: list[Task], now: datetime) -> TaskTally:
    return TaskTally(
        category_id=category_id,
        open=sum(task.is_open for task in tasks),
        completed=sum(not task.is_open for task in tasks),
        overdue=sum(task.is_overdue(now=now) for task in tasks),
        had_deadline=sum(not task.is_open and task.deadline is not None for task in tasks),
        on_time=sum(task.was_on_time for task in tasks),
    )


@frozen
class MemoryQueries(MemoryAdminAccountQueries, MemoryBackOfficeQueries):
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

    async def task_cards(self, task_ids: Collection[TaskId], *, owner_id: UserId) -> list[TaskCard]:
        found = [self._tables.tasks.get(task_id) for task_id in task_ids]
        return [
            self._card(task) for task in found if task is not None and task.owner_id == owner_id
        ]

    async def next_task_cards(
        self, owner_id: UserId, *, limit: int, after: TaskPosition | None = None
    ) -> list[TaskCard]:
        request = TaskPageRequest(
            owner_id=owner_id, order=TaskOrder.CREATED, limit=limit, after=after
        )
        page = await self.tasks(request)
        return [self._card(view.task) for view in page.items]

    def _card(self, task: Task) -> TaskCard:
        reminders = sorted(
            (
                reminder
                for reminder in self._tables.reminders.values()
                if reminder.task_id == task.id
            ),
            key=lambda reminder: (reminder.fire_at, reminder.id),
        )
        return TaskCard(task, self._category_of(task), tuple(reminders))

    async def tasks(self, request: TaskPageRequest) -> TaskPage:
        def place(task: Task) -> TaskPosition:
            return TaskPosition.of(task, request.order)

        matching = sorted(
            (
                task
                for task in self._tables.tasks.values()
                if task.owner_id == request.owner_id
                and _matches(task, request.where)
                and not (request.order is TaskOrder.COMPLETED and task.is_open)
            ),
            key=lambda task: _in_order(place(task)),
            reverse=request.descending,
        )
        page = _cut(matching, request)
        return TaskPage(
            items=tuple(TaskView(task, self._category_of(task)) for task in page),
            following=place(page[-1]) if page and page[-1] != matching[-1] else None,
            preceding=place(page[0]) if page and page[0] != matching[0] else None,
        )

    async def task_counts(
        self,
        owner_id: UserId,
        *,
        now: datetime,
        today: TimeSpan,
        this_week: TimeSpan,
        upcoming: TimeSpan,
    ) -> TaskCounts:
        tasks = [
            task
            for task in self._tables.tasks.values()
            if task.owner_id == owner_id and task.is_open
        ]
        deadlines = [task.deadline for task in tasks if task.deadline is not None]
        return TaskCounts(
            open=len(tasks),
            overdue=sum(task.is_overdue(now=now) for task in tasks),
            due_today=sum(deadline.is_within(today) for deadline in deadlines),
            due_this_week=sum(deadline.is_within(this_week) for deadline in deadlines),
            upcoming=sum(deadline.is_within(upcoming) for deadline in deadlines),
            without_deadline=len(tasks) - len(deadlines),
            by_category=Counter(task.category_id for task in tasks),
        )

    async def task_tallies(self, owner_id: UserId, *, now: datetime) -> list[TaskTally]:
        own = [task for task in self._tables.tasks.values() if task.owner_id == owner_id]
        return [
            _tally(category_id, [task for task in own if task.category_id == category_id], now)
            for category_id in {task.category_id for task in own}
        ]

    async def completions(self, owner_id: UserId, span: TimeSpan) -> list[datetime]:
        return sorted(
            task.completed_at
            for task in self._tables.tasks.values()
            if task.owner_id == owner_id
            and task.completed_at is not None
            and (span.start is None or span.start <= task.completed_at)
            and (span.end is None or task.completed_at < span.end)
        )

    async def category(self, category_id: CategoryId, *, owner_id: UserId) -> Category:
        category = self._tables.categories.get(category_id)
        if category is None or category.owner_id != owner_id:
            raise CategoryNotFound(category_id)
        return category

    async def categories(self, owner_id: UserId) -> list[Category]:
        return sorted(
            (
                category
                for category in self._tables.categories.values()
                if category.owner_id == owner_id
            ),
            key=lambda category: category.key,
        )

    async def counted_categories(self, owner_id: UserId) -> list[CountedCategory]:
        filed = Counter(
            (task.category_id, task.is_open)
            for task in self._tables.tasks.values()
            if task.owner_id == owner_id
        )
        return [
            CountedCategory(category=one, open=filed[one.id, True], completed=filed[one.id, False])
            for one in await self.categories(owner_id)
        ]

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

    async def leavers(self, *, now: datetime, limit: int) -> list[User]:
        left = [
            (user.deletion_at, user.id, user)
            for user in self._tables.users.values()
            if user.deletion_at is not None and user.has_left(now=now)
        ]
        return [user for _, _, user in sorted(left)[:limit]]

    async def access_tokens(self, owner_id: UserId) -> list[AccessToken]:
        own = [one for one in self._tables.access_tokens.values() if one.owner_id == owner_id]
        return sorted(own, key=lambda token: token.id, reverse=True)

    async def held_task(
        self, digest: bytes, task_id: TaskId
    ) -> tuple[AccessToken, User, TaskView | None] | None:
        held = await self.holder(digest)
        if held is None:
            return None
        try:
            return *held, await self.task(task_id, owner_id=held[1].id)
        except TaskNotFound:
            return *held, None

    async def held_tasks(
        self, digest: bytes, request: TaskPageRequest
    ) -> tuple[AccessToken, User, TaskPage] | None:
        held = await self.holder(digest)
        if held is None:
            return None
        return *held, await self.tasks(evolve(request, owner_id=held[1].id))

    async def holder(self, digest: bytes) -> tuple[AccessToken, User] | None:
        for token in self._tables.access_tokens.values():
            if token.digest == digest:
                return token, self._tables.users[token.owner_id]
        return None

    def _letters(self, wanted: Callable[[Reminder], bool]) -> list[Letter]:
        reminders = sorted(
            (one for one in self._tables.reminders.values() if wanted(one)),
            key=lambda one: (one.fire_at, one.id),
        )
        return [
            Letter(one, self._tables.tasks[one.task_id], self._tables.users[one.owner_id])
            for one in reminders
        ]

    async def letters(self, reminder_ids: Collection[ReminderId]) -> list[Letter]:
        return self._letters(lambda reminder: reminder.id in reminder_ids)

    async def dead_letters(
        self, *, limit: int, after: DeadLetterPosition | None = None
    ) -> list[Letter]:
        def is_wanted(reminder: Reminder) -> bool:
            return reminder.state is ReminderState.FAILED and (
                after is None
                or (reminder.fire_at, reminder.id) > (after.fire_at, after.reminder_id)
            )

        return self._letters(is_wanted)[:limit]

    async def reminder_gauges(self, *, now: datetime) -> ReminderGauges:
        states = Counter(reminder.state for reminder in self._tables.reminders.values())
        due = [
            reminder.fire_at
            for reminder in self._tables.reminders.values()
            if reminder.state in PENDING
            and reminder.available_at is not None
            and reminder.fire_at <= now
        ]
        return ReminderGauges(
            due=len(due),
            oldest_due=now - min(due) if due else None,
            dead_letters=states[ReminderState.FAILED],
        )

    async def untold_alerts(self, *, quiet_since: datetime, limit: int) -> list[AlertRecord]:
        untold = [
            record
            for record in self._tables.alerts.values()
            if record.untold > 0 and (record.told_at is None or record.told_at <= quiet_since)
        ]
        untold.sort(key=lambda one: (one.raised_at, one.alert.kind, one.alert.subject))
        return untold[:limit]

    async def next_available_at(self) -> datetime | None:
        return min(
            (
                reminder.available_at
                for reminder in self._tables.reminders.values()
                if reminder.state in PENDING and reminder.available_at is not None
            ),
            default=None,
        )
