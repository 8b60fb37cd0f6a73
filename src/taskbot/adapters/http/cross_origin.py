"""Programs in other sites' pages: cross-origin resource sharing (the Fetch standard, CORS).

Off unless the operator names origins. No cookie of ours exists, and none would be sent: whoever
asks has an access token of their own. Litestar's own middleware answers without problem documents,
and without `Vary` to those it refuses.
"""

from collections.abc import Collection
from http import HTTPStatus
from typing import Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from taskbot.adapters.http.problems import Refused, send_problem
from taskbot.adapters.http.repetitions import KEY_HEADER, REPLAYED_HEADER
from taskbot.adapters.http.request_ids import REQUEST_ID_HEADER

ANY_ORIGIN: Final = "*"
_METHODS: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_SENT: Final = (
    "Authorization",
    "Content-Type",
    KEY_HEADER,
    "If-Match",
    "If-None-Match",
    REQUEST_ID_HEADER,
)
_SHOWN: Final = (
    "ETag",
    REPLAYED_HEADER,
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    REQUEST_ID_HEADER,
)
_SHOWN_HEADER: Final = (b"access-control-expose-headers", ", ".join(_SHOWN).encode())
_REMEMBERED_SECONDS: Final = 7200  # no browser heeds more
_PREFLIGHT_HEADERS: Final = (
    (b"access-control-allow-methods", ", ".join(_METHODS).encode()),
    (b"access-control-allow-headers", ", ".join(_SENT).encode()),
    (b"access-control-max-age", b"%d" % _REMEMBERED_SECONDS),
)
_LOWER_SENT: Final = frozenset(name.lower() for name in _SENT)


class CrossOrigin:
    """The application, open to pages of *origins*; `*` is any."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app, self._origins = app, frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = _header(scope, b"origin")
        method = _header(scope, b"access-control-request-method")
        if scope.get("method") == "OPTIONS" and origin is not None and method is not None:
            await self._preflight(scope, receive, self._sharing(send, origin), origin, method)
        else:
            await self._app(scope, receive, self._sharing(send, origin))

    async def _preflight(
        self, scope: Scope, receive: Receive, send: Send, origin: str, method: str
    ) -> None:
        wanted = _header(scope, b"access-control-request-headers") or ""
        names = {name.strip().lower() for name in wanted.split(",")} - {""}
        if not self._allows(origin):
            await send_problem(_refusal("this origin may not use the API"), scope, receive, send)
        elif method not in _METHODS:
            await send_problem(_refusal("no path has such a method"), scope, receive, send)
        elif not names <= _LOWER_SENT:
            detail = f"of headers there may be {', '.join(_SENT)}"
            await send_problem(_refusal(detail), scope, receive, send)
        else:
            headers = [*_PREFLIGHT_HEADERS, (b"vary", b"Access-Control-Request-Headers")]
            status = HTTPStatus.NO_CONTENT.value
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _sharing(self, send: Send, origin: str | None) -> Send:
        async def share_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers(origin)]
            await send(message)

        return share_and_send

    def _headers(self, origin: str | None) -> list[tuple[bytes, bytes]]:
        if ANY_ORIGIN in self._origins:
            return [(b"access-control-allow-origin", b"*"), _SHOWN_HEADER]
        varies = (b"vary", b"Origin")  # also without one: caches must not confuse them
        if origin is None or origin not in self._origins:
            return [varies]
        return [(b"access-control-allow-origin", origin.encode("ascii")), _SHOWN_HEADER, varies]

    def _allows(self, origin: str) -> bool:
        return ANY_ORIGIN in self._origins or origin in self._origins


def _refusal(detail: str) -> Refused:
    return Refused(HTTPStatus.FORBIDDEN, "cross-origin-refused", detail)


def _header(scope: Scope, wanted: bytes) -> str | None:
    return next((v.decode("latin-1") for name, v in scope["headers"] if name == wanted), None)
