"""What every answer of the panel says to browsers about what they may do with it."""

import secrets
from contextvars import ContextVar
from typing import Final

from starlette.datastructures import MutableHeaders

from taskbot.adapters.admin.mounting import App, Message, Receive, Scope, Send

_NONCE: Final[ContextVar[str]] = ContextVar("nonce")
_NONCE_BYTES: Final = 16

_SOURCES: Final = {
    "default-src": "'none'",
    "script-src": "'self' 'nonce-{nonce}'",
    "style-src-elem": "'self' 'nonce-{nonce}'",
    "style-src-attr": "'unsafe-inline'",  # widths and heights that templates and charts write
    "img-src": "'self' data:",  # icons within stylesheets
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_POLICY: Final = "; ".join(f"{name} {value}" for name, value in _SOURCES.items())
"""Content Security Policy Level 3: nothing is loaded from elsewhere, no script runs that the page
did not come with."""

_ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def page_nonce() -> str:
    """What marks the scripts and styles that this very page came with."""
    return _NONCE.get()


class GuardedPages:
    """The ASGI application *app* with headers that keep its pages to themselves.

    Its files may be kept by browsers; its pages, which show what people wrote, may not.
    """

    def __init__(self, app: App, *, files: str) -> None:
        self._app, self._files = app, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(_NONCE_BYTES)
        _NONCE.set(nonce)
        is_file = scope["path"].startswith(self._files)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                headers["content-security-policy"] = _POLICY.format(nonce=nonce)
                headers["cache-control"] = "public, max-age=86400" if is_file else "no-store"
            await send(message)

        await self._app(scope, receive, guarded)
