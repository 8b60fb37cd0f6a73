"""Doing the same with several tasks at once."""

from collections.abc import Callable, Iterable, Sequence

from attrs import frozen

from taskbot.application.ports import Clock, Transactions, UnitOfWork
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.transactions import transactional
from taskbot.domain.errors import DomainError, TaskNotFound
from taskbot.domain.ids import CategoryId, TaskId, UserId
from taskbot.domain.task import Task, checked_selection
from taskbot.domain.undo import UndoableVerb


@frozen
class TaskOutcome:
    """What became of one of several tasks: done, unless there is a *refusal*."""

    task_id: TaskId
    refusal: DomainError | None = None


@frozen
class BulkTaskService:
    """Each use case takes up to 100 tasks, none twice, and tells what became of each, in order.

    A task that refuses does not stop the others; somebody else's is `TaskNotFound`, as a missing
    one is. All of it is one transaction of a few statements, however many tasks there are. What
    became of each task can be undone by itself afterwards.
    """

    _transactions: Transactions
    _clock: Clock
    _plan: ReminderPlan

    @transactional
    async def complete(
        self, uow: UnitOfWork, task_ids: Sequence[TaskId], *, actor: UserId
    ) -> list[TaskOutcome]:
        now = self._clock.now()
        tasks = await _own(uow, task_ids, actor)
        outcomes = _tried(task_ids, tasks, lambda task: task.complete(now=now))
        willing = _willing(outcomes)
        if willing:
            await uow.undos.keep(*willing, verb=UndoableVerb.COMPLETE, now=now)
            await uow.tasks.complete_all(willing, now=now)
            await self._plan.cancel(uow, *(task for task in tasks if task.id in willing))
        return outcomes

    @transactional
    async def move(
        self,
        uow: UnitOfWork,
        task_ids: Sequence[TaskId],
        category_id: CategoryId | None,
        *,
        actor: UserId,
    ) -> list[TaskOutcome]:
        """File the tasks under a category of the person's (else `CategoryNotFound`), or none."""
        now = self._clock.now()
        if category_id is not None:
            category = await uow.categories.get(category_id)
            category.require_owner(actor)
        tasks = await _own(uow, task_ids, actor)
        outcomes = _tried(task_ids, tasks, lambda task: task.file_under(category_id, now=now))
        if willing := _willing(outcomes):
            await uow.tasks.file_all(willing, under=category_id, now=now)
        return outcomes

    @transactional
    async def delete(
        self, uow: UnitOfWork, task_ids: Sequence[TaskId], *, actor: UserId
    ) -> list[TaskOutcome]:
        tasks = await _own(uow, task_ids, actor)
        outcomes = _tried(task_ids, tasks, lambda task: task)
        if willing := _willing(outcomes):
            now = self._clock.now()
            await uow.undos.keep(*willing, verb=UndoableVerb.DELETE, now=now)
            await uow.tasks.delete_all(willing)
        return outcomes


async def _own(uow: UnitOfWork, task_ids: Sequence[TaskId], actor: UserId) -> list[Task]:
    return await uow.tasks.get_all(checked_selection(task_ids), owner_id=actor)


def _tried(
    task_ids: Iterable[TaskId], tasks: Iterable[Task], verb: Callable[[Task], Task]
) -> list[TaskOutcome]:
    """What the tasks say to *verb*; what is not among *tasks* does not exist."""
    found = {task.id: task for task in tasks}
    return [
        TaskOutcome(task_id, _refusal(found[task_id], verb))
        if task_id in found
        else TaskOutcome(task_id, TaskNotFound(task_id))
        for task_id in task_ids
    ]


def _refusal(task: Task, verb: Callable[[Task], Task]) -> DomainError | None:
    try:
        verb(task)
    except DomainError as refusal:
        return refusal
    return None


def _willing(outcomes: Iterable[TaskOutcome]) -> list[TaskId]:
    return [outcome.task_id for outcome in outcomes if outcome.refusal is None]
