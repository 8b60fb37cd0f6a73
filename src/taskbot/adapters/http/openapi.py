"""The API's description of itself: OpenAPI 3.1."""

from functools import cache
from importlib.metadata import version
from typing import Any

from litestar import Litestar
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, License, Tag
from litestar.routes import HTTPRoute
from litestar.serialization import encode_json

from taskbot.adapters.http.authentication import (
    ACCESS_TOKEN_SCHEME,
    SECURITY_SCHEME,
    needed_scopes,
)
from taskbot.adapters.http.bare_litestar import BareLitestar
from taskbot.adapters.http.bodies import ApiRequest
from taskbot.adapters.http.dependencies import provided
from taskbot.adapters.http.openapi_conventions import add_conventions
from taskbot.adapters.http.openapi_links import add_links
from taskbot.adapters.http.openapi_requests import complete_requests
from taskbot.adapters.http.routes import api_routes

_DESCRIPTION = """\
Tasks, and reminders of them that arrive on time. Everything here belongs to the person whose
access token it is; what belongs to others answers as if it did not exist.

Moments are RFC 3339 with an offset and come back in UTC. Errors are problem details (RFC 9457):
switch on `type`, show `detail`, and name `request_id` to the operator.

Every token has so many requests a minute: `RateLimit` says what is left. A POST with an
`Idempotency-Key` can be repeated safely. What is read has an `ETag`: `If-None-Match` spares its
transfer, `If-Match` keeps a change from overwriting what you have not seen. Answers come
compressed to those who accept it.

Which scopes an access token needs stands at each operation's `security`.
"""


@cache
def openapi_document() -> bytes:
    """The description as JSON. Made on demand, from the routes alone: it needs no services.

    A second application is made to be described, as Litestar would answer HTML to unknown paths
    beside a description that it serves itself.
    """
    described = BareLitestar(
        api_routes(),
        dependencies=provided(),
        request_class=ApiRequest,
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="taskbot",
            version=version("taskbot"),
            description=_DESCRIPTION,
            license=License(name="MIT", identifier="MIT"),
            components=Components(security_schemes={SECURITY_SCHEME: ACCESS_TOKEN_SCHEME}),
            tags=[
                Tag("tasks", "What is to be done, and until when."),
                Tag("categories", "A person's own labels for tasks."),
                Tag("me", "The person whose access token it is."),
                Tag("access tokens", "With which programs say whose they are."),
                Tag("operators", "How the whole is doing; for tokens of scope `operator`."),
                Tag("health", "For whoever watches over the process."),
            ],
        ),
    )
    document = described.openapi_schema.to_schema()
    complete_requests(document)
    add_conventions(document)
    add_links(document)
    document["paths"] = dict(sorted(document["paths"].items()))
    _say_scopes(document["paths"], described)
    return encode_json(document)


def _say_scopes(paths: dict[str, Any], described: Litestar) -> None:
    """Name the scopes as the roles of the security requirement, where OpenAPI 3.1 has them."""
    for route in described.routes:
        if not isinstance(route, HTTPRoute) or route.path_format not in paths:
            continue
        for method, operation in paths[route.path_format].items():
            if "security" in operation:
                handler, _ = route.route_handler_map[method.upper()]
                scopes = [scope.value for scope in needed_scopes(handler, method.upper())]
                operation["security"] = [{SECURITY_SCHEME: scopes}]
