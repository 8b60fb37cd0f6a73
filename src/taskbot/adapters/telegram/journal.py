"""A line in the log for each update: what it was, whose, how long it took, what came of it.

Never what people wrote: of a message only which command it is, of a press only which kind.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from enum import Enum, StrEnum
from typing import Any, Final, TypeAlias

from aiogram import BaseMiddleware
from aiogram.enums import ContentType
from aiogram.filters import CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message, TelegramObject, Update
from aiogram.types.update import UpdateTypeLookupError
from attrs import define

from taskbot.application.traces import traced
from taskbot.domain.ids import UserId

_log = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_ENTRY: Final = "entry"


class Outcome(StrEnum):
    """What came of an update."""

    DONE = "done"
    REFUSED = "refused"
    """By a rule, and the person was told so."""
    FAILED = "failed"
    """Nobody expected it."""
    STORAGE_AWAY = "storage_away"
    TOO_FAST = "too_fast"
    NOT_IN_PRIVATE = "not_in_private"
    HANDLED_BEFORE = "handled_before"
    IN_OTHER_HANDS = "in_other_hands"
    CUT_SHORT = "cut_short"
    IGNORED = "ignored"
    """It is of a kind that is not known here."""


@define
class Entry:
    """What is noted of one update, as far as it is known."""

    what: str = "update"
    who: UserId | None = None
    outcome: Outcome = Outcome.DONE
    detail: str | None = None

    def ends(self, outcome: Outcome, detail: str | None = None) -> None:
        self.outcome, self.detail = outcome, detail

    @property
    def ending(self) -> str:
        """The outcome in words, with its detail."""
        words = self.outcome.replace("_", " ")
        return words if self.detail is None else f"{words} ({self.detail})"


def entry_in(data: dict[str, Any]) -> Entry:
    """The entry of the update that is being handled; one that nobody reads, if there is none."""
    entry: Entry = data.get(_ENTRY) or Entry()
    return entry


def coming_from(update: Update) -> AbstractContextManager[None]:
    """Lines of the block came of *update*; so do the API's, where the bot works over that."""
    number = str(update.update_id)
    return traced(trace_id=f"update-{number}", update_id=number)


class Journal(BaseMiddleware):
    """Around everything else that happens to an update."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Update):
            return await handler(event, data)
        try:
            entry = data[_ENTRY] = Entry(what=event.event_type)
        except UpdateTypeLookupError:  # aiogram would warn of it with all that is in there
            data[_ENTRY] = Entry(outcome=Outcome.IGNORED)
            _log.info("update %s is of a kind that is not known here", event.update_id)
            return None
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            return await handler(event, data)
        except Exception as error:
            if entry.outcome is Outcome.DONE:
                entry.ends(Outcome.FAILED, type(error).__name__)
            raise
        except BaseException:
            entry.ends(Outcome.CUT_SHORT)
            raise
        finally:
            _log.info(
                "update %s: %s of %s, %.1f ms: %s",
                event.update_id,
                entry.what,
                entry.who or "somebody",
                (clock() - begun) * 1000,
                entry.ending,
            )


class Particulars(BaseMiddleware):
    """Notes what it turned out to be, once a handler was found for it."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        entry_in(data).what = _particulars(event, data)
        return await handler(event, data)


def _particulars(event: TelegramObject, data: dict[str, Any]) -> str:
    if isinstance(event, Message):
        # Whatever stands behind a command that we know, or as one that we do not, people wrote.
        command = data.get("command")
        if isinstance(command, CommandObject):
            return f"/{command.command}"
        is_command = event.text is not None and event.text.startswith("/")
        return "unknown command" if is_command else ContentType(event.content_type).value
    if isinstance(event, CallbackQuery):
        pressed = data.get("callback_data")
        return f"press {_kind(pressed)}" if isinstance(pressed, CallbackData) else "unknown press"
    return entry_in(data).what


def _kind(pressed: CallbackData) -> str:
    """The prefix and what is one of a few: no ids, no numbers, nothing that could be forged."""
    chosen = [str(value.value) for _, value in pressed if isinstance(value, Enum)]
    return ":".join([pressed.__prefix__, *chosen])
