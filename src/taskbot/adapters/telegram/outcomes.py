"""What Telegram's answers mean for a message that was to be sent (facts in the ADR on delivery).

No text here ever holds an address: addresses hold the token.
"""

from datetime import timedelta
from typing import Final

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ClientProxyConnectionError, ConnectionTimeoutError

from taskbot.application.ports import (
    DeliveryProblem,
    LimitReached,
    NotifierRejected,
    NotSent,
    OutcomeUnknown,
    PersonUnreachable,
    Refused,
)

_NOTHING_WAS_WRITTEN: Final = (
    ClientConnectorError,  # refused, unreachable, no such name, no TLS
    ClientProxyConnectionError,
    ConnectionTimeoutError,
)
_UNKNOWN_CHAT: Final = "chat not found"


def problem_of(error: Exception) -> DeliveryProblem:
    """The outcome of a sending call that raised *error*, in the port's words."""
    match error:
        case TelegramRetryAfter():
            return LimitReached(timedelta(seconds=error.retry_after))
        case TelegramForbiddenError():
            return PersonUnreachable(error.message)
        case TelegramUnauthorizedError() | TelegramNotFound():
            # The method exists: what was not found is the bot.
            return NotifierRejected("Telegram does not accept the bot's token")
        case TelegramBadRequest() if _UNKNOWN_CHAT in error.message:
            # Who never wrote to this bot has no chat with it, and has one as soon as they do.
            return PersonUnreachable(error.message)
        case TelegramServerError():
            # The Bot API's own answer, that it failed. A gateway's in between cannot be read.
            return NotSent("Telegram answered with a server error")
        case TelegramNetworkError() if was_not_sent(error):
            return NotSent(f"no connection to Telegram ({_cause(error)})")
        case TelegramAPIError() if not isinstance(error, TelegramNetworkError):
            return Refused(error.message)
        case ClientDecodeError():
            return OutcomeUnknown("Telegram's answer cannot be read")
        case _:
            return OutcomeUnknown(f"no answer came ({_cause(error)})")


def was_not_sent(error: Exception) -> bool:
    """Whether *error* came before anything was written."""
    return isinstance(error, TelegramNetworkError) and isinstance(
        error.__cause__, _NOTHING_WAS_WRITTEN
    )


def _cause(error: Exception) -> str:
    return type(error.__cause__ or error).__name__
