"""The bot's answers keep Telegram's limits, too: they share them with the reminders."""

from datetime import timedelta
from typing import Any, Final

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from attrs import frozen

from taskbot.application.ports import Clock, SendLimiter

PATIENCE: Final = timedelta(seconds=3)
"""How long an answer waits for its turn; beyond that it goes all the same: somebody waits."""
_NEW_MESSAGES: Final = ("send", "copyMessage", "forwardMessage")


@frozen
class KeepsLimits(BaseRequestMiddleware):
    """Books messages to people, before reminders that wait.

    Edits and answers to presses are not counted by Telegram as messages are: they book nothing, and
    a limit that one of them meets, or a call about the bot itself, holds for it alone.
    """

    _limiter: SendLimiter
    _clock: Clock

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if not _is_message(method):
            return await make_request(bot, method)
        chat_id: Any = getattr(method, "chat_id", None)
        if isinstance(chat_id, int):
            await self._wait_for_turn(chat_id)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as limit:
            await self._limiter.pause(timedelta(seconds=limit.retry_after))
            raise

    async def _wait_for_turn(self, chat_id: int) -> None:
        wait = await self._limiter.reserve_reply(chat_id, patience=PATIENCE)
        if wait:
            await self._clock.sleep(wait)


def _is_message(method: TelegramMethod[Any]) -> bool:
    name = method.__api_method__
    return name.startswith(_NEW_MESSAGES) and name != "sendChatAction"
