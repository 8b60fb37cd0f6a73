"""Figures about everything, counted one by one: the reference of what they mean."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import frozen

from taskbot.adapters.memory.database import MemoryDatabase, Tables
from taskbot.application.figures import (
    Delivered,
    LatenessCount,
    Missed,
    PeopleFigures,
    QueueFigures,
    TaskFigures,
    in_steps,
)
from taskbot.domain.reminder import LATE_AFTER, PENDING, Reminder, ReminderState

_MILLISECOND = timedelta(milliseconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def _by_hour(
    since: datetime, hours: int, found: Iterable[tuple[datetime | None, Reminder]]
) -> list[list[Reminder]]:
    """The reminders of each hour, by the moments that stand beside them."""
    by_hour: list[list[Reminder]] = [[] for _ in range(hours)]
    for moment, reminder in found:
        if moment is not None and since <= moment < since + hours * _HOUR:
            by_hour[(moment - since) // _HOUR].append(reminder)
    return by_hour


def _lateness(reminder: Reminder) -> LatenessCount:
    lateness = reminder.lateness(now=reminder.sent_at or reminder.fire_at)
    milliseconds = round(lateness / _MILLISECOND)
    return LatenessCount(
        milliseconds=in_steps(milliseconds),
        number=1,
        late=int(lateness > LATE_AFTER),
        latest=milliseconds,
    )


@frozen
class MemoryOperatorQueries:
    _database: MemoryDatabase

    @property
    def _tables(self) -> Tables:
        return self._database.tables

    async def people_figures(self, *, now: datetime) -> PeopleFigures:
        people = self._tables.users.values()
        return PeopleFigures(
            total=len(people),
            new=sum(one.created_at > now - _DAY for one in people),
            lost=sum(not one.reachable for one in people),
            paused=sum(one.paused for one in people),
            leaving=sum(one.is_leaving for one in people),
        )

    async def task_figures(self, *, now: datetime) -> TaskFigures:
        tasks = [task for task in self._tables.tasks.values() if task.is_open]
        ahead = [
            task for task in tasks if task.deadline is not None and not task.is_overdue(now=now)
        ]
        return TaskFigures(
            open=len(tasks),
            overdue=sum(task.is_overdue(now=now) for task in tasks),
            within_hour=sum(task.is_overdue(now=now + _HOUR) for task in ahead),
            within_day=sum(task.is_overdue(now=now + _DAY) for task in ahead),
        )

    async def queue_figures(self, *, now: datetime) -> QueueFigures:
        pending = [one.available_at for one in self._reminders() if one.state in PENDING]
        available = [moment for moment in pending if moment is not None]
        return QueueFigures(
            claimable=sum(moment <= now for moment in available),
            within_hour=sum(now < moment <= now + _HOUR for moment in available),
            available=len(available),
            held=len(pending) - len(available),
        )

    def _reminders(self) -> list[Reminder]:
        return list(self._tables.reminders.values())

    async def delivered(self, since: datetime, *, hours: int) -> list[Delivered]:
        sent = ((one.sent_at, one) for one in self._reminders())
        return [Delivered.of(map(_lateness, of_hour)) for of_hour in _by_hour(since, hours, sent)]

    async def missed(self, since: datetime, *, hours: int) -> list[Missed]:
        promised = ((one.fire_at, one) for one in self._reminders())
        return [
            Missed(
                failed=sum(one.state is ReminderState.FAILED for one in of_hour),
                unknown=sum(one.state is ReminderState.UNKNOWN for one in of_hour),
            )
            for of_hour in _by_hour(since, hours, promised)
        ]
