"""A task of several lines, and the tasks that its lines are."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from attrs import evolve
from ulid import ULID

from taskbot.domain.errors import DomainError, NoSeveralLines, StaleTask
from taskbot.domain.ids import TaskId
from taskbot.domain.task import Task, checked_title

LINES_LIMIT: Final = 50
"""Of how many lines tasks are made at once."""

_MARKER: Final = re.compile(
    r"\s*(?:(?:[-*+•◦▪‣–—·]|\d{1,3}[.)])\s+)?(?:(?:\[[ xXхХ]?\]|[☐☑✅✔])\s*)?"
)
_MOMENT_BYTES: Final = 6
_RANDOM_BYTES: Final = 10


def titles_in(text: str) -> tuple[str, ...]:
    """A title for each line of *text*, without the marks of lists; empty lines are left out.

    None at all if it is not several lines that can be titles, or more than 50.
    """
    unmarked = (_MARKER.sub("", line, count=1) for line in text.splitlines())
    lines = [line for line in unmarked if line.strip()]
    if not 1 < len(lines) <= LINES_LIMIT:
        return ()
    try:
        return tuple(checked_title(line) for line in lines)
    except DomainError:
        return ()


def part_id(task_id: TaskId, version: int, number: int) -> TaskId:
    """The id of the *number*th task (from 1) that is split off a task at *version*."""
    name = b"part" + task_id.bytes + version.to_bytes(8) + number.to_bytes(8)
    digest = hashlib.sha256(name).digest()
    return TaskId(ULID(task_id.bytes[:_MOMENT_BYTES] + digest[:_RANDOM_BYTES]))


def split(task: Task, *, now: datetime) -> tuple[Task, list[Task]]:
    """The task with its first line alone, and a task like it for each of the others.

    Raise `NoSeveralLines`, or `TaskAlreadyCompleted`.
    """
    task.require_open()
    titles = titles_in(f"{task.title}\n{task.description}")
    if not titles:
        raise NoSeveralLines(task.id)
    parts = [
        Task(
            id=part_id(task.id, task.version, number),
            owner_id=task.owner_id,
            title=title,
            category_id=task.category_id,
            priority=task.priority,
            deadline=task.deadline,
            lead_times=task.lead_times,
            created_at=now,
            updated_at=now,
        )
        for number, title in enumerate(titles[1:], start=1)
    ]
    return evolve(task, title=titles[0], description="", updated_at=now), parts


def join(task: Task, others: Sequence[Task], *, now: datetime) -> Task:
    """The task with the titles of *others*, which are to go, as lines of its description.

    Raise `StaleTask` for one that has been changed since it was made: it says more than a line.
    """
    task.require_open()
    for other in others:
        if other.version != 1 or other.description:
            raise StaleTask(other.id)
    lines = [task.description, *(other.title for other in others)]
    return evolve(task, description="\n".join(filter(None, lines)), updated_at=now)
