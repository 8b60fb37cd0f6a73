"""Lists of tasks: which tasks, in which order, and one page of them at a time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Final, Literal, TypeAlias

from attrs import frozen

from taskbot.application.views import TaskView
from taskbot.domain.ids import CategoryId, TaskId, UserId
from taskbot.domain.task import Priority, Task, TaskStatus
from taskbot.domain.time_span import TimeSpan

LONGEST_PAGE: Final = 200

NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""Where a task without a deadline stands among the others: behind them all."""


class _Uncategorized(Enum):
    UNCATEGORIZED = "uncategorized"


UNCATEGORIZED: Final = _Uncategorized.UNCATEGORIZED
"""Tasks without a category: None already means "any category or none"."""
Uncategorized: TypeAlias = Literal[_Uncategorized.UNCATEGORIZED]


@frozen(kw_only=True)
class TaskFilter:
    """The tasks to which all of it applies; what is None or empty applies to every task.

    *due*: the deadline is within the span. *overdue*: open although the deadline is over at
    *now*, which must be given with it. *terms*: see `search_terms`; each is the beginning of a
    word in the title or the description.
    """

    status: TaskStatus | None = None
    category: CategoryId | Uncategorized | None = None
    priorities: frozenset[Priority] = frozenset()
    has_deadline: bool | None = None
    due: TimeSpan | None = None
    overdue: bool | None = None
    now: datetime | None = None
    terms: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.overdue is not None and self.now is None:
            raise ValueError("what is overdue depends on the moment")


class TaskOrder(StrEnum):
    """By what a list is sorted; equals by the id, which the older task has the smaller of."""

    DEADLINE = "deadline"
    """Nearest first, tasks without one last."""
    CREATED = "created"
    """Oldest first."""
    PRIORITY = "priority"
    """Most important first, then by the deadline."""
    COMPLETED = "completed"
    """Completed longest ago first. Such a list has no open tasks."""


@frozen
class TaskPosition:
    """A place in an order: what the task there is sorted by."""

    keys: tuple[datetime | int, ...]
    task_id: TaskId

    @classmethod
    def of(cls, task: Task, order: TaskOrder = TaskOrder.DEADLINE) -> "TaskPosition":
        ends_at = task.deadline.ends_at if task.deadline else NEVER
        match order:
            case TaskOrder.DEADLINE:
                return cls((ends_at,), task.id)
            case TaskOrder.CREATED:
                return cls((task.created_at,), task.id)
            case TaskOrder.PRIORITY:
                return cls((task.priority.value, ends_at), task.id)
            case TaskOrder.COMPLETED:
                return cls((task.completed_at or NEVER,), task.id)


@frozen(kw_only=True)
class TaskPageRequest:
    """Up to *limit* tasks (1 to 200) behind *after*, or the ones just before *before*.

    Both are places in the same *order*; *descending* turns it round, whichever it is. *owner_id*:
    None for whoever holds the token that it is asked by, see `Queries.held_tasks`.
    """

    owner_id: UserId | None
    where: TaskFilter = TaskFilter()
    order: TaskOrder = TaskOrder.DEADLINE
    descending: bool = False
    limit: int = 20
    after: TaskPosition | None = None
    before: TaskPosition | None = None

    def __attrs_post_init__(self) -> None:
        if self.after is not None and self.before is not None:
            raise ValueError("a page lies behind one position or before one, not both")
        if not 1 <= self.limit <= LONGEST_PAGE:
            raise ValueError(f"a page has 1 to {LONGEST_PAGE} tasks")


@frozen
class TaskPage:
    """Tasks in their order. *following* and *preceding* are None where the list ends."""

    items: tuple[TaskView, ...]
    following: TaskPosition | None
    preceding: TaskPosition | None


@frozen(kw_only=True)
class TaskCounts:
    """How many tasks of each kind are open; *by_category* has those that have any."""

    open: int
    overdue: int
    due_today: int
    due_this_week: int
    upcoming: int
    """Due from tomorrow on."""
    without_deadline: int
    by_category: Mapping[CategoryId | None, int]
