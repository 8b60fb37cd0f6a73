"""What buttons carry: at most 64 bytes (Bot API, InlineKeyboardButton), ids and numbers only.

Old messages keep their buttons, so what is here is read for years: add, do not change.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from string import ascii_lowercase, digits
from typing import Annotated, Final, Self

from aiogram.filters.callback_data import CallbackData
from pydantic import BeforeValidator, Field, PlainSerializer
from ulid import ULID

from taskbot.adapters.id_text import text_of
from taskbot.application.ports import NEVER, TaskPosition
from taskbot.domain.ids import CategoryId, TaskId

PackedUlid = Annotated[ULID, PlainSerializer(text_of)]


def _in_base_36(number: int) -> str:
    """*number* is not negative: the field sees to that."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = f"{_DIGITS[digit]}{text}"
    return text or "0"


def _from_base_36(text: object) -> object:
    return int(text, 36) if isinstance(text, str) else text


PackedVersion = Annotated[
    int,
    BeforeValidator(_from_base_36),
    Field(ge=0, le=2**31 - 1),
    PlainSerializer(_in_base_36),
]
"""The version of a task: short enough to stand beside two ids."""

_DIGITS: Final = f"{digits}{ascii_lowercase}"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class CardAction(StrEnum):
    OPEN = "open"
    DONE = "done"
    REOPEN = "reopen"
    EDIT = "edit"
    EDIT_TITLE = "title"
    EDIT_DESCRIPTION = "text"
    NO_DESCRIPTION = "notext"
    EDIT_CATEGORY = "cats"
    NEW_CATEGORY = "newcat"
    EDIT_PRIORITY = "prios"
    RESCHEDULE = "when"
    SNOOZE = "snooze"
    DELETE = "delete"
    DELETE_SURELY = "gone"
    UNDO = "undo"


class OfVersion(CallbackData, prefix="v"):
    """What ends with an optional field, a version, which older buttons do not have.

    A change is meant for the task as the person saw it: at another version it is not made.
    """

    @classmethod
    def unpack(cls, value: str) -> Self:
        ends_early = value.count(cls.__separator__) == len(cls.model_fields) - 1
        return super().unpack(f"{value}{cls.__separator__}" if ends_early else value)

    def pack(self) -> str:
        return super().pack().removesuffix(self.__separator__)


class AboutTask(OfVersion, prefix="t"):
    """A button that is about one task; *id* is its id."""

    action: CardAction
    id: PackedUlid
    version: PackedVersion | None = None

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)


class NewPriority(OfVersion, prefix="tp"):
    id: PackedUlid
    priority: int
    version: PackedVersion | None = None

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)


class NewCategory(OfVersion, prefix="tc"):
    """No category: the task is taken out of its one."""

    id: PackedUlid
    category: PackedUlid | None = None
    version: PackedVersion | None = None

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)

    @property
    def category_id(self) -> CategoryId | None:
        return None if self.category is None else CategoryId(self.category)


class NewDeadline(OfVersion, prefix="td"):
    """*choice*: see `deadline_choice`."""

    id: PackedUlid
    choice: str
    version: PackedVersion | None = None

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)


class SnoozeFor(CallbackData, prefix="ts"):
    """*minutes* from the press on; 0: tomorrow at the start of the day."""

    id: PackedUlid
    minutes: int
    on_reminder: bool

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)


class DoneOnReminder(CallbackData, prefix="r"):
    """Done, pressed on a reminder: the message tells what became of it instead of a card."""

    id: PackedUlid

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)


class DigestAction(StrEnum):
    DONE = "done"
    REOPEN = "reopen"
    SNOOZE = "snooze"
    OPEN = "open"


class InDigest(CallbackData, prefix="rd"):
    """A button of one task in a message about several, which keeps the others."""

    action: DigestAction
    id: PackedUlid

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)


class ListPage(CallbackData, prefix="l"):
    """A page of the list: the one behind or before a place in it; with no place, the first.

    *ends_at*: microseconds since 1970.
    """

    backwards: bool = False
    ends_at: int | None = None
    id: PackedUlid | None = None

    @classmethod
    def at(cls, position: TaskPosition, *, backwards: bool) -> "ListPage":
        (moment,) = position.keys
        if not isinstance(moment, datetime):
            raise TypeError("the bot's list is in the order of deadlines")
        ends_at = None if moment == NEVER else (moment - _EPOCH) // _MICROSECOND
        return cls(backwards=backwards, ends_at=ends_at, id=position.task_id)

    @property
    def position(self) -> TaskPosition | None:
        """None for the first page. Raise `OverflowError` for what only a forged button carries."""
        if self.id is None:
            return None
        ends_at = NEVER if self.ends_at is None else _EPOCH + self.ends_at * _MICROSECOND
        return TaskPosition((ends_at,), TaskId(self.id))


class StepAction(StrEnum):
    START = "start"
    NEXT = "next"
    BACK = "back"
    CANCEL = "cancel"
    RESUME = "resume"
    RESTART = "restart"
    TAKE_TEXT = "take"
    NEW_CATEGORY = "newcat"
    NO_DESCRIPTION = "notext"


class Step(CallbackData, prefix="s"):
    """A button under a question of the dialogue in which a task is created."""

    action: StepAction


class StepCategory(CallbackData, prefix="sc"):
    id: PackedUlid | None = None

    @property
    def category_id(self) -> CategoryId | None:
        return None if self.id is None else CategoryId(self.id)


class StepDeadline(CallbackData, prefix="sd"):
    """*choice*: see `deadline_choice`."""

    choice: str


class CancelEdit(CallbackData, prefix="x"):
    id: PackedUlid

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.id)


class CancelPlace(CallbackData, prefix="xp"):
    """No change of the time zone after all."""


class SetLanguage(CallbackData, prefix="lang"):
    language: str


class SetTimezone(CallbackData, prefix="tz", sep="|"):
    timezone: str
