"""Who sends faster than anybody can: what is over the limit is dropped, and they are told so."""

import logging
from datetime import timedelta
from math import ceil
from typing import Any, Final

from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message, TelegramObject
from attrs import frozen

from taskbot.adapters.telegram.journal import Handler, Outcome, entry_in
from taskbot.adapters.telegram.people import strangers_voice
from taskbot.adapters.telegram.screens import Screen
from taskbot.adapters.telegram.texts import trouble
from taskbot.adapters.telegram.texts.html import Safe
from taskbot.adapters.telegram.turn import Toast
from taskbot.application.ports import Allowance, Clock, Quota, RateLimiter

_log = logging.getLogger(__name__)

USUAL: Final = Quota(30, timedelta(seconds=30))
"""Thirty at once, for people forward whole conversations, and then one a second."""
_ENOUGH_TO_GO_ON: Final = 10
_NOTICES: Final = Quota(1, timedelta(minutes=1))


@frozen
class Floods(BaseMiddleware):
    """Counts the messages and presses of each person, in all processes together.

    Of a flood one message is answered, by a notice; presses are, each by a toast.
    """

    _rates: RateLimiter
    _clock: Clock
    _quota: Quota | None = USUAL

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if (
            self._quota is None
            or not isinstance(event, Message | CallbackQuery)
            or event.from_user is None
        ):
            return await handler(event, data)
        person = event.from_user.id
        allowance = await self._rates.take(f"updates:{person}", self._quota)
        if allowance.is_granted:
            return await handler(event, data)
        entry_in(data).ends(Outcome.TOO_FAST)
        voice = strangers_voice(event, self._clock)
        if isinstance(event, CallbackQuery):
            return Toast(voice.label(trouble.TOO_FAST_PRESS))
        if (await self._rates.take(f"too-fast:{person}", _NOTICES)).is_granted:
            wait = voice.plural("{n} second", "{n} seconds", _seconds(self._quota, allowance))
            await _tell(data["bot"], event.chat.id, voice.say(trouble.TOO_FAST, wait=Safe(wait)))
        return None


async def _tell(bot: Bot, chat_id: int, text: str) -> None:
    try:
        await Screen(bot, chat_id).say(text)
    except TelegramAPIError as error:
        _log.info("the notice could not be sent: %s", type(error).__name__)


def _seconds(quota: Quota, allowance: Allowance) -> int:
    """How long until several can be taken again."""
    several = min(_ENOUGH_TO_GO_ON, quota.requests) * quota.interval
    return max(ceil((allowance.full_in + several - quota.depth).total_seconds()), 1)
