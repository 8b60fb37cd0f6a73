"""Tasks of anybody, mended by operators."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

from attrs import evolve, frozen
from ulid import ULID

from taskbot.application.back_office.deeds import (
    Deed,
    Deeds,
    Done,
    JoinedTransactions,
    Outcome,
    Work,
)
from taskbot.application.back_office.states import state_of_task
from taskbot.application.bulk_tasks import BulkTaskService, TaskOutcome
from taskbot.application.keep import KEEP, Keep
from taskbot.application.ports import Clock, UnitOfWork
from taskbot.application.task_commands import EditTask
from taskbot.application.tasks import TaskService
from taskbot.application.views import TaskView
from taskbot.domain.audit import AuditedKind, AuditVerb
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.errors import DomainError
from taskbot.domain.ids import CategoryId, TaskId, UserId
from taskbot.domain.operator import Operator
from taskbot.domain.task import Task
from taskbot.domain.user import User

When: TypeAlias = datetime | date
"""A deadline as operators say it: a moment (aware), or a day of the owner's calendar."""

_Change: TypeAlias = Callable[[TaskService, User, Task], Awaitable[TaskView]]
"""Changes the task, as it is now, by the use case that its owner would use."""


@frozen(kw_only=True)
class TaskChanges:
    """Change what is given, in one go; the rest stays, and so does what is as it is said already.

    *version*: as in `EditTask`. *category_id*: one of the owner's.
    """

    version: int | None = None
    title: str | Keep = KEEP
    description: str | Keep = KEEP
    category_id: CategoryId | Keep | None = KEEP
    priority: int | Keep = KEEP
    deadline: When | Keep | None = KEEP
    lead_times: Sequence[timedelta] | Keep | None = KEEP


@frozen
class TaskBackOffice:
    """The owner's rules hold: see `TaskService`. *by*: an editor, else `RoleInsufficient`.

    *client*: the operator's address, if it is known. What an operator completes or deletes the
    owner can undo.
    """

    _deeds: Deeds
    _tasks: TaskService
    _bulk: BulkTaskService
    _clock: Clock

    async def edit(
        self, task_id: TaskId, changes: TaskChanges, *, by: Operator, client: str | None
    ) -> TaskView:
        return await self._change(
            _deed(AuditVerb.TASK_EDIT, task_id, by, client),
            lambda tasks, owner, task: tasks.edit(_command(task, owner, changes)),
        )

    async def complete(
        self, task_id: TaskId, *, version: int | None = None, by: Operator, client: str | None
    ) -> TaskView:
        return await self._change(
            _deed(AuditVerb.TASK_COMPLETE, task_id, by, client),
            lambda tasks, owner, task: tasks.complete(task.id, version=version, actor=owner.id),
        )

    async def reopen(
        self, task_id: TaskId, *, version: int | None = None, by: Operator, client: str | None
    ) -> TaskView:
        return await self._change(
            _deed(AuditVerb.TASK_REOPEN, task_id, by, client),
            lambda tasks, owner, task: tasks.reopen(task.id, version=version, actor=owner.id),
        )

    async def reschedule(
        self,
        task_id: TaskId,
        to: When | timedelta | None,
        *,
        version: int | None = None,
        by: Operator,
        client: str | None,
    ) -> TaskView:
        """Move the deadline *to* a moment or a day, or by so much, or take it away."""
        deed = _deed(AuditVerb.TASK_RESCHEDULE, task_id, by, client)
        return await self._change(deed, _rescheduling(to, version))

    async def delete(
        self, task_id: TaskId, *, version: int | None = None, by: Operator, client: str | None
    ) -> None:
        async def work(uow: UnitOfWork, owner_id: UserId) -> Done[None]:
            await self._owner(uow, owner_id)
            before = await uow.tasks.get(task_id)
            await self._joined(uow).delete(task_id, version=version, actor=owner_id)
            return Done(None, state_of_task(before))

        await self._deeds.do(_deed(AuditVerb.TASK_DELETE, task_id, by, client), work)

    async def complete_many(
        self, task_ids: Sequence[TaskId], *, by: Operator, client: str | None
    ) -> list[Outcome]:
        """What became of each, in order; each once. Here and below: up to 500, of any owners.

        `TooManyAtOnce` for more. One that is refused does not stop the others.
        """

        async def work(
            uow: UnitOfWork, owner_id: UserId, ids: Sequence[ULID]
        ) -> dict[ULID, Done[None] | DomainError]:
            await self._owner(uow, owner_id)
            mine = list(map(TaskId, ids))
            before = await uow.tasks.get_all(mine, owner_id=owner_id)
            outcomes = await self._joined_bulk(uow).complete(mine, actor=owner_id)
            after = await uow.tasks.get_all(mine, owner_id=owner_id)
            return _results(outcomes, before, after)

        deeds = [_deed(AuditVerb.TASK_COMPLETE, one, by, client) for one in task_ids]
        return await self._deeds.do_together(deeds, work)

    async def delete_many(
        self, task_ids: Sequence[TaskId], *, by: Operator, client: str | None
    ) -> list[Outcome]:
        async def work(
            uow: UnitOfWork, owner_id: UserId, ids: Sequence[ULID]
        ) -> dict[ULID, Done[None] | DomainError]:
            await self._owner(uow, owner_id)
            mine = list(map(TaskId, ids))
            before = await uow.tasks.get_all(mine, owner_id=owner_id)
            return _results(await self._joined_bulk(uow).delete(mine, actor=owner_id), before, [])

        deeds = [_deed(AuditVerb.TASK_DELETE, one, by, client) for one in task_ids]
        return await self._deeds.do_together(deeds, work)

    async def reschedule_many(
        self,
        task_ids: Sequence[TaskId],
        to: When | timedelta | None,
        *,
        by: Operator,
        client: str | None,
    ) -> list[Outcome]:
        """As `reschedule`: a day is one of each owner's own calendar."""
        deeds = [_deed(AuditVerb.TASK_RESCHEDULE, one, by, client) for one in task_ids]
        return await self._deeds.do_each(
            deeds, lambda deed: self._changing(TaskId(deed.id), _rescheduling(to, None))
        )

    async def _change(self, deed: Deed, change: _Change) -> TaskView:
        return await self._deeds.do(deed, self._changing(TaskId(deed.id), change))

    def _changing(self, task_id: TaskId, change: _Change) -> Work[TaskView]:
        async def work(uow: UnitOfWork, owner_id: UserId) -> Done[TaskView]:
            owner = await self._owner(uow, owner_id)
            before = await uow.tasks.get(task_id)
            view = await change(self._joined(uow), owner, before)
            return Done(view, state_of_task(before), state_of_task(view.task))

        return work

    async def _owner(self, uow: UnitOfWork, owner_id: UserId) -> User:
        """People first, then tasks: so nobody waits crosswise."""
        owner = await uow.users.get(owner_id)
        owner.require_here(now=self._clock.now())
        return owner

    def _joined(self, uow: UnitOfWork) -> TaskService:
        return evolve(self._tasks, transactions=JoinedTransactions(uow))

    def _joined_bulk(self, uow: UnitOfWork) -> BulkTaskService:
        return evolve(self._bulk, transactions=JoinedTransactions(uow))


