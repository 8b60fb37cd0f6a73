"""The reminder plan: keeps a task's planned reminders in step with the task."""

from datetime import datetime

from attrs import frozen
from ulid import ULID

from taskbot.application.ports import UnitOfWork
from taskbot.application.traces import trace_of_this
from taskbot.domain.deadline_policy import DeadlinePolicy, PlannedReminder
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import OF_THE_DEADLINE, Reminder, ReminderKind
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
        """Take back what is still pending, a snooze included, and plan anew.

        Only what was to come at a moment of the person's own stays.
        """
        kinds = frozenset(ReminderKind) - {ReminderKind.MOMENT}
        await uow.reminders.cancel_pending(task.id, kinds=kinds)
        await self.make(uow, task, preferences, now=now)

    async def follow(
        self, uow: UnitOfWork, task: Task, preferences: ReminderPreferences, *, now: datetime
    ) -> None:
        """Plan anew what follows the deadline; the person chose the moments of the others."""
        await uow.reminders.cancel_pending(task.id, kinds=OF_THE_DEADLINE)
        await self.make(uow, task, preferences, now=now)

    async def adjust(
        self, uow: UnitOfWork, task: Task, preferences: ReminderPreferences, *, now: datetime
    ) -> None:
        """Take back what is not wanted any more, and promise what is wanted besides.

        What was promised and is still wanted is left in peace, whatever state it is in.
        """
        known = await uow.reminders.find_unsettled(task.id)
        unwanted = [one for one in known if not self._policy.is_wanted(one, task, preferences)]
        for reminder in unwanted:
            await uow.reminders.save(reminder.take_back(), was=reminder.state)
        wanted = [one for one in known if one.is_ahead and one not in unwanted]
        kept = {(one.fire_at, one.kind) for one in wanted}
        planned = self._policy.plan(task, preferences, now=now)
        missing = [one for one in planned if (one.fire_at, one.kind) not in kept]
        await uow.reminders.add([_promise(task, one, now=now) for one in missing])

    async def remove(
        self,
        uow: UnitOfWork,
        task: Task,
        reminder: Reminder,
        preferences: ReminderPreferences,
        *,
        now: datetime,
    ) -> None:
        """Take back one of the task's reminders; see `DeadlinePolicy.spare`."""
        spared = self._policy.spare(task, reminder, preferences, now=now)
        await uow.reminders.save(reminder.take_back(), was=reminder.state)
        if spared != task:
            await self.adjust(uow, await uow.tasks.update(spared), preferences, now=now)

    async def add(
        self, uow: UnitOfWork, task: Task, moment: datetime, *, now: datetime
    ) -> Reminder:
        """Remind once at *moment*, too; the reminder that there is then."""
        known = await uow.reminders.find_unsettled(task.id)
        planned = self._policy.remind_at(task, moment, known=known, now=now)
        if planned is None:
            return next(
                one for one in known if (one.fire_at, one.kind) == (moment, ReminderKind.MOMENT)
            )
        reminder = _promise(task, planned, now=now)
        await uow.reminders.add([reminder])
        return reminder

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
        trace_id=trace_of_this(),
    )
