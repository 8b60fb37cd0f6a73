"""Parcels: what goes into one message."""

from datetime import datetime

from attrs import frozen

from taskbot.application.ports import Notice, Notification
from taskbot.application.views import Letter
from taskbot.domain.ids import TaskId
from taskbot.domain.reminder import Reminder
from taskbot.domain.user import User


@frozen
class Parcel:
    """What goes into one message: begun reminders of one person, the earliest promise first."""

    user: User
    letters: tuple[Letter, ...]

    @property
    def reminders(self) -> list[Reminder]:
        return [letter.reminder for letter in self.letters]

    def notification(self, *, now: datetime) -> Notification:
        """Each task once: of several promises about it the newest is told."""
        of_task: dict[TaskId, list[Letter]] = {}
        for letter in self.letters:
            of_task.setdefault(letter.task.id, []).append(letter)
        return Notification(
            user=self.user,
            notices=tuple(_notice(letters, now) for letters in of_task.values()),
        )


def _notice(letters: list[Letter], now: datetime) -> Notice:
    reminders = tuple(letter.reminder for letter in letters)
    newest = reminders[-1]
    late_by = newest.lateness(now=now) if newest.is_late(now=now) else None
    return Notice(letters[-1].task, reminders, late_by)
