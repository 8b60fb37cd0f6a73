"""What the simulator refuses, in Telegram's words to a bot and in its own to a tester."""

from typing import Final

from attrs import frozen

PREFIXES: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


@frozen
class Refusal(Exception):
    """An error answer of the Bot API.

    Source: https://core.telegram.org/bots/api#making-requests. *retry_after* is in seconds.
    """

    code: int
    reason: str = ""
    retry_after: int | None = None
    migrate_to_chat_id: int | None = None

    @property
    def description(self) -> str:
        prefix = PREFIXES[self.code]
        return f"{prefix}: {self.reason}" if self.reason else prefix

    def __str__(self) -> str:
        return self.description


def bad_request(reason: str) -> Refusal:
    return Refusal(400, reason)


def forbidden(reason: str) -> Refusal:
    return Refusal(403, reason)


def conflict(reason: str) -> Refusal:
    return Refusal(409, reason)


def too_many_requests(retry_after: int) -> Refusal:
    return Refusal(429, f"retry after {retry_after}", retry_after=retry_after)


@frozen
class ControlRefusal(Exception):
    """The control interface cannot do what it was asked for."""

    status: int
    message: str

    def __str__(self) -> str:
        return self.message
