"""The client of the Bot API."""

from typing import Any, Final, cast

from aiogram import Bot
from aiogram.client.default import Default, DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    Response,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import Message, Update
from aiohttp import BytesPayload, ClientTimeout, FormData
from pydantic_core import to_json

from taskbot.adapters.telegram.measuring import MeasuredCalls, Meter
from taskbot.adapters.telegram.send_limits import KeepsLimits
from taskbot.application.ports import Clock, SendLimiter

# aiogram asks for this type at every answer, and pydantic forgets it when nobody holds it: making
# it anew took an eighth of a worker's time, and that of updates 13 ms.
_KEPT: Final = (
    Response[Message],
    Response[Message | bool],
    Response[bool],
    Response[list[Update]],
)

REQUEST_SECONDS: Final = 12.0
"""How long an answer is waited for: two of them fit into a reminder's lease."""
CONNECT_SECONDS: Final = 5.0
"""How long a connection may take to be made: until then nothing was sent."""


_SENT_AS_JSON: Final = (SendMessage, EditMessageText, AnswerCallbackQuery)
"""What is called most, and never with a file. To put it into a form took seven times as long."""


class _Session(AiohttpSession):
    """Tells the time to connect from the time to answer, which mean different things."""

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> FormData:
        if not isinstance(method, _SENT_AS_JSON):
            return super().build_form_data(bot, method)
        given = {
            name: filled
            for name, value in method
            if (filled := bot.default[value.name] if isinstance(value, Default) else value)
            is not None
        }
        body = BytesPayload(to_json(given, exclude_none=True), content_type="application/json")
        return cast("FormData", body)  # the base class hands it on to aiohttp, which takes both

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 - the base class has it
    ) -> Any:
        seconds = self.timeout if timeout is None else timeout
        limits = ClientTimeout(total=seconds, sock_connect=min(CONNECT_SECONDS, seconds / 2))
        # The base class hands it on to aiohttp, which takes both.
        return await super().make_request(bot, method, timeout=cast("int", limits))


def create_bot(
    token: str,
    *,
    api_url: str | None,
    request_seconds: float = REQUEST_SECONDS,
    meter: Meter | None = None,
) -> Bot:
    """Give a client for the bot with *token* at Telegram, or at the server at *api_url*.

    *meter* is told of each call. Whoever creates it closes it: `await bot.session.close()`.
    """
    server = PRODUCTION if api_url is None else TelegramAPIServer.from_base(api_url)
    session = _Session(api=server, timeout=request_seconds)
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    if meter is not None:
        session.middleware(MeasuredCalls(meter))
    return Bot(token, session=session, default=defaults)


def create_talking_bot(
    token: str,
    limiter: SendLimiter,
    clock: Clock,
    *,
    api_url: str | None,
    meter: Meter | None = None,
) -> Bot:
    """Give a client for conversations: what it sends waits its turn, in bursts.

    The wait is no part of what *meter* is told of a call.
    """
    bot = create_bot(token, api_url=api_url)
    bot.session.middleware(KeepsLimits(limiter, clock))
    if meter is not None:
        bot.session.middleware(MeasuredCalls(meter))
    return bot
