"""What reading returns: frozen, made for a screen or a step of the engine."""

from datetime import datetime, timedelta

from attrs import frozen

from taskbot.domain.category import Category
from taskbot.domain.ids import CategoryId, ReminderId, TaskId
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.undo import UndoableVerb
from taskbot.domain.user import User


@frozen
class TaskView:
    """A task and the category that it is filed under."""

    task: Task
    category: Category | None


@frozen
class Undoable:
    """What can be undone of a task: *until* when, and what the task was called."""

    task_id: TaskId
    verb: UndoableVerb
    title: str
    until: datetime


@frozen
class TaskCard:
    """Everything about one task. *reminders*: earliest first, past and future."""

    task: Task
    category: Category | None
    reminders: tuple[Reminder, ...]

    @property
    def snoozed_until(self) -> datetime | None:
        """When the person asked to be reminded again, if that is still ahead."""
        return next(
            (
                reminder.fire_at
                for reminder in self.reminders
                if reminder.kind is ReminderKind.SNOOZE and reminder.state is ReminderState.PLANNED
            ),
            None,
        )


@frozen(kw_only=True)
class CountedCategory:
    """A category, and how many tasks are filed under it."""

    category: Category
    open: int
    completed: int

    @property
    def tasks(self) -> int:
        return self.open + self.completed


@frozen(kw_only=True)
class TaskTally:
    """How many tasks of one category (None: without one) are, or were, of each kind.

    *had_deadline*: completed tasks that had one; *on_time*: see `Task.was_on_time`.
    """

    category_id: CategoryId | None
    open: int
    completed: int
    overdue: int
    had_deadline: int
    on_time: int


@frozen
class Letter:
    """What delivery needs to know about one reminder."""

    reminder: Reminder
    task: Task
    user: User


@frozen
class DeadLetterPosition:
    """A place in the list of dead letters: behind the reminder of this promise."""

    fire_at: datetime
    reminder_id: ReminderId

    @classmethod
    def of(cls, reminder: Reminder) -> "DeadLetterPosition":
        return cls(reminder.fire_at, reminder.id)


@frozen(kw_only=True)
class ReminderGauges:
    """How delivery is doing.

    *due*: promised by now, and still pending; *oldest_due*: for how long the oldest of them has
    been due, None if none is. What waits for an unreachable person is in neither.
    """

    due: int
    oldest_due: timedelta | None
    dead_letters: int
