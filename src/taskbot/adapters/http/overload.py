"""When more comes than one process can work off: a bound for what it works at, and a 503 beyond.

A place is held while work is done for a request, and never while somebody has to be waited for: a
body is read before, an answer is handed over after. So clients that are slow, or do nothing at
all, take nothing away from the others.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from taskbot.adapters.admission import Admission, NotAdmitted, Reason, Shed, tell_nobody
from taskbot.adapters.http.bodies import LARGEST_BODY
from taskbot.adapters.http.paths import HEALTH_PATH, METRICS_PATH
from taskbot.adapters.http.problems import Refused, send_problem

_log = logging.getLogger(__name__)

OVERLOADED: Final = "overloaded"
_STATE: Final = "taskbot.shed"
_FREE_BELOW: Final = (f"{HEALTH_PATH}/", "/health/")
_WITH_BODY: Final = frozenset({b"content-length", b"transfer-encoding"})
_RETRY_SECONDS: Final = (1, 3)
_TELL_EVERY_SECONDS: Final = 10.0


def was_shed(scope: Scope) -> bool:
    """Whether nothing was done for the request, as too much was asked for at once."""
    return _STATE in scope["state"]


class Admitted:
    """The application without what is too much for it at once.

    Health and metrics are always served, for they are looked at just then; so is OPTIONS.
    """

    def __init__(self, app: ASGIApp, admission: Admission, shed: Shed = tell_nobody) -> None:
        self._app, self._admission, self._shed = app, admission, shed
        self._untold, self._silent_until = 0, 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _is_free(scope):
            await self._app(scope, receive, send)
            return
        try:
            receive = await self._enter(scope, receive)
        except NotAdmitted as refusal:
            await self._refuse(refusal.reason, scope, receive, send)
            return
        visit = _Visit(self._admission, send)
        try:
            await self._app(scope, receive, visit.send)
        finally:
            visit.end()

    async def _enter(self, scope: Scope, receive: Receive) -> Receive:
        """Take a place; give what the request is to be read from."""
        admission = self._admission
        admission.require_room()
        if not _has_body(scope) and admission.enter_at_once():
            return receive
        body = await _read(receive)
        await admission.enter(body.rest)  # all that can come now is that the client goes
        return body.receive

    async def _refuse(self, reason: Reason, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][_STATE] = True
        self._shed(reason)
        self._tell()
        await send_problem(_refusal(), scope, receive, send)

    def _tell(self) -> None:
        """Say it in the log now and then: a line for each would be one more burden."""
        self._untold += 1
        now = asyncio.get_running_loop().time()
        if now >= self._silent_until:
            told = "more is asked for than can be answered: requests refused since last told: %d"
            _log.warning(told, self._untold)
            self._untold, self._silent_until = 0, now + _TELL_EVERY_SECONDS


def _refusal() -> Refused:
    # Not all at the same moment again.
    wait = random.randint(*_RETRY_SECONDS)  # noqa: S311 - no secret
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        OVERLOADED,
        "more is asked for than can be answered just now; nothing was done: try again",
        headers={"Retry-After": str(wait)},
    )


def _is_free(scope: Scope) -> bool:
    path = scope["path"]
    return scope.get("method") == "OPTIONS" or path == METRICS_PATH or path.startswith(_FREE_BELOW)


def _has_body(scope: Scope) -> bool:
    return any(name in _WITH_BODY for name, _ in scope["headers"])


class _Visit:
    """One request's place: held while there is work, not while its client is waited for."""

    def __init__(self, admission: Admission, send: Send) -> None:
        self._admission, self._send = admission, send
        self._is_inside = True

    async def send(self, message: Message) -> None:
        self.end()  # who reads slowly is waited for outside
        await self._send(message)
        if message["type"] == "http.response.body" and message.get("more_body"):
            await self._admission.come_back()
            self._is_inside = True

    def end(self) -> None:
        if self._is_inside:
            self._is_inside = False
            self._admission.leave()


class _Body:
    """What has been received of a request, to be received once more; then the *rest*."""

    def __init__(self, received: Sequence[Any], rest: Receive) -> None:
        self._received, self.rest = list(reversed(received)), rest

    async def receive(self) -> Any:
        return self._received.pop() if self._received else await self.rest()


async def _read(receive: Receive) -> _Body:
    """Receive a body to its end, or as much of it as will do to refuse it as too large."""
    received: list[Any] = []
    length = 0
    while True:
        message: Any = await receive()
        received.append(message)
        length += len(message.get("body", b""))
        if not message.get("more_body") or length > LARGEST_BODY:
            return _Body(received, receive)
