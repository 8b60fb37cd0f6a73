"""What a person asks for when they make, change or list tasks."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from attrs import frozen
from ulid import ULID

from taskbot.application.keep import KEEP, Keep
from taskbot.application.ports import TaskOrder, TaskPosition, Uncategorized
from taskbot.domain.deadline import Deadline
from taskbot.domain.ids import CategoryId, TaskId, UserId
from taskbot.domain.task import Priority, TaskStatus
from taskbot.domain.time_span import TimeSpan


@frozen(kw_only=True)
class CreateTask:
    """*key*: the actor's name for this task, so that creating it again makes no second one.

    Its moment becomes the id's.
    """

    actor: UserId
    title: str
    description: str = ""
    category_id: CategoryId | None = None
    priority: int = Priority.NORMAL
    deadline: Deadline | None = None
    key: ULID | None = None


@frozen(kw_only=True)
class EditTask:
    """Change what is given, in one go; the rest stays.

    *version*: the one that the change is meant for; None: whatever the task has become meanwhile.
    """

    actor: UserId
    task_id: TaskId
    version: int | None = None
    title: str | Keep = KEEP
    description: str | Keep = KEEP
    category_id: CategoryId | Keep | None = KEEP
    priority: int | Keep = KEEP
    deadline: Deadline | Keep | None = KEEP
    lead_times: Sequence[timedelta] | Keep | None = KEEP

    @property
    def is_of_the_task_alone(self) -> bool:
        """Whether nothing else has to follow it: no reminder, and nobody else's category."""
        return self.deadline is KEEP and self.lead_times is KEEP and self.category_id is KEEP


class DuePeriod(StrEnum):
    """A span of time that moves with the calendar of a person."""

    TODAY = "today"
    THIS_WEEK = "week"
    """From Monday to Sunday (ISO 8601)."""
    UPCOMING = "upcoming"
    """From tomorrow on."""


@frozen(kw_only=True)
class TaskListing:
    """One page of tasks, whosever: those to which all of it applies, see `TaskFilter`.

    *text*: words in any form, in any order; a text without a word finds nothing, an empty one is
    no condition.
    """

    status: TaskStatus | None = None
    category: CategoryId | Uncategorized | None = None
    priorities: frozenset[Priority] = frozenset()
    has_deadline: bool | None = None
    due: DuePeriod | TimeSpan | None = None
    overdue: bool | None = None
    text: str = ""
    order: TaskOrder = TaskOrder.DEADLINE
    descending: bool = False
    limit: int = 20
    after: TaskPosition | None = None
    before: TaskPosition | None = None


@frozen(kw_only=True)
class ListTasks(TaskListing):
    """*timezone*: by whose clocks it is today."""

    actor: UserId
    timezone: str
