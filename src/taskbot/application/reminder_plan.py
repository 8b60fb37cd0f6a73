"""The reminder plan: keeps a task's planned reminders in step with the task."""

from datetime import datetime

from attrs import frozen
from ulid import ULID

from taskbot.application.ports import UnitOfWork
from taskbot.domain.deadline_policy import DeadlinePolicy, PlannedReminder
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import Reminder, ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.user import ReminderPreferences


@frozen
class ReminderPlan:
    """Works inside the caller's transaction: the task and its promises change together."""

    _policy: DeadlinePolicy

    async def make(
        self, uow: UnitOfWork, task: Task, preferences: ReminderPreferences, *, now: datetime
    ) -> None:
        """Promise what the policy says for a task without reminders."""
        planned = self._policy.plan(task, preferences, now=now)
        await uow.reminders.add([_promise(task, reminder, now=now) for reminder in planned])

    async def replace(
        self, uow: UnitOfWork, task: Task, preferences: ReminderPreferences, *, now: datetime
    ) -> None:
        """Take back what is still pending, a snooze included, and plan anew."""
        await uow.reminders.cancel_pending(task.id)
        await self.make(uow, task, preferences, now=now)

    async def follow(
        self, uow: UnitOfWork, task: Task, preferences: ReminderPreferences, *, now: datetime
    ) -> None:
        """Plan anew what follows the deadline; a snooze stays, the person chose its moment."""
        kinds = frozenset(ReminderKind) - {ReminderKind.SNOOZE}
        await uow.reminders.cancel_pending(task.id, kinds=kinds)
        await self.make(uow, task, preferences, now=now)

    async def cancel(self, uow: UnitOfWork, *tasks: Task) -> None:
        await uow.reminders.cancel_pending(*(task.id for task in tasks))

    async def snooze(self, uow: UnitOfWork, task: Task, *, until: datetime, now: datetime) -> None:
        """Remind once more at *until*, instead of at an earlier snooze's moment."""
        planned = self._policy.snooze(task, until=until, now=now)
        await uow.reminders.cancel_pending(task.id, kinds=(ReminderKind.SNOOZE,))
        await uow.reminders.add([_promise(task, planned, now=now)])


def _promise(task: Task, planned: PlannedReminder, *, now: datetime) -> Reminder:
    return Reminder.plan(
        id=ReminderId(ULID()),
        task_id=task.id,
        owner_id=task.owner_id,
        fire_at=planned.fire_at,
        kind=planned.kind,
        now=now,
    )
