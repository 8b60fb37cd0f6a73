"""Taking away messages that are not to stay, whichever process showed them."""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import timedelta
from typing import Final

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from attrs import frozen

from taskbot.application.ports import Clock, VanishingMessage, VanishingMessages

_log = logging.getLogger(__name__)

_EVERY: Final = timedelta(seconds=2)
"""The longest pause: what another process has shown meanwhile goes no later than that."""
_AFTER_TROUBLE: Final = timedelta(seconds=10)
_AT_ONCE: Final = 20
_NOTHING: Final = "🔒"
"""What is left of a message that cannot be deleted any more (Bot API, deleteMessage)."""


@frozen
class Vanishing:
    """Any number of processes may do this side by side: the second finds nothing to delete."""

    _bot: Bot
    _messages: VanishingMessages
    _clock: Clock

    async def run(self, stop: asyncio.Event) -> None:
        """Work until *stop* is set, however often Telegram or the storage fail meanwhile."""
        while not stop.is_set():
            try:
                pause = await self.take_due()
            except Exception as error:  # noqa: BLE001 - whatever it is: try again
                # Its own text stays out: it may hold the address, and the address the token.
                _log.warning("no message could be taken away: %s", type(error).__name__)
                pause = _AFTER_TROUBLE
            await _sleep(pause, stop)

    async def take_due(self) -> timedelta:
        """Take away what is due; give how long to wait for more."""
        for message in await self._messages.earliest(limit=_AT_ONCE):
            ahead = message.delete_at - self._clock.now()
            if ahead > timedelta(0):
                return min(ahead, _EVERY)
            await self._take(message)
            await self._messages.drop(message)
        return _EVERY

    async def _take(self, message: VanishingMessage) -> None:
        """Delete *message*; empty it if it is too old for that; let it be if it is gone."""
        if await _done(self._bot.delete_message(message.chat_id, message.message_id)):
            return
        emptied = self._bot.edit_message_text(
            _NOTHING, chat_id=message.chat_id, message_id=message.message_id
        )
        if not await _done(emptied):
            _log.info("a message that was to go is gone, or stays")


async def _done(call: Awaitable[object]) -> bool:
    """Whether Telegram did it; raise if it may do so later."""
    try:
        await call
    except (TelegramNetworkError, TelegramRetryAfter, TelegramServerError):
        raise
    except TelegramAPIError:
        return False
    return True


async def _sleep(pause: timedelta, stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(pause.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