def _deed(verb: AuditVerb, task_id: TaskId, by: Operator, client: str | None) -> Deed:
    return Deed(verb=verb, kind=AuditedKind.TASK, id=task_id, by=by, client=client)


def _rescheduling(to: When | timedelta | None, version: int | None) -> _Change:
    def change(tasks: TaskService, owner: User, task: Task) -> Awaitable[TaskView]:
        deadline = (
            task.deadline_later(to) if isinstance(to, timedelta) else _deadline(to, owner.timezone)
        )
        return tasks.reschedule(task.id, deadline, version=version, actor=owner.id)

    return change


def _command(task: Task, owner: User, changes: TaskChanges) -> EditTask:
    """What is as it is said already is kept: a form sends all that it shows."""
    category_id: CategoryId | Keep | None = changes.category_id
    lead_times: Sequence[timedelta] | Keep | None = changes.lead_times
    if category_id == task.category_id:
        category_id = KEEP
    if lead_times is not KEEP and _same_lead_times(lead_times, task.lead_times):
        lead_times = KEEP
    deadline: Deadline | Keep | None = KEEP
    if changes.deadline is not KEEP and changes.deadline != _when(task.deadline):
        deadline = _deadline(changes.deadline, owner.timezone)
    return EditTask(
        actor=task.owner_id,
        task_id=task.id,
        version=changes.version,
        title=changes.title,
        description=changes.description,
        category_id=category_id,
        priority=changes.priority,
        deadline=deadline,
        lead_times=lead_times,
    )


def _same_lead_times(one: Sequence[timedelta] | None, other: Sequence[timedelta] | None) -> bool:
    if one is None or other is None:
        return one is other
    return set(one) == set(other)


def _when(deadline: Deadline | None) -> When | None:
    match deadline:
        case TimedDeadline(due_at=due_at):
            return due_at
        case DayDeadline(due_on=due_on):
            return due_on
        case _:
            return None


def _deadline(when: When | None, timezone: str) -> Deadline | None:
    match when:
        case None:
            return None
        case datetime():
            return TimedDeadline(when, timezone)
        case _:
            return DayDeadline(when, timezone)


def _results(
    outcomes: Sequence[TaskOutcome], before: Sequence[Task], after: Sequence[Task]
) -> dict[ULID, Done[None] | DomainError]:
    was = {task.id: state_of_task(task) for task in before}
    now_is = {task.id: state_of_task(task) for task in after}
    return {
        one.task_id: one.refusal or Done(None, was[one.task_id], now_is.get(one.task_id, {}))
        for one in outcomes
    }
