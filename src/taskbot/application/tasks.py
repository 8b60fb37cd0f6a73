"""Tasks: everything that a person does with one."""

import contextlib
from collections.abc import Collection, Sequence
from datetime import datetime

from attrs import frozen
from ulid import ULID

from taskbot.application import splitting
from taskbot.application.keep import KEEP
from taskbot.application.ports import (
    Clock,
    Queries,
    TaskCounts,
    TaskPage,
    Transactions,
    UnitOfWork,
)
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.task_commands import CreateTask, EditTask, ListTasks
from taskbot.application.task_listing import page_request
from taskbot.application.transactions import transactional
from taskbot.application.undoing import find_undo, give_back
from taskbot.application.views import TaskCard, TaskView, Undoable
from taskbot.domain.category import Category
from taskbot.domain.deadline import Deadline
from taskbot.domain.errors import ReminderNotFound, StaleTask, TaskNotFound
from taskbot.domain.ids import ReminderId, TaskId, UserId, named_task_id
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Task, checked_selection
from taskbot.domain.time_span import from_tomorrow, this_week, today
from taskbot.domain.undo import UndoableVerb


@frozen
class TaskService:
    """One public method is one use case, and what it changes is one transaction.

    Holds no state of its own, so a single instance serves the whole process. Somebody else's
    task is `TaskNotFound` everywhere. *version*: as in `EditTask`.
    """

    _transactions: Transactions
    _queries: Queries
    _clock: Clock
    _plan: ReminderPlan

    @transactional
    async def create(self, uow: UnitOfWork, command: CreateTask) -> TaskView:
        now = self._clock.now()
        if (made_before := await _made_before(uow, command)) is not None:
            return made_before
        task = Task.create(
            id=_new_id(command),
            owner_id=command.actor,
            title=command.title,
            description=command.description,
            category_id=command.category_id,
            priority=command.priority,
            deadline=command.deadline,
            now=now,
        )
        owner = await uow.users.get(command.actor)
        category = await _category_of(uow, task)
        await uow.tasks.add(task)
        await self._plan.make(uow, task, owner.preferences, now=now)
        return TaskView(task, category)

    async def get(self, task_id: TaskId, *, actor: UserId) -> TaskView:
        return await self._queries.task(task_id, owner_id=actor)

    async def card(self, task_id: TaskId, *, actor: UserId) -> TaskCard:
        cards = await self._queries.task_cards([task_id], owner_id=actor)
        if not cards:
            raise TaskNotFound(task_id)
        return cards[0]

    async def cards(self, task_ids: Collection[TaskId], *, actor: UserId) -> list[TaskCard]:
        """The cards of those of the tasks that there (still) are, in no order."""
        return await self._queries.task_cards(task_ids, owner_id=actor)

    async def page(self, command: ListTasks) -> TaskPage:
        request = page_request(command, command.actor, command.timezone, now=self._clock.now())
        return TaskPage((), None, None) if request is None else await self._queries.tasks(request)

    async def counts(self, *, actor: UserId, timezone: str) -> TaskCounts:
        """How many open tasks there are of each kind; *timezone*: by whose clocks it is today."""
        now = self._clock.now()
        return await self._queries.task_counts(
            actor,
            now=now,
            today=today(now, timezone),
            this_week=this_week(now, timezone),
            upcoming=from_tomorrow(now, timezone),
        )

    async def edit(self, command: EditTask) -> TaskView:
        """Raise `StaleTask` if the task is no longer at the version that was named."""
        if command.is_of_the_task_alone:
            with contextlib.suppress(StaleTask):  # others are at it just now: wait for them
                return await self._edit_as_read(command)
        return await self._edit(command)

    async def _edit_as_read(self, command: EditTask) -> TaskView:
        """Change a task that nobody holds meanwhile; `StaleTask` if somebody else did, too.

        Two questions to the storage, where a transaction takes four and more.
        """
        view = await self._queries.task(command.task_id, owner_id=command.actor)
        edited = _edited(view.task, command, now=self._clock.now())
        updated = await self._transactions.once(lambda stored: stored.tasks.update(edited))
        return TaskView(updated, view.category)

    @transactional
    async def _edit(self, uow: UnitOfWork, command: EditTask) -> TaskView:
        now = self._clock.now()
        moves, rings = command.deadline is not KEEP, command.lead_times is not KEEP
        owner = await uow.users.get(command.actor) if moves or rings else None  # before tasks
        task = _edited(await _own(uow, command.task_id, command.actor), command, now=now)
        category = await _category_of(uow, task)
        task = await uow.tasks.update(task)
        if owner is not None:
            plan = self._plan.replace if moves else self._plan.adjust
            await plan(uow, task, owner.preferences, now=now)
        return TaskView(task, category)

    @transactional
    async def complete(
        self, uow: UnitOfWork, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> TaskView:
        now = self._clock.now()
        task = await _own(uow, task_id, actor)
        completed = task.complete(now=now)
        task.require_version(version)  # after: who presses twice is told that it is done
        await uow.undos.keep(task_id, verb=UndoableVerb.COMPLETE, now=now)
        completed = await uow.tasks.update(completed)
        await self._plan.cancel(uow, completed)
        category = await _category_of(uow, completed)
        return TaskView(completed, category)

    @transactional
    async def reopen(
        self, uow: UnitOfWork, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> TaskView:
        now = self._clock.now()
        owner = await uow.users.get(actor)  # people first, then tasks: so nobody waits crosswise
        task = await _own(uow, task_id, actor)
        reopened = task.reopen(now=now)
        task.require_version(version)
        task = await uow.tasks.update(reopened)
        await self._plan.replace(uow, task, owner.preferences, now=now)
        category = await _category_of(uow, task)
        return TaskView(task, category)

    @transactional
    async def reschedule(
        self,
        uow: UnitOfWork,
        task_id: TaskId,
        deadline: Deadline | None,
        *,
        version: int | None = None,
        actor: UserId,
    ) -> TaskView:
        """Move the deadline, or take it away: the reminders follow."""
        now = self._clock.now()
        owner = await uow.users.get(actor)
        task = await _own(uow, task_id, actor)
        rescheduled = task.reschedule(deadline, now=now)
        task.require_version(version)
        task = await uow.tasks.update(rescheduled)
        await self._plan.replace(uow, task, owner.preferences, now=now)
        category = await _category_of(uow, task)
        return TaskView(task, category)

    @transactional
    async def snooze(
        self, uow: UnitOfWork, task_id: TaskId, *, until: datetime, actor: UserId
    ) -> TaskView:
        """Remind once more at *until* (aware); the deadline stays where it is."""
        task = await _own(uow, task_id, actor)
        await self._plan.snooze(uow, task, until=until, now=self._clock.now())
        category = await _category_of(uow, task)
        return TaskView(task, category)

    @transactional
    async def split(
        self, uow: UnitOfWork, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> list[TaskView]:
        owner = await uow.users.get(actor)
        task = await _own(uow, task_id, actor)
        category = await _category_of(uow, task)
        tasks = await splitting.split(
            uow, task, self._plan, owner.preferences, version=version, now=self._clock.now()
        )
        return [TaskView(one, category) for one in tasks]

    @transactional
    async def join(
        self,
        uow: UnitOfWork,
        task_id: TaskId,
        others: Sequence[TaskId],
        *,
        version: int | None = None,
        actor: UserId,
    ) -> TaskView:
        ids = checked_selection((task_id, *others))
        now = self._clock.now()
        task = await splitting.join(uow, ids, version=version, actor=actor, now=now)
        return TaskView(task, await _category_of(uow, task))

    @transactional
    async def add_reminder(
        self, uow: UnitOfWork, task_id: TaskId, *, at: datetime, actor: UserId
    ) -> Reminder:
        """Remind at *at* (aware), too, wherever the deadline is or goes."""
        task = await _own(uow, task_id, actor)
        return await self._plan.add(uow, task, at, now=self._clock.now())

    @transactional
    async def remove_reminder(
        self, uow: UnitOfWork, task_id: TaskId, reminder_id: ReminderId, *, actor: UserId
    ) -> None:
        """Do not remind then; what follows the deadline is left out from now on."""
        owner = await uow.users.get(actor)
        task = await _own(uow, task_id, actor)
        reminder = await uow.reminders.get(reminder_id)
        if reminder.task_id != task.id:
            raise ReminderNotFound(reminder_id)
        await self._plan.remove(uow, task, reminder, owner.preferences, now=self._clock.now())

    @transactional
    async def delete(
        self, uow: UnitOfWork, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> None:
        task = await _own(uow, task_id, actor)
        task.require_version(version)
        await uow.undos.keep(task_id, verb=UndoableVerb.DELETE, now=self._clock.now())
        await uow.tasks.delete(task.id)

    @transactional
    async def undo(self, uow: UnitOfWork, task_id: TaskId, *, actor: UserId) -> TaskView:
        """Take the last completion or deletion back: the task is as it was, but for its version."""
        return await give_back(uow, task_id, actor=actor, clock=self._clock)

    @transactional
    async def undoable(self, uow: UnitOfWork, task_id: TaskId, *, actor: UserId) -> Undoable:
        """What `undo` would take back. Raise what it would raise."""
        undo = await find_undo(uow, task_id, actor=actor, clock=self._clock)
        return Undoable(task_id, undo.verb, undo.task.title, undo.until)


def _new_id(command: CreateTask) -> TaskId:
    return TaskId(ULID()) if command.key is None else named_task_id(command.key, command.actor)


def _edited(task: Task, command: EditTask, *, now: datetime) -> Task:
    task.require_version(command.version)
    if command.title is not KEEP:
        task = task.retitle(command.title, now=now)
    if command.description is not KEEP:
        task = task.describe(command.description, now=now)
    if command.category_id is not KEEP:
        task = task.file_under(command.category_id, now=now)
    if command.priority is not KEEP:
        task = task.prioritize(command.priority, now=now)
    if command.deadline is not KEEP:
        task = task.reschedule(command.deadline, now=now)
    if command.lead_times is not KEEP:
        task = task.remind(command.lead_times, now=now)
    return task


async def _made_before(uow: UnitOfWork, command: CreateTask) -> TaskView | None:
    """What the same command made, as it is by now; None if it is the first, or it was deleted."""
    if command.key is None:
        return None
    try:
        task = await _own(uow, _new_id(command), command.actor)
    except TaskNotFound:
        return None
    return TaskView(task, await _category_of(uow, task))


async def _own(uow: UnitOfWork, task_id: TaskId, actor: UserId) -> Task:
    task = await uow.tasks.get(task_id)
    task.require_owner(actor)
    return task


async def _category_of(uow: UnitOfWork, task: Task) -> Category | None:
    """The task's category, which must be its owner's: else `CategoryNotFound`."""
    if task.category_id is None:
        return None
    category = await uow.categories.get(task.category_id)
    category.require_owner(task.owner_id)
    return category
