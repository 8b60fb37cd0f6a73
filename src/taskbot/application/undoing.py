"""Undoing: a task is given back as it was before it was completed or deleted."""

from taskbot.application.ports import Clock, UnitOfWork
from taskbot.application.views import TaskView
from taskbot.domain.category import Category
from taskbot.domain.errors import CategoryNotFound, NothingToUndo, TaskNotFound
from taskbot.domain.ids import CategoryId, TaskId, UserId
from taskbot.domain.task import Task
from taskbot.domain.undo import Undo


async def find_undo(uow: UnitOfWork, task_id: TaskId, *, actor: UserId, clock: Clock) -> Undo:
    """What there is to undo of the task: else `NothingToUndo`, or `TaskNotFound`."""
    current = await _own_or_none(uow, task_id, actor)
    undo = await uow.undos.find(task_id)
    if undo is None:
        raise NothingToUndo(task_id) if current else TaskNotFound(task_id)
    undo.require_owner(actor)
    undo.require_possible(current, now=clock.now())
    return undo


async def give_back(uow: UnitOfWork, task_id: TaskId, *, actor: UserId, clock: Clock) -> TaskView:
    """Undo what there is to undo of the task, with its reminders; the category may be gone."""
    owner = await uow.users.get(actor)  # people first, then tasks: so nobody waits crosswise
    undo = await find_undo(uow, task_id, actor=actor, clock=clock)
    category = await _category_left(uow, undo.task.category_id)
    task = undo.task_back(category_id=category.id if category else None)
    current = {reminder.id: reminder for reminder in await uow.reminders.of_task(task_id)}
    missing, changed = undo.reminders_back(current.values(), may_be_reminded=owner.may_be_reminded)
    if undo.is_of_deletion:
        await uow.tasks.add(task)
    else:
        task = await uow.tasks.update(task)
    await uow.reminders.add(missing)
    for reminder in changed:
        await uow.reminders.save(reminder, was=current[reminder.id].state)
    await uow.undos.forget(task_id)
    return TaskView(task, category)


async def _own_or_none(uow: UnitOfWork, task_id: TaskId, actor: UserId) -> Task | None:
    try:
        task = await uow.tasks.get(task_id)
    except TaskNotFound:
        return None
    task.require_owner(actor)
    return task


async def _category_left(uow: UnitOfWork, category_id: CategoryId | None) -> Category | None:
    if category_id is None:
        return None
    try:
        return await uow.categories.get(category_id)
    except CategoryNotFound:
        return None
