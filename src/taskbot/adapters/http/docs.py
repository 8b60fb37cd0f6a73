"""The description to browse: Swagger UI, served from here without anybody else's help."""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from litestar import Response, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from taskbot.adapters.http.compression import UNCHANGING
from taskbot.adapters.http.openapi import openapi_document
from taskbot.adapters.http.paths import DOCS_PATH, PREFIX
from taskbot.adapters.http.problems import Refused

_PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ASSET_HEADERS: Final = {"Cache-Control": "public, max-age=86400"}
_JAVASCRIPT: Final = "text/javascript"
_CSS: Final = "text/css"


@cache
def _own(name: str) -> bytes:
    return files(__package__).joinpath("docs_page", name).read_bytes()


@cache
def _swagger_ui(name: str) -> bytes:
    return (_swagger_ui_folder() / name).read_bytes()


@cache
def _swagger_ui_folder() -> Path:
    """Where `swagger-ui-py` keeps Swagger UI's files; the package itself is not imported."""
    spec = find_spec("swagger_ui")
    if spec is None or spec.origin is None:
        raise RuntimeError("swagger-ui-py is not installed")
    return Path(spec.origin).parent / "static"


_ASSETS: Final[dict[str, tuple[Callable[[str], bytes], str]]] = {
    "favicon-32x32.png": (_swagger_ui, "image/png"),
    "page.css": (_own, _CSS),
    "start.js": (_own, _JAVASCRIPT),
    "swagger-ui-bundle.js": (_swagger_ui, _JAVASCRIPT),
    "swagger-ui.css": (_swagger_ui, _CSS),
}


def docs_routes() -> list[Router | HTTPRouteHandler]:
    """The description, a page to browse it, the page's files, and the way there from `/`."""

    @get("/openapi.json", opt=UNCHANGING, sync_to_thread=True)  # the first call takes a while
    def description() -> Response[bytes]:
        return Response(openapi_document(), media_type="application/json")

    @get("/docs", sync_to_thread=False)
    def page() -> Response[bytes]:
        return Response(_own("index.html"), media_type="text/html", headers=_PAGE_HEADERS)

    @get("/docs/assets/{name:str}", opt=UNCHANGING, sync_to_thread=True)
    def asset(name: FromPath[str]) -> Response[bytes]:
        if name not in _ASSETS:
            raise Refused(HTTPStatus.NOT_FOUND, "path-unknown", "there is nothing at this path")
        read, media_type = _ASSETS[name]
        return Response(read(name), media_type=media_type, headers=_ASSET_HEADERS)

    @get("/", include_in_schema=False, sync_to_thread=False)
    def root() -> Redirect:
        return Redirect(DOCS_PATH)

    return [Router(PREFIX, route_handlers=[description, page, asset]), root]
