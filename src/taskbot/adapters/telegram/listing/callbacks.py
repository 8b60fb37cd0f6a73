"""What buttons of lists carry.

Old messages keep their buttons, so what is here is read for years: add, do not change.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Final

from aiogram.filters.callback_data import CallbackData
from ulid import ULID

from taskbot.adapters.telegram.callbacks import PackedUlid
from taskbot.adapters.telegram.texts.lists import Tab
from taskbot.application.ports import TaskPosition
from taskbot.domain.ids import CategoryId, TaskId

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MOMENT_BYTES: Final = 8
_ULID_BYTES: Final = 16


def packed(place: TaskPosition) -> str:
    """*place*, in an order by one moment, in 32 letters: beside a category they just fit."""
    (moment,) = place.keys
    if not isinstance(moment, datetime):
        raise TypeError("the bot's lists are in the order of moments")
    microseconds = (moment - _EPOCH) // _MICROSECOND
    both = microseconds.to_bytes(_MOMENT_BYTES, signed=True) + place.task_id.bytes
    return urlsafe_b64encode(both).decode("ascii")


def unpacked(text: str | None) -> TaskPosition | None:
    """The place that was `packed`; None for nothing, and for what only a forged button carries."""
    try:
        both = urlsafe_b64decode(text or "")
        if len(both) != _MOMENT_BYTES + _ULID_BYTES:
            return None
        microseconds = int.from_bytes(both[:_MOMENT_BYTES], signed=True)
        moment = _EPOCH + microseconds * _MICROSECOND
    except (ValueError, OverflowError):
        return None
    return TaskPosition((moment,), TaskId(ULID.from_bytes(both[_MOMENT_BYTES:])))


class TabPage(CallbackData, prefix="li"):
    """A page under a tab: the one behind or before a place in it; with no place, the first."""

    tab: Tab
    backwards: bool = False
    place: str | None = None


class CategoryList(CallbackData, prefix="lc"):
    """A page of the open tasks of the category *id*, or of those without one; as `TabPage`."""

    id: PackedUlid | None = None
    backwards: bool = False
    place: str | None = None

    @property
    def category_id(self) -> CategoryId | None:
        return None if self.id is None else CategoryId(self.id)


class AskCategory(CallbackData, prefix="lip"):
    """To be asked for a category to list; *page*: of those to choose from, the first being 0."""

    page: int = 0


class FoundPage(CallbackData, prefix="lf"):
    """A page of what was found; as `TabPage`. What was looked for stands in the message."""

    backwards: bool = False
    place: str | None = None


class AskWords(CallbackData, prefix="lfa"):
    """To be asked what to look for."""


class CancelWords(CallbackData, prefix="lfx"):
    """Look for nothing after all."""
