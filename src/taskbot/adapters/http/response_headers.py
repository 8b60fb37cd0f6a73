"""Headers that every answer carries, also a refusal from before any handler."""

from typing import Any, Final

from litestar.routes import HTTPRoute
from litestar.types import Message, Scope

from taskbot.adapters.http.etags import begin_not_modified, is_without_body
from taskbot.adapters.http.rate_limits import limits_shown
from taskbot.adapters.http.request_ids import REQUEST_ID_HEADER, request_id_of

_DEFAULTS: Final = (
    (b"cache-control", b"no-store"),
    # What is no page must not be run as one, should a browser be led to it.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
# Said over TLS alone, for nobody else may say it (RFC 6797, section 7.2).
_TLS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000")
_REQUEST_ID: Final = REQUEST_ID_HEADER.lower().encode()


async def finish(message: Message, scope: Scope) -> None:
    """Make of what a handler says the answer that leaves us.

    One hook for Litestar, which awaits each of its own for every message.
    """
    if message["type"] == "http.response.start":
        begin_not_modified(message, scope)
        if scope.get("method") == "OPTIONS":
            _name_every_method(message, scope)
        _complete(message, scope)
    elif message["type"] == "http.response.body" and is_without_body(scope):
        message["body"] = b""


def _complete(start: Any, scope: Scope) -> None:
    """Add to a response what its handler did not set itself."""
    own = [*start["headers"], *limits_shown(scope)]
    names = {name.lower() for name, _ in own}
    own.extend((name, value) for name, value in _DEFAULTS if name not in names)
    if scope["scheme"] == "https":
        own.append(_TLS_ONLY)
    own.append((_REQUEST_ID, request_id_of(scope).encode("ascii")))
    start["headers"] = own


def _name_every_method(start: Any, scope: Scope) -> None:
    """Correct `Allow` in Litestar's answer to OPTIONS, which knows one of a path's handlers."""
    template = scope.get("path_template")
    for route in scope["litestar_app"].routes:
        if isinstance(route, HTTPRoute) and route.path_format == template:
            allowed = ", ".join(sorted(route.methods)).encode("ascii")
            start["headers"] = [
                (name, allowed if name.lower() == b"allow" else value)
                for name, value in start["headers"]
            ]
