"""A line in the log for each request: what it was, whose, how it was answered, how long it took.

Never its address, which may hold what people look for: only the template that it fits.
"""

import logging
from http import HTTPStatus
from time import perf_counter
from typing import Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from taskbot.adapters.http.overload import was_shed
from taskbot.adapters.http.request_ids import request_id_of
from taskbot.application.traces import traced
from taskbot.domain.user import User

_log = logging.getLogger(__name__)

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS: Final = _READING | {"DELETE", "PATCH", "POST", "PUT"}
_ANYBODYS: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS})
"""What strangers get as often as they like: they must not fill the disk."""


def noted(app: ASGIApp) -> ASGIApp:
    """*app*, with a line for each request; all lines that are written meanwhile have its id.

    What changes nothing, or comes from nobody that is known, is told when debugging.
    """

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR  # where the application breaks off
        begun = perf_counter()

        async def looking(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        request_id = request_id_of(scope)
        with traced(trace_id=request_id, request_id=request_id):
            try:
                await app(scope, receive, looking)
            finally:
                level = _level(scope, status)
                if _log.isEnabledFor(level):
                    _write(level, scope, status, perf_counter() - begun)

    return noting


def _level(scope: Scope, status: int) -> int:
    if was_shed(scope):  # told by numbers: they come when there is least time for lines
        return logging.DEBUG
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return logging.INFO
    is_told = scope.get("method") not in _READING and status not in _ANYBODYS
    return logging.INFO if is_told and scope.get("path_template") else logging.DEBUG


def _write(level: int, scope: Scope, status: int, seconds: float) -> None:
    method = str(scope.get("method"))
    user = scope.get("user")
    facts = {
        "status": int(status),
        "duration_ms": round(seconds * 1000, 1),
        "user_id": str(user.id) if isinstance(user, User) else None,
    }
    known = method if method in _METHODS else "unknown"
    _log.log(level, "%s %s", known, scope.get("path_template") or "unknown", extra=facts)
