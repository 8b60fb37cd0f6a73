"""What the buttons carry: see `taskbot.adapters.telegram.callbacks`."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from aiogram.filters.callback_data import CallbackData

from taskbot.adapters.telegram.callbacks import PackedUlid
from taskbot.domain.ids import ReminderId, TaskId


class RemindersAction(StrEnum):
    LIST = "list"
    LEADS = "leads"
    AS_PREFERRED = "prefs"
    ADD = "add"
    AT = "at"
    UNTIL = "until"
    NO_SNOOZE = "nosnooze"


LIST_REMINDERS: Final = RemindersAction.LIST


class OfReminders(CallbackData, prefix="m"):
    """*choice*: a moment, for those actions that take one, see `moments`."""

    action: RemindersAction
    id: PackedUlid
    choice: str = ""

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)


class RemoveReminder(CallbackData, prefix="mr"):
    id: PackedUlid
    reminder: PackedUlid

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)

    @property
    def reminder_id(self) -> ReminderId:
        return ReminderId(self.reminder)


class LeadTime(CallbackData, prefix="ml"):
    """Have a lead time or not; not a switch, so that a second press changes nothing."""

    id: PackedUlid
    minutes: int
    wanted: bool

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)

    @property
    def lead_time(self) -> timedelta:
        """Raise `OverflowError` for what only a forged button carries."""
        return timedelta(minutes=self.minutes)
