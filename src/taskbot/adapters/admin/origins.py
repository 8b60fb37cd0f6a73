"""Nothing is changed at the bidding of another site's page."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from taskbot.adapters.admin.mounting import App, Receive, Scope, Send

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OURS: Final = frozenset({"same-origin", "none"})


class SameOrigin:
    """The application *app*, which changes something only for pages of its own.

    Beside the tokens in its forms: they would be worth nothing where somebody else may set
    cookies for our domain. Browsers say where a request comes from (Fetch Metadata, and `Origin`
    of RFC 6454); what is no browser says nothing, and has no cookies that it did not ask for.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in _SAFE or _is_own(Headers(scope=scope)):
            await self._app(scope, receive, send)
        else:
            refusal = PlainTextResponse("This came from another site.\n", HTTPStatus.FORBIDDEN)
            await refusal(scope, receive, send)


def _is_own(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
