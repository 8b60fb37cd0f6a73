"""Where an answer appears: in place of the message that was pressed, or as a new one."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import BinaryIO, Final, TypeVar

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile, InputFile
from attrs import frozen

from taskbot.adapters.telegram.keyboards import Keyboard, OwnKeyboard
from taskbot.adapters.telegram.texts.html import cut

_log = logging.getLogger(__name__)

_T = TypeVar("_T")
_TRIES: Final = 3
_LONGEST_WAIT_SECONDS: Final = 10.0
_SECONDS_BEFORE_REPEATING: Final = 0.5
_NOT_MODIFIED: Final = "message is not modified"
_PIECE: Final = 256 * 1024
UPLOAD_SECONDS: Final = 20
"""How long a file may take on its way to Telegram."""


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
    chat_id: int
    pressed: int | None = None

    async def show(self, text: str, buttons: Keyboard | None = None) -> int:
        """Show *text* (HTML) in answer: a press edits what was pressed. Return the message's id."""
        if self.pressed is None:
            return await self.say(text, buttons)
        if not await self.replace(text, buttons):
            return await self.say(text, buttons)
        return self.pressed

    async def replace(self, text: str, buttons: Keyboard | None = None) -> bool:
        """Show *text* (HTML) in place of what was pressed; False, and nowhere, if that fails."""
        if self.pressed is None:
            return False
        message_id = self.pressed
        try:
            await patiently(
                lambda: self._bot.edit_message_text(
                    cut(text), chat_id=self.chat_id, message_id=message_id, reply_markup=buttons
                )
            )
        except TelegramBadRequest as error:
            return _NOT_MODIFIED in error.message  # or it was deleted, or is too old to be edited
        return True

    async def say(self, text: str, buttons: Keyboard | OwnKeyboard | None = None) -> int:
        """Show *text* (HTML) as a new message; return its id."""
        sent = await patiently(
            lambda: self._bot.send_message(self.chat_id, cut(text), reply_markup=buttons)
        )
        return sent.message_id

    async def show_picture(self, png: bytes, caption: str, buttons: Keyboard) -> None:
        """Show a picture, with *caption* (HTML) below it, as a new message."""
        picture = BufferedInputFile(png, "statistics.png")
        await patiently(
            lambda: self._bot.send_photo(
                self.chat_id, picture, caption=caption, reply_markup=buttons
            )
        )

    async def hand_over(self, file: BinaryIO, name: str, caption: str) -> None:
        """Send *file* under *name*, read while it is sent."""
        document = _Opened(file, name)
        await patiently(
            lambda: self._bot.send_document(
                self.chat_id, document, caption=caption, request_timeout=UPLOAD_SECONDS
            )
        )

    async def look_busy(self, action: ChatAction) -> None:
        """Say above the chat what is being done; that it is not said does no harm."""
        try:
            await self._bot.send_chat_action(self.chat_id, action)
        except TelegramAPIError as error:
            _log.info("what is being done was not said: %s", type(error).__name__)

    async def take_buttons(self, message_id: int | None) -> None:
        """Take the buttons from a message of ours, if there is one; that they stay does no harm."""
        if message_id is None:
            return
        try:
            await self._bot.edit_message_reply_markup(chat_id=self.chat_id, message_id=message_id)
        except TelegramBadRequest:
            return  # it was deleted, is too old, or has none
        except TelegramAPIError as error:
            _log.info("old buttons were not taken away: %s", type(error).__name__)


class _Opened(InputFile):
    """An open file, from its beginning however often it is sent."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        super().__init__(filename=name, chunk_size=_PIECE)
        self._file = file

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:
        self._file.seek(0)
        while piece := await asyncio.to_thread(self._file.read, self.chunk_size):
            yield piece
