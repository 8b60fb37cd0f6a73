"""Where an answer appears: in place of the message that was pressed, or as a new one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from attrs import frozen

from taskbot.adapters.telegram.keyboards import Keyboard, OwnKeyboard
from taskbot.adapters.telegram.texts.html import cut

_log = logging.getLogger(__name__)

_T = TypeVar("_T")
_TRIES: Final = 3
_LONGEST_WAIT_SECONDS: Final = 10.0
_SECONDS_BEFORE_REPEATING: Final = 0.5
_NOT_MODIFIED: Final = "message is not modified"


async def patiently(call: Callable[[], Awaitable[_T]]) -> _T:
    """The result of *call*, repeated a few times if Telegram is busy or away.

    For answers to people: silence is worse there than one message twice.
    """
    for tries in range(1, _TRIES + 1):
        try:
            return await call()
        except TelegramRetryAfter as limit:
            if tries == _TRIES or limit.retry_after > _LONGEST_WAIT_SECONDS:
                raise
            await asyncio.sleep(limit.retry_after)
        except (TelegramNetworkError, TelegramServerError):
            if tries == _TRIES:
                raise
            await asyncio.sleep(_SECONDS_BEFORE_REPEATING * tries)
    raise AssertionError("the last try returns or raises")


@frozen
class Screen:
    """The chat with one person; *pressed* is the message whose button they pressed, if any."""

    _bot: Bot
    _chat_id: int
    pressed: int | None = None

    async def show(self, text: str, buttons: Keyboard | None = None) -> int:
        """Show *text* (HTML) in answer: a press edits what was pressed. Return the message's id."""
        if self.pressed is None:
            return await self.say(text, buttons)
        message_id = self.pressed
        try:
            await patiently(
                lambda: self._bot.edit_message_text(
                    cut(text), chat_id=self._chat_id, message_id=message_id, reply_markup=buttons
                )
            )
        except TelegramBadRequest as error:
            if _NOT_MODIFIED not in error.message:
                return await self.say(text, buttons)  # it was deleted, or is too old to be edited
        return message_id

    async def say(self, text: str, buttons: Keyboard | OwnKeyboard | None = None) -> int:
        """Show *text* (HTML) as a new message; return its id."""
        sent = await patiently(
            lambda: self._bot.send_message(self._chat_id, cut(text), reply_markup=buttons)
        )
        return sent.message_id

    async def take_buttons(self, message_id: int | None) -> None:
        """Take the buttons from a message of ours, if there is one; that they stay does no harm."""
        if message_id is None:
            return
        try:
            await self._bot.edit_message_reply_markup(chat_id=self._chat_id, message_id=message_id)
        except TelegramBadRequest:
            return  # it was deleted, is too old, or has none
        except TelegramAPIError as error:
            _log.info("old buttons were not taken away: %s", type(error).__name__)
