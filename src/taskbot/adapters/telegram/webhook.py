"""Receiving updates by webhook: handled first, acknowledged then, by any number of copies.

Telegram repeats what was not acknowledged, and sends the next message of a chat only afterwards.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from attrs import define, field
from pydantic import ValidationError

from taskbot.adapters.admission import Admission, NotAdmitted, Shed, tell_nobody
from taskbot.adapters.telegram.journal import coming_from
from taskbot.adapters.telegram.middlewares import InOtherHands
from taskbot.adapters.telegram.webhook_address import CONNECTIONS
from taskbot.application.health import Health, HealthService

_log = logging.getLogger(__name__)

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
_SECRET_HEADER: Final = b"x-telegram-bot-api-secret-token"
_LARGEST: Final = 2**20
_HANDLING_SECONDS: Final = 30.0
"""Half of what Telegram waits; more than an update may take before the person is told."""
_LATER: Final = (b"retry-after", b"2")
_ROUTE: Final = "path_template"
"""Where in a scope the route stands, for those who count requests: see Litestar's router."""


@define
class _Refused(Exception):
    """The request is answered with *status*."""

    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


@define
class Webhook:
    """An ASGI application: updates at *path*, for who knows *secret*, and the process' health.

    What is acknowledged was handled, or can never be: an update that nobody can read would
    otherwise come again for a day and hold back its chat.

    As many are handled at a time as Telegram is told to bring; whatever comes beyond that is
    refused at once and comes again. *shed* is told of it.
    """

    _bot: Bot
    _dispatcher: Dispatcher
    _health: HealthService
    _path: str = field(kw_only=True)
    _secret: str = field(kw_only=True, repr=False)
    _seconds: float = field(kw_only=True, default=_HANDLING_SECONDS)
    _shed: Shed = field(kw_only=True, default=tell_nobody)
    _admission: Admission = field(
        init=False, factory=lambda: Admission(places=CONNECTIONS, queue=0)
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            status, body = await self._answer(scope, receive)
            headers: tuple[tuple[bytes, bytes], ...] = ()
        except _Refused as refused:
            status, headers = refused.status, refused.headers
            body = {"status": refused.reason}
        await _send(send, scope, status, body, headers)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        path = scope["path"]
        if path == self._path:
            scope[_ROUTE] = "webhook"  # the operator's own path may be meant to be hard to guess
            _require_method(scope, "POST")
            self._require_secret(scope)
            await self._take(await _read(scope, receive))
            return 200, {}
        if path in {LIVE, READY}:
            scope[_ROUTE] = path
        if path == LIVE:
            _require_method(scope, "GET", "HEAD")
            return 200, {"status": "alive"}
        if path == READY:
            _require_method(scope, "GET", "HEAD")
            return _readiness(await self._health.look())
        raise _Refused(404, "there is nothing here")

    def _require_secret(self, scope: Scope) -> None:
        given = [value for name, value in scope["headers"] if name == _SECRET_HEADER]
        # Bytes on both sides: a header may hold any, and texts that are not ASCII are refused.
        if not hmac.compare_digest(given[0] if len(given) == 1 else b"", self._secret.encode()):
            _log.info("somebody who does not know the secret called the webhook")
            raise _Refused(401, "this is for Telegram alone")

    async def _take(self, body: bytes) -> None:
        update = self._readable(body)
        if update is None:
            return
        try:
            await self._admission.enter()
        except NotAdmitted as refusal:
            self._shed(refusal.reason)
            raise _Refused(503, "too much at once", (_LATER,)) from None
        try:
            with coming_from(update):
                await self._handle(update)
        finally:
            self._admission.leave()

    async def _handle(self, update: Update) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._dispatcher.feed_update(self._bot, update)
        except InOtherHands:
            raise _Refused(503, "another process has it in hand", (_LATER,)) from None
        except TimeoutError:
            _log.error("update %s took too long and was given up", update.update_id)
        except Exception:  # noqa: BLE001 - it would fail each time that it came
            _log.exception("update %s failed", update.update_id)

    def _readable(self, body: bytes) -> Update | None:
        """None if it is of no use, and would be of none the next time."""
        try:
            return Update.model_validate_json(body, context={"bot": self._bot})
        except ValidationError:
            pass
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            _log.warning("what came to the webhook is no JSON")
            raise _Refused(400, "this is no JSON") from None
        number = raw.get("update_id") if isinstance(raw, dict) else None
        name = number if isinstance(number, int) else "without a number"
        _log.error("update %s cannot be read and is left out", name)
        return None


def _require_method(scope: Scope, *methods: str) -> None:
    if scope["method"] not in methods:
        allowed = (b"allow", ", ".join(methods).encode())
        raise _Refused(405, "not by this method", (allowed,))


async def _read(scope: Scope, receive: Receive) -> bytes:
    too_large = _Refused(413, "that is too much")
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if length.isdigit() and int(length) > _LARGEST:
        raise too_large
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Refused(400, "the request broke off")
        body += bytes(message.get("body", b""))
        if len(body) > _LARGEST:
            raise too_large
        if not message.get("more_body", False):
            return body


def _readiness(health: Health) -> tuple[int, dict[str, Any]]:
    status = "failing" if health.failed else "ready" if health.is_whole else "degraded"
    checks = [
        {"name": one.name, "needed": one.is_needed, "problem": one.problem}
        for one in health.findings
    ]
    return 503 if health.failed else 200, {"status": status, "checks": checks}


async def _send(
    send: Send,
    scope: Scope,
    status: int,
    content: dict[str, Any],
    headers: tuple[tuple[bytes, bytes], ...],
) -> None:
    body = json.dumps(content).encode()
    fixed = (
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    )
    start = {"type": "http.response.start", "status": status, "headers": [*fixed, *headers]}
    await send(start)
    is_head = scope["method"] == "HEAD"
    await send({"type": "http.response.body", "body": b"" if is_head else body})
