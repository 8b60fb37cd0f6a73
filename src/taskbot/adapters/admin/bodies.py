"""What is sent to the panel: of a size that forms have, and readable."""

from http import HTTPStatus
from typing import Final

from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse

from taskbot.adapters.admin.mounting import App, Message, Receive, Scope, Send

LARGEST: Final = 256 * 1024
"""Bytes. The longest form has a description of 4,000 characters, and what is around it."""


class ReadableBodies:
    """The application *app*, which is asked with forms that it can read.

    The library reads a form before it knows who sends it, and as a whole: anybody could fill the
    memory with one, or have it fail over one that is broken.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _whole(receive)
        except ClientDisconnect:
            return  # half a form is none, and nobody waits for an answer
        if body is None:
            refusal = PlainTextResponse("This is too large.\n", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            await refusal(scope, receive, send)
        elif not await _is_readable(scope, body):
            refusal = PlainTextResponse("This form cannot be read.\n", HTTPStatus.BAD_REQUEST)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, _once_more(body, receive), send)


async def _whole(receive: Receive) -> bytes | None:
    """The body; None if it is too large. Raise `ClientDisconnect` where it is broken off."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > LARGEST:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def _is_readable(scope: Scope, body: bytes) -> bool:
    alone = {name: value for name, value in scope.items() if name not in {"app", "state"}}
    try:
        async with Request(alone, _once_more(body)).form():
            return True
    except (MultiPartException, UnicodeError, LookupError):
        return False


def _once_more(body: bytes, receive: Receive | None = None) -> Receive:
    """Give *body*, and then what *receive* has."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        if waiting:
            return waiting.pop()
        return {"type": "http.disconnect"} if receive is None else await receive()

    return again
