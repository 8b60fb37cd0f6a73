"""Undo: the completion or deletion of a task is taken back, and all is as it was."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from attrs import evolve, field, frozen

from taskbot.domain.errors import NothingToUndo
from taskbot.domain.ids import CategoryId, UserId
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Task
from taskbot.domain.timezone import aware_utc

UNDO_KEPT: Final = timedelta(days=7)
"""For how long a completion or a deletion can be undone."""


class UndoableVerb(StrEnum):
    COMPLETE = "complete"
    DELETE = "delete"


def _in_order(reminders: Iterable[Reminder]) -> tuple[Reminder, ...]:
    return tuple(sorted(reminders, key=lambda reminder: (reminder.fire_at, reminder.id)))


@frozen(kw_only=True)
class Undo:
    """What a task and its reminders were before the task was completed or deleted, at *made_at*.

    *reminders*: the earliest promise first.
    """

    verb: UndoableVerb = field(converter=UndoableVerb)
    task: Task
    reminders: tuple[Reminder, ...] = field(converter=_in_order)
    made_at: datetime = field(converter=aware_utc)

    @property
    def is_of_deletion(self) -> bool:
        return self.verb is UndoableVerb.DELETE

    @property
    def until(self) -> datetime:
        """From this moment on it is too late."""
        return self.made_at + UNDO_KEPT

    def require_owner(self, actor: UserId) -> None:
        """Raise `TaskNotFound` for anybody else."""
        self.task.require_owner(actor)

    def require_possible(self, current: Task | None, *, now: datetime) -> None:
        """Raise `NothingToUndo` if it is too late, or the task has been changed since.

        *current*: the task as it is now; None: there is none.
        """
        is_as_left = (
            current is None
            if self.is_of_deletion
            else current is not None and current.version == self.task.version + 1
        )
        if now >= self.until or not is_as_left:
            raise NothingToUndo(self.task.id)

    def task_back(self, *, category_id: CategoryId | None) -> Task:
        """The task as it was, but for its version, which goes on.

        *category_id*: its category, if there still is one.
        """
        return evolve(self.task, category_id=category_id, version=self.task.version + 1)

    def reminders_back(
        self, current: Iterable[Reminder], *, may_be_reminded: bool
    ) -> tuple[list[Reminder], list[Reminder]]:
        """The reminders that are missing, and those of the *current* ones that change.

        *may_be_reminded*: whether the person is there to be reminded; if so nothing of theirs
        stays on hold, since they may have returned in the meantime.
        """
        known = {reminder.id: reminder for reminder in current}
        missing, changed = [], []
        for was in self.reminders:
            now_is = known.get(was.id)
            back = was if now_is is None else now_is.give_back(was)
            if may_be_reminded:
                back = back.off_hold()
            if now_is is None:
                missing.append(back)
            elif back != now_is:
                changed.append(back)
        return missing, changed
