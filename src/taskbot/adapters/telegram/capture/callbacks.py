"""What the buttons under a captured task carry; old messages keep them for years."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from taskbot.adapters.telegram.callbacks import PackedUlid
from taskbot.domain.ids import TaskId


class CaptureAction(StrEnum):
    UNDO = "undo"
    SPLIT = "split"


class Captured(CallbackData, prefix="q"):
    """*version*: how often the task had been changed when the button was shown."""

    action: CaptureAction
    id: PackedUlid
    version: int

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)


class OneAfterAll(CallbackData, prefix="ql"):
    """Join *lines* tasks, which were split off the task at *version*, again."""

    id: PackedUlid
    version: int
    lines: int

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)
