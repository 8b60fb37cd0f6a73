"""Deadline policy: from a task and its owner's preferences to the reminders to plan."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, assert_never

from attrs import frozen

from taskbot.domain.deadline import LAST_YEAR, DayDeadline, TimedDeadline
from taskbot.domain.errors import (
    ReminderInPast,
    ReminderOutOfRange,
    SnoozeOutOfRange,
    TooManyReminders,
)
from taskbot.domain.reminder import OF_THE_DEADLINE, Reminder, ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.user import ReminderPreferences

LONGEST_SNOOZE: Final = timedelta(days=365)
MOMENTS_LIMIT: Final = 10
"""How many reminders at moments of their own one task may have ahead of it."""


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
        wanted = self.wanted(task, preferences)
        return tuple(reminder for reminder in wanted if reminder.fire_at > now)

    def wanted(self, task: Task, preferences: ReminderPreferences) -> tuple[PlannedReminder, ...]:
        """The same without a look at the clock: those that have gone by are among them."""
        if not task.is_open:
            return ()
        match task.deadline:
            case None:
                return ()
            case TimedDeadline(due_at=due_at):
                leads = task.lead_times_for(preferences)
                return tuple(
                    PlannedReminder(due_at - lead, ReminderKind.LEAD if lead else ReminderKind.DUE)
                    for lead in leads
                )
            case DayDeadline() as day:
                if task.lead_times == ():
                    return ()
                return (PlannedReminder(day.moment_at(preferences.day_start), ReminderKind.DAY),)
            case _:
                assert_never(task.deadline)

    def is_wanted(self, reminder: Reminder, task: Task, preferences: ReminderPreferences) -> bool:
        """Whether there is (still) reason to send it, when *task* is as it is."""
        if reminder.kind not in OF_THE_DEADLINE:
            return task.is_open
        planned = PlannedReminder(reminder.fire_at, reminder.kind)
        return planned in self.wanted(task, preferences)

    def spare(
        self, task: Task, reminder: Reminder, preferences: ReminderPreferences, *, now: datetime
    ) -> Task:
        """*task* when its owner does not want this *reminder* of it, and wants all the others.

        One that follows the deadline is left out from now on: the task gets lead times of its
        own. Raise what `Reminder.require_ahead` does.
        """
        reminder.require_ahead()
        task.require_open()
        match reminder.kind, task.deadline:
            case ((ReminderKind.LEAD | ReminderKind.DUE), TimedDeadline(due_at=due_at)):
                unwanted = due_at - reminder.fire_at
                leads = task.lead_times_for(preferences)
                return task.remind((lead for lead in leads if lead != unwanted), now=now)
            case ReminderKind.DAY, DayDeadline():
                return task.remind((), now=now)
            case _:
                return task

    def remind_at(
        self, task: Task, moment: datetime, *, known: Collection[Reminder], now: datetime
    ) -> PlannedReminder | None:
        """A reminder of an open *task* at *moment* (aware), beside the *known* ones.

        None if there is one at that moment already. Raise `ReminderInPast`, `ReminderOutOfRange`
        or `TooManyReminders`.
        """
        task.require_open()
        if moment.year > LAST_YEAR:
            raise ReminderOutOfRange(LAST_YEAR)
        if moment <= now:
            raise ReminderInPast
        moments = [one.fire_at for one in known if one.is_ahead and one.kind is ReminderKind.MOMENT]
        if moment in moments:
            return None
        if len(moments) >= MOMENTS_LIMIT:
            raise TooManyReminders(MOMENTS_LIMIT)
        return PlannedReminder(moment, ReminderKind.MOMENT)

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
