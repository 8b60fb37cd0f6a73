"""Refusals about tasks, their reminders and categories."""

from datetime import date, datetime
from typing import ClassVar

from attrs import frozen

from taskbot.domain.errors.kinds import Conflict, InvalidValue, NotFound
from taskbot.domain.ids import CategoryId, ReminderId, TaskId


@frozen
class BlankTitle(InvalidValue):
    code: ClassVar[str] = "title-blank"
    field: ClassVar[str] = "title"

    def __str__(self) -> str:
        return "a task needs a title that can be read"


@frozen
class TitleTooLong(InvalidValue):
    code: ClassVar[str] = "title-too-long"
    field: ClassVar[str] = "title"
    length: int
    limit: int

    def __str__(self) -> str:
        return f"a title has at most {self.limit} characters, this one has {self.length}"


@frozen
class DescriptionTooLong(InvalidValue):
    code: ClassVar[str] = "description-too-long"
    field: ClassVar[str] = "description"
    length: int
    limit: int

    def __str__(self) -> str:
        return f"a description has at most {self.limit} characters, this one has {self.length}"


@frozen
class UnknownPriority(InvalidValue):
    code: ClassVar[str] = "priority-unknown"
    field: ClassVar[str] = "priority"
    given: int

    def __str__(self) -> str:
        return f"a priority is 1 (highest), 2, 3 or 4, not {self.given}"


@frozen
class TaskNotFound(NotFound):
    code: ClassVar[str] = "task-not-found"
    task_id: TaskId

    def __str__(self) -> str:
        return f"there is no task {self.task_id}"


@frozen
class TooManyTasks(InvalidValue):
    code: ClassVar[str] = "tasks-too-many"
    field: ClassVar[str] = "task_ids"
    limit: int

    def __str__(self) -> str:
        return f"at most {self.limit} tasks are changed at once"


@frozen
class TaskNamedTwice(InvalidValue):
    code: ClassVar[str] = "task-named-twice"
    field: ClassVar[str] = "task_ids"
    task_id: TaskId

    def __str__(self) -> str:
        return f"task {self.task_id} is named twice"


@frozen
class NoSeveralLines(Conflict):
    code: ClassVar[str] = "task-not-several-lines"
    task_id: TaskId

    def __str__(self) -> str:
        return f"task {self.task_id} is not 2 to 50 lines that can be titles"


@frozen
class TaskAlreadyCompleted(Conflict):
    code: ClassVar[str] = "task-already-completed"
    task_id: TaskId

    def __str__(self) -> str:
        return f"task {self.task_id} is already completed"


@frozen
class TaskNotCompleted(Conflict):
    code: ClassVar[str] = "task-not-completed"
    task_id: TaskId

    def __str__(self) -> str:
        return f"task {self.task_id} is still open"


@frozen
class StaleTask(Conflict):
    code: ClassVar[str] = "task-stale"
    task_id: TaskId

    def __str__(self) -> str:
        return f"task {self.task_id} was changed by somebody else meanwhile"


@frozen
class NothingToUndo(Conflict):
    """Neither completed nor deleted lately, undone already, or changed since."""

    code: ClassVar[str] = "nothing-to-undo"
    task_id: TaskId

    def __str__(self) -> str:
        return f"nothing of task {self.task_id} can be undone: it is too late, or it was changed"


@frozen
class DeadlineInPast(InvalidValue):
    """*deadline* is a moment in UTC, or the local date of a whole-day deadline."""

    code: ClassVar[str] = "deadline-in-past"
    field: ClassVar[str] = "deadline"
    deadline: datetime | date

    def __str__(self) -> str:
        if isinstance(self.deadline, datetime):
            return f"{self.deadline:%Y-%m-%d %H:%M} UTC is already over"
        return f"{self.deadline.isoformat()} is already over"


@frozen
class DeadlineOutOfRange(InvalidValue):
    code: ClassVar[str] = "deadline-out-of-range"
    field: ClassVar[str] = "deadline"
    first_year: int
    last_year: int

    def __str__(self) -> str:
        return f"a deadline lies between the years {self.first_year} and {self.last_year}"


@frozen
class LeadTimeOutOfRange(InvalidValue):
    code: ClassVar[str] = "lead-time-out-of-range"
    field: ClassVar[str] = "lead_times"
    limit_days: int

    def __str__(self) -> str:
        return f"a lead time lies between 0 and {self.limit_days} days"


@frozen
class TooManyLeadTimes(InvalidValue):
    code: ClassVar[str] = "lead-times-too-many"
    field: ClassVar[str] = "lead_times"
    limit: int

    def __str__(self) -> str:
        return f"a task is reminded of at most {self.limit} times ahead"


@frozen
class SnoozeOutOfRange(InvalidValue):
    code: ClassVar[str] = "snooze-out-of-range"
    field: ClassVar[str] = "snooze"
    limit_days: int

    def __str__(self) -> str:
        return f"a reminder is put off to a later moment, by at most {self.limit_days} days"


@frozen
class ReminderNotFound(NotFound):
    code: ClassVar[str] = "reminder-not-found"
    reminder_id: ReminderId

    def __str__(self) -> str:
        return f"there is no reminder {self.reminder_id}"


@frozen
class ReminderInPast(InvalidValue):
    code: ClassVar[str] = "reminder-in-past"
    field: ClassVar[str] = "at"

    def __str__(self) -> str:
        return "a reminder comes at a later moment"


@frozen
class ReminderOutOfRange(InvalidValue):
    code: ClassVar[str] = "reminder-out-of-range"
    field: ClassVar[str] = "at"
    last_year: int

    def __str__(self) -> str:
        return f"{self.last_year} is the last year in which a reminder can come"


@frozen
class TooManyReminders(Conflict):
    code: ClassVar[str] = "reminders-too-many"
    limit: int

    def __str__(self) -> str:
        return f"at most {self.limit} reminders of a task at moments of its own are ahead at a time"


@frozen
class ReminderOver(Conflict):
    code: ClassVar[str] = "reminder-over"
    reminder_id: ReminderId

    def __str__(self) -> str:
        return f"reminder {self.reminder_id} is over: there is nothing to take back"


@frozen
class ReminderNotDead(Conflict):
    """Only dead letters are retried and discarded."""

    code: ClassVar[str] = "reminder-not-dead"
    reminder_id: ReminderId

    def __str__(self) -> str:
        return f"reminder {self.reminder_id} is not a dead letter"


@frozen
class BlankCategoryName(InvalidValue):
    code: ClassVar[str] = "category-name-blank"
    field: ClassVar[str] = "name"

    def __str__(self) -> str:
        return "a category needs a name that can be read"


@frozen
class CategoryNameTooLong(InvalidValue):
    code: ClassVar[str] = "category-name-too-long"
    field: ClassVar[str] = "name"
    length: int
    limit: int

    def __str__(self) -> str:
        return f"a category's name has at most {self.limit} characters, this one has {self.length}"


@frozen
class CategoryNameTaken(Conflict):
    code: ClassVar[str] = "category-name-taken"
    name: str

    def __str__(self) -> str:
        return f"there is a category “{self.name}” already"


@frozen
class CategoryNotFound(NotFound):
    code: ClassVar[str] = "category-not-found"
    category_id: CategoryId

    def __str__(self) -> str:
        return f"there is no category {self.category_id}"


@frozen
class StaleCategory(Conflict):
    code: ClassVar[str] = "category-stale"
    category_id: CategoryId

    def __str__(self) -> str:
        return f"category {self.category_id} was changed by somebody else meanwhile"
