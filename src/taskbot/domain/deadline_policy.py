"""Deadline policy: from a task and its owner's preferences to the reminders to plan."""

from datetime import datetime, timedelta
from typing import Final, assert_never

from attrs import frozen

from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import SnoozeOutOfRange
from taskbot.domain.reminder import ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.user import ReminderPreferences

LONGEST_SNOOZE: Final = timedelta(days=365)


@frozen(order=True)
class PlannedReminder:
    """One reminder to promise: when (UTC), and what kind."""

    fire_at: datetime
    kind: ReminderKind


@frozen(kw_only=True)
class DeadlinePolicy:
    """The house rules on reminding. Pure: `now` is always passed in."""

    due_soon_within: timedelta = timedelta(hours=24)

    def plan(
        self, task: Task, preferences: ReminderPreferences, *, now: datetime
    ) -> tuple[PlannedReminder, ...]:
        """The reminders that *task* should have from *now* on.

        Earliest first, no two at the same moment, all after *now*: what has gone by is not
        made up for. A completed task and one without a deadline have none.
        """
        if not task.is_open:
            return ()
        planned: tuple[PlannedReminder, ...]
        match task.deadline:
            case None:
                return ()
            case TimedDeadline(due_at=due_at):
                leads = preferences.lead_times if task.lead_times is None else task.lead_times
                planned = tuple(
                    PlannedReminder(due_at - lead, ReminderKind.LEAD if lead else ReminderKind.DUE)
                    for lead in leads
                )
            case DayDeadline() as day:
                planned = (PlannedReminder(day.moment_at(preferences.day_start), ReminderKind.DAY),)
            case _:
                assert_never(task.deadline)
        return tuple(sorted(reminder for reminder in planned if reminder.fire_at > now))

    def snooze(self, task: Task, *, until: datetime, now: datetime) -> PlannedReminder:
        """One more reminder of an open *task*, at *until* (UTC), within a year from *now*."""
        task.require_open()
        if not now < until <= now + LONGEST_SNOOZE:
            raise SnoozeOutOfRange(LONGEST_SNOOZE.days)
        return PlannedReminder(until, ReminderKind.SNOOZE)

    def is_due_soon(self, task: Task, *, now: datetime) -> bool:
        """Open, not overdue, and the deadline ends within a day."""
        return (
            task.is_open
            and task.deadline is not None
            and now < task.deadline.ends_at <= now + self.due_soon_within
        )
