"""Moving: what a person is shown before they decide what becomes of their moments."""

from datetime import datetime
from typing import Final

from attrs import frozen

from taskbot.application.interface import Tasks
from taskbot.application.ports import TaskPosition
from taskbot.application.task_commands import ListTasks
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.moving import both_ways
from taskbot.domain.task import Task, TaskStatus
from taskbot.domain.time_span import TimeSpan
from taskbot.domain.user import User

_PAGE: Final = 100


@frozen
class Choice:
    """What becomes of one task's deadline, the one way and the other."""

    task: Task
    moment_kept: TimedDeadline
    clock_kept: TimedDeadline


@frozen
class MovePreview:
    """*total*: how many open tasks there is a choice for; *examples*: the nearest of them."""

    examples: tuple[Choice, ...]
    total: int


async def preview_move(
    tasks: Tasks, person: User, target: str, *, now: datetime, examples: int
) -> MovePreview:
    """What a move of *person* to *target* (IANA name, else `UnknownTimezone`) would come to."""
    chosen, total, place = list[Choice](), 0, None
    while True:
        page = await tasks.page(_ahead(person, now, place))
        for view in page.items:
            ways = both_ways(view.task.deadline, origin=person.timezone, target=target, now=now)
            if ways is not None:
                total += 1
                chosen += [Choice(view.task, *ways)] if total <= examples else []
        place = page.following
        if place is None:
            return MovePreview(tuple(chosen), total)


def _ahead(person: User, now: datetime, place: TaskPosition | None) -> ListTasks:
    return ListTasks(
        actor=person.id,
        timezone=person.timezone,
        status=TaskStatus.OPEN,
        due=TimeSpan(start=now),
        limit=_PAGE,
        after=place,
    )
