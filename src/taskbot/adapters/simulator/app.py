"""The simulator as one ASGI application: Bot API, control interface, chat page."""

import logging
import re
from collections.abc import Iterator
from http import HTTPStatus
from importlib.resources import files
from typing import Any, Final

from litestar import Litestar, Request, Response, get
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from taskbot.adapters.simulator.bot_api import bot_api_handlers
from taskbot.adapters.simulator.connections import remember_transport
from taskbot.adapters.simulator.control_chats import ChatController, PersonController, add_group
from taskbot.adapters.simulator.control_inline import InlineController
from taskbot.adapters.simulator.control_server import ServerController
from taskbot.adapters.simulator.refusals import ControlRefusal, Refusal
from taskbot.adapters.simulator.simulator import Simulator

logger = logging.getLogger(__name__)

LOOPBACK: Final = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
JSON_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
PAGE_TYPES: Final = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
}
PAGE_FILE: Final = re.compile(r"[A-Za-z0-9_-]+\.(?P<suffix>[a-z0-9]+)")


def create_simulator_app(simulator: Simulator) -> ASGIApp:
    """Serve an opened *simulator*. Whoever runs the server binds it to the loopback only."""
    return LoopbackOnly(
        Litestar(
            route_handlers=[
                *page_handlers(),
                PersonController,
                add_group,
                ChatController,
                InlineController,
                ServerController,
                *bot_api_handlers(simulator),
            ],
            exception_handlers={
                ControlRefusal: _control_refusal,
                Refusal: _refused_upload,
                HTTPException: _http_error,
                Exception: _bug,
            },
            dependencies={"simulator": Provide(lambda: simulator, sync_to_thread=False)},
            response_headers={"X-Content-Type-Options": "nosniff"},
            openapi_config=None,
            logging_config=None,
        )
    )


def page_handlers() -> list[HTTPRouteHandler]:
    @get("/")
    async def index() -> Response[bytes]:
        return _page_file("index.html")

    @get("/page/{name:str}")
    async def page_file(name: FromPath[str]) -> Response[bytes]:
        return _page_file(name)

    return [index, page_file]


def _page_file(name: str) -> Response[bytes]:
    match = PAGE_FILE.fullmatch(name)
    media_type = PAGE_TYPES.get(match["suffix"]) if match else None
    resource = files(__package__).joinpath("page", name)
    if media_type is None or not resource.is_file():
        raise ControlRefusal(404, "there is no such page")
    return Response(resource.read_bytes(), media_type=media_type, headers=PAGE_HEADERS)


def _error(status: int, message: str) -> Response[Any]:
    return Response({"error": message}, status_code=status, headers=JSON_HEADERS)


def _control_refusal(request: Request[Any, Any, Any], error: ControlRefusal) -> Response[Any]:
    return _error(error.status, error.message)


def _refused_upload(request: Request[Any, Any, Any], error: Refusal) -> Response[Any]:
    return _error(error.code, error.description)


def _http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    return _error(error.status_code, error.detail)


def _bug(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    # The path may hold a bot's token; the traceback does not.
    logger.error("the simulator failed", exc_info=error)
    return _error(HTTPStatus.INTERNAL_SERVER_ERROR, "the simulator failed; see its log")


class LoopbackOnly:
    """Lets in what was addressed to this machine by name, and browsers from this page only.

    Without the check of `Host` a website could reach the simulator by DNS rebinding, without the
    checks of `Origin` and `Sec-Fetch-Site` by cross-site requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            refusal = "; ".join(_objections(scope))
            if refusal:
                response = _error(HTTPStatus.FORBIDDEN, refusal).to_asgi_response(
                    app=None, request=Request(scope)
                )
                await response(scope, receive, send)
                return
            remember_transport(scope, send)
        await self._app(scope, receive, send)


def _objections(scope: HTTPScope) -> Iterator[str]:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get("host", "")
    if LOOPBACK.fullmatch(host) is None:
        yield "the simulator answers on localhost only"
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        yield "requests of other origins are refused"
    site = headers.get("sec-fetch-site", "none")
    is_page = scope["path"] == "/" and scope["method"] == "GET"
    if site not in {"none", "same-origin"} and not is_page:
        yield "requests of other sites are refused"
