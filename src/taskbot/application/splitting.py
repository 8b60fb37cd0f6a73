"""Splitting a task into its lines, and joining them again; inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from taskbot.application.ports import UnitOfWork
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.domain import task_lines
from taskbot.domain.errors import TaskNotFound
from taskbot.domain.ids import TaskId, UserId
from taskbot.domain.task import Task
from taskbot.domain.user import ReminderPreferences


async def split(
    uow: UnitOfWork,
    task: Task,
    plan: ReminderPlan,
    preferences: ReminderPreferences,
    *,
    version: int | None,
    now: datetime,
) -> list[Task]:
    """The task with its first line, and a task for each of the others."""
    if version is not None and task.version == version + 1:
        made_before = await _parts(uow, task, version)
        if made_before:
            return [task, *made_before]
    if version is not None:
        task.require_version(version)
    task, parts = task_lines.split(task, now=now)
    task = await uow.tasks.update(task)
    for part in parts:
        await uow.tasks.add(part)
        await plan.make(uow, part, preferences, now=now)
    return [task, *parts]


async def _parts(uow: UnitOfWork, task: Task, version: int) -> list[Task]:
    """What was split off the task when it was at *version*, as far as it is still there."""
    numbers = range(1, task_lines.LINES_LIMIT)
    ids = [task_lines.part_id(task.id, version, number) for number in numbers]
    found = {one.id: one for one in await uow.tasks.get_all(ids, owner_id=task.owner_id)}
    return [found[part] for part in ids if part in found]


async def join(
    uow: UnitOfWork,
    task_ids: Sequence[TaskId],
    *,
    version: int | None,
    actor: UserId,
    now: datetime,
) -> Task:
    """The first of the tasks, with the titles of the others, which are deleted, as lines."""
    found = {one.id: one for one in await uow.tasks.get_all(task_ids, owner_id=actor)}
    for wanted in task_ids:
        if wanted not in found:
            raise TaskNotFound(wanted)
    task, *others = (found[one] for one in task_ids)
    if version is not None:
        task.require_version(version)
    task = await uow.tasks.update(task_lines.join(task, others, now=now))
    await uow.tasks.delete_all([other.id for other in others])
    return task
