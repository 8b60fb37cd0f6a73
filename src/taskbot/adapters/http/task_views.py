"""What the API shows of a task."""

from datetime import date, datetime, timedelta
from typing import Annotated, Final, TypeVar

from msgspec import Meta, Struct

from taskbot.adapters.id_text import text_of
from taskbot.application.ports import TaskPage
from taskbot.application.views import TaskView
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.task import TaskStatus
from taskbot.domain.user import User

_MINUTE: Final = timedelta(minutes=1)


class TaskCategory(Struct, frozen=True):
    id: str
    name: str


class TaskSummary(Struct, frozen=True, kw_only=True):
    """A task in a list."""

    id: Annotated[str, Meta(description="A ULID.", examples=["01K2Y7T0ZK8Q4M6V3R9XWBN5HC"])]
    title: Annotated[str, Meta(examples=["Buy milk"])]
    category: TaskCategory | None
    priority: Annotated[int, Meta(description="1 is the highest, 4 the lowest.", examples=[4])]
    status: TaskStatus
    due_at: Annotated[datetime, Meta(description="In UTC.")] | None
    due_on: Annotated[date, Meta(description="Due at the end of this day.")] | None
    timezone: Annotated[
        str,
        Meta(
            description="The zone of the deadline; without one, the owner's.",
            examples=["Europe/Berlin"],
        ),
    ]
    lead_times: (
        Annotated[
            list[int],
            Meta(
                description="Minutes ahead of the deadline at which to remind, if the task has its "
                "own; none at all: there is no reminder of its deadline. Null: as you prefer, see "
                "`GET /me`.",
                examples=[[60, 0]],
            ),
        ]
        | None
    )
    overdue: Annotated[bool, Meta(description="Open, and the deadline is over.", examples=[False])]
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    version: Annotated[int, Meta(description="Counts the changes.", examples=[1])]


class TaskDetails(TaskSummary, frozen=True, kw_only=True):
    """One task, with all that there is to it."""

    description: Annotated[str, Meta(examples=["Two bottles, the one with the blue cap"])]


_S = TypeVar("_S", bound=TaskSummary)


class TaskList(Struct, frozen=True):
    """One page of a list, in the order that was asked for."""

    items: list[TaskSummary]
    next_cursor: Annotated[str, Meta(description="Null at the end of the list.")] | None


def task_summary(view: TaskView, *, owner: User, now: datetime) -> TaskSummary:
    return _shown(TaskSummary, view, owner=owner, now=now)


def task_details(view: TaskView, *, owner: User, now: datetime) -> TaskDetails:
    return _shown(TaskDetails, view, owner=owner, now=now, description=view.task.description)


def _shown(kind: type[_S], view: TaskView, *, owner: User, now: datetime, **more: str) -> _S:
    task, deadline, lead_times = view.task, view.task.deadline, view.task.lead_times
    return kind(
        id=text_of(task.id),
        title=task.title,
        category=_category(view),
        priority=task.priority.value,
        status=task.status,
        due_at=deadline.due_at if isinstance(deadline, TimedDeadline) else None,
        due_on=deadline.due_on if isinstance(deadline, DayDeadline) else None,
        timezone=owner.timezone if deadline is None else deadline.timezone,
        lead_times=None if lead_times is None else [lead // _MINUTE for lead in lead_times],
        overdue=task.is_overdue(now=now),
        created_at=task.created_at,
        updated_at=task.updated_at,
        completed_at=task.completed_at,
        version=task.version,
        **more,
    )


def task_list(page: TaskPage, *, next_cursor: str | None, owner: User, now: datetime) -> TaskList:
    return TaskList(
        items=[task_summary(view, owner=owner, now=now) for view in page.items],
        next_cursor=next_cursor,
    )


def _category(view: TaskView) -> TaskCategory | None:
    category = view.category
    return None if category is None else TaskCategory(id=text_of(category.id), name=category.name)
