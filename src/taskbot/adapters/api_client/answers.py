"""What the API shows, and the domain's objects in it.

Members that are not named here are passed over: the API may say more one day.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from msgspec import Struct
from ulid import ULID

from taskbot.application.ports import TaskCounts
from taskbot.application.views import CountedCategory, TaskCard, TaskView, Undoable
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.ids import CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.reminder import PENDING, Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Task, TaskStatus
from taskbot.domain.undo import UndoableVerb
from taskbot.domain.user import Language, ReminderPreferences, User

_MINUTE: Final = timedelta(minutes=1)


def _lead_times(minutes: list[int] | None) -> list[timedelta] | None:
    return None if minutes is None else [lead * _MINUTE for lead in minutes]


class CategoryNamed(Struct, frozen=True):
    """A category as it is shown with a task."""

    id: str
    name: str

    def category(self, owner_id: UserId) -> Category:
        """What is known of it. No change is ever meant for its version, which is not known."""
        category_id = CategoryId(ULID.from_str(self.id))
        return Category(
            id=category_id,
            owner_id=owner_id,
            name=self.name,
            created_at=category_id.datetime,
            version=0,
        )


class CategoryShown(Struct, frozen=True):
    id: str
    name: str
    emoji: str | None
    created_at: datetime
    version: int

    def category(self, owner_id: UserId) -> Category:
        return Category(
            id=CategoryId(ULID.from_str(self.id)),
            owner_id=owner_id,
            name=self.name,
            emoji=self.emoji,
            created_at=self.created_at,
            version=self.version,
        )


class CategoriesShown(Struct, frozen=True):
    items: list[CategoryShown]


class CountedCategoryShown(CategoryShown, frozen=True):
    open: int
    completed: int

    def counted(self, owner_id: UserId) -> CountedCategory:
        return CountedCategory(
            category=self.category(owner_id), open=self.open, completed=self.completed
        )


class CountedCategoriesShown(Struct, frozen=True):
    items: list[CountedCategoryShown]


class _TaskShown(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    description: str = ""
    priority: int
    status: TaskStatus
    due_at: datetime | None
    due_on: date | None
    timezone: str
    lead_times: list[int] | None = None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    version: int

    def _task(self, owner_id: UserId, category_id: CategoryId | None) -> Task:
        return Task(
            id=TaskId(ULID.from_str(self.id)),
            owner_id=owner_id,
            title=self.title,
            description=self.description,
            category_id=category_id,
            priority=self.priority,
            status=self.status,
            deadline=self._deadline(),
            lead_times=_lead_times(self.lead_times),
            created_at=self.created_at,
            updated_at=self.updated_at,
            completed_at=self.completed_at,
            version=self.version,
        )

    def _deadline(self) -> Deadline | None:
        if self.due_at is not None:
            return TimedDeadline(self.due_at, self.timezone)
        return None if self.due_on is None else DayDeadline(self.due_on, self.timezone)


class TaskShown(_TaskShown, frozen=True, kw_only=True):
    category: CategoryNamed | None

    def view(self, owner_id: UserId) -> TaskView:
        category = None if self.category is None else self.category.category(owner_id)
        return TaskView(self._task(owner_id, None if category is None else category.id), category)


class PartsShown(Struct, frozen=True):
    items: list[TaskShown]


class TasksShown(Struct, frozen=True):
    items: list[TaskShown]
    next_cursor: str | None


class UndoShown(Struct, frozen=True):
    verb: UndoableVerb
    title: str
    until: datetime

    def undoable(self, task_id: TaskId) -> Undoable:
        return Undoable(task_id, self.verb, self.title, self.until)


class ReminderShown(Struct, frozen=True, kw_only=True):
    id: str
    kind: ReminderKind
    state: ReminderState
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str | None

    def reminder(self, task_id: TaskId, owner_id: UserId) -> Reminder:
        """What a person is told of it; its maker's moment is the one in its id."""
        reminder_id = ReminderId(ULID.from_str(self.id))
        return Reminder(
            id=reminder_id,
            task_id=task_id,
            owner_id=owner_id,
            fire_at=self.due_at,
            kind=self.kind,
            state=self.state,
            available_at=self.due_at if self.state in PENDING else None,
            attempt=self.attempts,
            sent_at=self.sent_at,
            last_error=self.last_error,
            created_at=reminder_id.datetime,
        )


class CardShown(_TaskShown, frozen=True, kw_only=True):
    category: CategoryShown | None
    reminders: list[ReminderShown]

    def card(self, owner_id: UserId) -> TaskCard:
        category = None if self.category is None else self.category.category(owner_id)
        task = self._task(owner_id, None if category is None else category.id)
        reminders = tuple(one.reminder(task.id, owner_id) for one in self.reminders)
        return TaskCard(task, category, reminders)


class CardsShown(Struct, frozen=True):
    items: list[CardShown]


class _CategoryCount(Struct, frozen=True):
    category_id: str | None
    open: int


class CountsShown(Struct, frozen=True, kw_only=True):
    open: int
    overdue: int
    due_today: int
    due_this_week: int
    upcoming: int
    without_deadline: int
    by_category: list[_CategoryCount]

    def counts(self) -> TaskCounts:
        return TaskCounts(
            open=self.open,
            overdue=self.overdue,
            due_today=self.due_today,
            due_this_week=self.due_this_week,
            upcoming=self.upcoming,
            without_deadline=self.without_deadline,
            by_category={
                None if one.category_id is None else CategoryId(ULID.from_str(one.category_id)): (
                    one.open
                )
                for one in self.by_category
            },
        )


class UserShown(Struct, frozen=True, kw_only=True):
    id: str
    telegram_id: int
    name: str
    language: Language
    timezone: str
    timezone_chosen: bool = True  # so an older server's bot asks nobody again
    lead_times: list[int]
    day_start: str
    notifications: bool = True
    reachable: bool
    deletion_at: datetime | None = None
    created_at: datetime
    version: int

    def user(self) -> User:
        return User(
            id=UserId(ULID.from_str(self.id)),
            telegram_id=self.telegram_id,
            name=self.name,
            language=self.language,
            timezone=self.timezone,
            timezone_chosen=self.timezone_chosen,
            preferences=ReminderPreferences(
                lead_times=[lead * _MINUTE for lead in self.lead_times],
                day_start=time.fromisoformat(self.day_start),
            ),
            paused=not self.notifications,
            reachable=self.reachable,
            deletion_at=self.deletion_at,
            created_at=self.created_at,
            version=self.version,
        )


class SignedInShown(Struct, frozen=True):
    token: str
    user: UserShown
    created: bool
