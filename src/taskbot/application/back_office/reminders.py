"""Reminders of anybody: planned ones, and dead letters."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

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
from taskbot.application.back_office.states import (
    state_of_plan,
    state_of_reminder,
    state_of_task,
)
from taskbot.application.dead_letters import DeadLetterService
from taskbot.application.ports import Clock, Queries, UnitOfWork
from taskbot.application.tasks import TaskService
from taskbot.domain.audit import AuditedKind, AuditVerb, State
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.operator import Operator
from taskbot.domain.reminder import Reminder

_T = TypeVar("_T")

_Deciding: TypeAlias = Callable[[DeadLetterService, ReminderId], Awaitable[Reminder]]


@frozen
class ReminderBackOffice:
    """*by*: an editor, else `RoleInsufficient`. *client*: the operator's address, if it is known.

    Adding and removing changes what a *task* is reminded by: the audit log has it under the task.
    """

    _deeds: Deeds
    _queries: Queries
    _tasks: TaskService
    _dead_letters: DeadLetterService
    _clock: Clock

    async def add(
        self, task_id: TaskId, *, at: datetime, by: Operator, client: str | None
    ) -> Reminder:
        """Remind of the task at *at* (aware), too: see `TaskService.add_reminder`."""
        deed = _deed(AuditVerb.REMINDER_ADD, AuditedKind.TASK, task_id, by, client)
        return await self._deeds.do(
            deed,
            self._planning(
                task_id, lambda tasks, owner: tasks.add_reminder(task_id, at=at, actor=owner)
            ),
        )

    async def remove(self, reminder_id: ReminderId, *, by: Operator, client: str | None) -> None:
        """Do not remind then: see `TaskService.remove_reminder`."""
        verb = AuditVerb.REMINDER_REMOVE
        letters = await self._queries.letters([reminder_id])
        deed = (
            _deed(verb, AuditedKind.TASK, letters[0].task.id, by, client)
            if letters
            else _deed(verb, AuditedKind.REMINDER, reminder_id, by, client)  # it is missing
        )
        task_id = TaskId(deed.id)
        await self._deeds.do(
            deed,
            self._planning(
                task_id,
                lambda tasks, owner: tasks.remove_reminder(task_id, reminder_id, actor=owner),
            ),
        )

    async def retry(self, reminder_id: ReminderId, *, by: Operator, client: str | None) -> Reminder:
        """Have a dead letter tried anew: see `DeadLetterService.retry`."""
        deed = _deed(AuditVerb.REMINDER_RETRY, AuditedKind.REMINDER, reminder_id, by, client)
        return await self._deeds.do(deed, self._deciding(reminder_id, DeadLetterService.retry))

    async def discard(
        self, reminder_id: ReminderId, *, by: Operator, client: str | None
    ) -> Reminder:
        """Put a dead letter away: see `DeadLetterService.discard`."""
        deed = _deed(AuditVerb.REMINDER_DISCARD, AuditedKind.REMINDER, reminder_id, by, client)
        return await self._deeds.do(deed, self._deciding(reminder_id, DeadLetterService.discard))

    async def retry_many(
        self, reminder_ids: Sequence[ReminderId], *, by: Operator, client: str | None
    ) -> list[Outcome]:
        """What became of each, in order; each once, up to 500: `TooManyAtOnce` for more."""
        deeds = [
            _deed(AuditVerb.REMINDER_RETRY, AuditedKind.REMINDER, one, by, client)
            for one in reminder_ids
        ]
        return await self._deeds.do_each(
            deeds, lambda deed: self._deciding(ReminderId(deed.id), DeadLetterService.retry)
        )

    async def discard_many(
        self, reminder_ids: Sequence[ReminderId], *, by: Operator, client: str | None
    ) -> list[Outcome]:
        """As `retry_many`."""
        deeds = [
            _deed(AuditVerb.REMINDER_DISCARD, AuditedKind.REMINDER, one, by, client)
            for one in reminder_ids
        ]
        return await self._deeds.do_each(
            deeds, lambda deed: self._deciding(ReminderId(deed.id), DeadLetterService.discard)
        )

    def _deciding(self, reminder_id: ReminderId, decide: _Deciding) -> Work[Reminder]:
        async def work(uow: UnitOfWork, _: UserId) -> Done[Reminder]:
            dead_letters = evolve(self._dead_letters, transactions=JoinedTransactions(uow))
            before = await uow.reminders.get(reminder_id)
            after = await decide(dead_letters, reminder_id)
            return Done(after, state_of_reminder(before), state_of_reminder(after))

        return work

    def _planning(
        self, task_id: TaskId, plan: Callable[[TaskService, UserId], Awaitable[_T]]
    ) -> Work[_T]:
        async def work(uow: UnitOfWork, owner_id: UserId) -> Done[_T]:
            owner = await uow.users.get(owner_id)  # people first, then tasks
            owner.require_here(now=self._clock.now())
            before = await _plan_of(uow, task_id)
            result = await plan(evolve(self._tasks, transactions=JoinedTransactions(uow)), owner_id)
            return Done(result, before, await _plan_of(uow, task_id))

        return work


async def _plan_of(uow: UnitOfWork, task_id: TaskId) -> State:
    """With the task's own fields: what is left out is left out by its lead times."""
    task = await uow.tasks.get(task_id)
    return {**state_of_task(task), **state_of_plan(await uow.reminders.find_unsettled(task_id))}


def _deed(verb: AuditVerb, kind: AuditedKind, one: ULID, by: Operator, client: str | None) -> Deed:
    return Deed(verb=verb, kind=kind, id=one, by=by, client=client)
