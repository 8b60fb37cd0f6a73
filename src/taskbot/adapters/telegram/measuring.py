"""What is counted of the bot: its updates, and its calls of the Bot API.

Every word that is handed to a meter is one of those below or the name of a method of the Bot API:
nothing of what people, or Telegram, write.
"""

from enum import StrEnum
from time import perf_counter
from typing import Any, Protocol

from aiogram import BaseMiddleware, Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Message, TelegramObject, Update
from attrs import frozen

from taskbot.adapters.telegram.journal import Handler, entry_in
from taskbot.adapters.telegram.outcomes import was_not_sent


class UpdateKind(StrEnum):
    """What a person did."""

    COMMAND = "command"
    TEXT = "text"
    ATTACHMENT = "attachment"
    """Any other message: a picture, a place, something forwarded."""
    PRESS = "press"
    INLINE_QUERY = "inline_query"
    MEMBERSHIP = "membership"
    OTHER = "other"


class CallOutcome(StrEnum):
    """What came of a call of the Bot API."""

    OK = "ok"
    LIMIT = "limit"
    FORBIDDEN = "forbidden"
    REJECTED = "rejected"
    """The bot's token."""
    CONFLICT = "conflict"
    BAD_REQUEST = "bad_request"
    SERVER_ERROR = "server_error"
    NO_CONNECTION = "no_connection"
    NO_ANSWER = "no_answer"
    CUT_SHORT = "cut_short"


class Meter(Protocol):
    def update_ended(self, kind: str, outcome: str, *, seconds: float) -> None: ...

    def call_ended(self, method: str, outcome: str, *, seconds: float) -> None: ...


@frozen
class MeasuredUpdates(BaseMiddleware):
    """Outside of the journal, whose outcome it counts."""

    _meter: Meter

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Update):
            return await handler(event, data)
        begun = perf_counter()
        try:
            return await handler(event, data)
        finally:
            kind, outcome = _kind(event), entry_in(data).outcome
            self._meter.update_ended(kind, outcome, seconds=perf_counter() - begun)


def _kind(update: Update) -> UpdateKind:
    if update.message is not None:
        return _kind_of_message(update.message)
    if update.callback_query is not None:
        return UpdateKind.PRESS
    if update.inline_query is not None:
        return UpdateKind.INLINE_QUERY
    return UpdateKind.OTHER if update.my_chat_member is None else UpdateKind.MEMBERSHIP


def _kind_of_message(message: Message) -> UpdateKind:
    if message.text is None:
        return UpdateKind.ATTACHMENT
    return UpdateKind.COMMAND if message.text.startswith("/") else UpdateKind.TEXT


@frozen
class MeasuredCalls(BaseRequestMiddleware):
    _meter: Meter

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        begun, outcome = perf_counter(), CallOutcome.CUT_SHORT
        try:
            answer = await make_request(bot, method)
            outcome = CallOutcome.OK
        except Exception as error:
            outcome = _outcome_of(error)
            raise
        finally:
            seconds = perf_counter() - begun
            self._meter.call_ended(method.__api_method__, outcome, seconds=seconds)
        return answer


def _outcome_of(error: Exception) -> CallOutcome:
    match error:
        case TelegramRetryAfter():
            return CallOutcome.LIMIT
        case TelegramForbiddenError():
            return CallOutcome.FORBIDDEN
        case TelegramUnauthorizedError() | TelegramNotFound():
            return CallOutcome.REJECTED
        case TelegramConflictError():
            return CallOutcome.CONFLICT
        case TelegramServerError():
            return CallOutcome.SERVER_ERROR
        case TelegramNetworkError() if was_not_sent(error):
            return CallOutcome.NO_CONNECTION
        case TelegramAPIError() if not isinstance(error, TelegramNetworkError | ClientDecodeError):
            return CallOutcome.BAD_REQUEST
        case _:
            return CallOutcome.NO_ANSWER
