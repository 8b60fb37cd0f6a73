"""Task: one thing that a person means to get done."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final, Self

from attrs import evolve, field, frozen

from taskbot.domain.deadline import Deadline
from taskbot.domain.errors import (
    BlankTitle,
    DescriptionTooLong,
    NoDeadlineToMove,
    StaleTask,
    TaskAlreadyCompleted,
    TaskNamedTwice,
    TaskNotCompleted,
    TaskNotFound,
    TitleTooLong,
    TooManyTasks,
    UnknownPriority,
)
from taskbot.domain.ids import CategoryId, TaskId, UserId
from taskbot.domain.moving import Move
from taskbot.domain.text import is_readable, many_lines, single_line
from taskbot.domain.timezone import aware_utc, aware_utc_or_none
from taskbot.domain.user import ReminderPreferences, checked_lead_times

TITLE_LIMIT: Final = 200
DESCRIPTION_LIMIT: Final = 4000
SELECTION_LIMIT: Final = 100
"""How many tasks may be changed at once."""


class TaskStatus(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"


class Priority(IntEnum):
    URGENT = 1
    HIGH = 2
    MEDIUM = 3
    NORMAL = 4


def checked_title(raw: str) -> str:
    """*raw* as a title: one line, 1 to 200 characters; else `BlankTitle` or `TitleTooLong`."""
    title = single_line(raw)
    if not is_readable(title):
        raise BlankTitle
    if len(title) > TITLE_LIMIT:
        raise TitleTooLong(len(title), TITLE_LIMIT)
    return title


def checked_description(raw: str) -> str:
    """*raw* as a description of up to 4,000 characters; else `DescriptionTooLong`."""
    description = many_lines(raw)
    if len(description) > DESCRIPTION_LIMIT:
        raise DescriptionTooLong(len(description), DESCRIPTION_LIMIT)
    return description


def checked_priority(raw: int) -> Priority:
    try:
        return Priority(raw)
    except ValueError:
        raise UnknownPriority(raw) from None


def checked_selection(task_ids: Sequence[TaskId]) -> tuple[TaskId, ...]:
    """Tasks to be changed at once, in their order: `TooManyTasks`, or `TaskNamedTwice`."""
    if len(task_ids) > SELECTION_LIMIT:
        raise TooManyTasks(SELECTION_LIMIT)
    seen: set[TaskId] = set()
    for task_id in task_ids:
        if task_id in seen:
            raise TaskNamedTwice(task_id)
        seen.add(task_id)
    return tuple(task_ids)


def _lead_times(given: Iterable[timedelta] | None) -> tuple[timedelta, ...] | None:
    return None if given is None else checked_lead_times(given)


@frozen(kw_only=True)
class Task:
    """A task never changes: each verb returns its next state.

    The constructor checks what is true of every task; `create` and the verbs add what is
    only true at that moment, such as a deadline that still lies ahead.

    *lead_times*: of this task alone, whatever its owner prefers; None: as the owner prefers. None
    at all, `()`, means that nothing reminds of the deadline, a whole day included.
    """

    id: TaskId
    owner_id: UserId
    title: str = field(converter=checked_title)
    description: str = field(default="", converter=checked_description)
    category_id: CategoryId | None = None
    priority: Priority = field(default=Priority.NORMAL, converter=checked_priority)
    status: TaskStatus = field(default=TaskStatus.OPEN, converter=TaskStatus)
    deadline: Deadline | None = None
    lead_times: tuple[timedelta, ...] | None = field(default=None, converter=_lead_times)
    created_at: datetime = field(converter=aware_utc)
    updated_at: datetime = field(converter=aware_utc)
    completed_at: datetime | None = field(default=None, converter=aware_utc_or_none)
    version: int = 1

    def __attrs_post_init__(self) -> None:
        if (self.status is TaskStatus.COMPLETED) != (self.completed_at is not None):
            raise ValueError("a task has a moment of completion if, and only if, it is completed")

    @classmethod
    def create(
        cls,
        *,
        id: TaskId,
        owner_id: UserId,
        title: str,
        description: str = "",
        category_id: CategoryId | None = None,
        priority: int = Priority.NORMAL,
        deadline: Deadline | None = None,
        now: datetime,
    ) -> Self:
        if deadline is not None:
            deadline.require_ahead(now=now)
        return cls(
            id=id,
            owner_id=owner_id,
            title=title,
            description=description,
            category_id=category_id,
            priority=priority,
            deadline=deadline,
            created_at=now,
            updated_at=now,
        )

    @property
    def is_open(self) -> bool:
        return self.status is TaskStatus.OPEN

    def is_overdue(self, *, now: datetime) -> bool:
        """Open although its deadline is over."""
        return self.is_open and self.deadline is not None and self.deadline.ends_at <= now

    @property
    def was_on_time(self) -> bool:
        """Completed, and before the deadline that it had was over."""
        return (
            self.completed_at is not None
            and self.deadline is not None
            and self.completed_at < self.deadline.ends_at
        )

    def complete(self, *, now: datetime) -> Self:
        if not self.is_open:
            raise TaskAlreadyCompleted(self.id)
        return evolve(self, status=TaskStatus.COMPLETED, completed_at=now, updated_at=now)

    def reopen(self, *, now: datetime) -> Self:
        if self.is_open:
            raise TaskNotCompleted(self.id)
        return evolve(self, status=TaskStatus.OPEN, completed_at=None, updated_at=now)

    def retitle(self, title: str, *, now: datetime) -> Self:
        return evolve(self, title=title, updated_at=now)

    def describe(self, description: str, *, now: datetime) -> Self:
        return evolve(self, description=description, updated_at=now)

    def file_under(self, category_id: CategoryId | None, *, now: datetime) -> Self:
        """Whether the category is the owner's own is for the caller to know."""
        return evolve(self, category_id=category_id, updated_at=now)

    def prioritize(self, priority: int, *, now: datetime) -> Self:
        return evolve(self, priority=priority, updated_at=now)

    def reschedule(self, deadline: Deadline | None, *, now: datetime) -> Self:
        """Move the deadline of an open task, or take it away."""
        self.require_open()
        if deadline is not None:
            deadline.require_ahead(now=now)
        return evolve(self, deadline=deadline, updated_at=now)

    def deadline_later(self, by: timedelta) -> Deadline:
        """Its deadline, so much later or earlier. Raise `NoDeadlineToMove` where there is none.

        `NotWholeDays`, `DeadlineOutOfRange`: see `Deadline.later`.
        """
        if self.deadline is None:
            raise NoDeadlineToMove(self.id)
        return self.deadline.later(by)

    def remind(self, lead_times: Iterable[timedelta] | None, *, now: datetime) -> Self:
        """Be reminded of this open task so long ahead; None: as its owner prefers."""
        self.require_open()
        return evolve(self, lead_times=lead_times, updated_at=now)

    def lead_times_for(self, preferences: ReminderPreferences) -> tuple[timedelta, ...]:
        """How long before a moment it is reminded of, if its owner has these *preferences*."""
        return preferences.lead_times if self.lead_times is None else self.lead_times

    def follow(self, move: Move) -> Self:
        """The owner lives by other clocks now: the deadline is shown, or ends, by them."""
        if self.deadline is None:
            return self
        return evolve(self, deadline=move.take_along(self.deadline), updated_at=move.now)

    def require_owner(self, actor: UserId) -> None:
        """Raise `TaskNotFound` for anybody else: others must not learn that it exists."""
        if actor != self.owner_id:
            raise TaskNotFound(self.id)

    def require_version(self, version: int | None) -> None:
        """Raise `StaleTask` if the task has been changed since it had *version* (None: any)."""
        if version not in {None, self.version}:
            raise StaleTask(self.id)

    def require_open(self) -> None:
        if not self.is_open:
            raise TaskAlreadyCompleted(self.id)
