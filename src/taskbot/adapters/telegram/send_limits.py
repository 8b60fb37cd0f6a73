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


@frozen
class KeepsLimits(BaseRequestMiddleware):
    """Books what is sent to a person. Edits and answers to presses are not limited like that."""

    _limiter: SendLimiter
    _clock: Clock

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        chat_id: Any = getattr(method, "chat_id", None)
        if method.__api_method__.startswith("send") and isinstance(chat_id, int):
            await self._wait_for_turn(chat_id)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as limit:
            await self._limiter.pause(timedelta(seconds=limit.retry_after))
            raise

    async def _wait_for_turn(self, chat_id: int) -> None:
        wait = await self._limiter.reserve(chat_id, patience=PATIENCE, in_burst=True)
        if wait:
            await self._clock.sleep(wait)
