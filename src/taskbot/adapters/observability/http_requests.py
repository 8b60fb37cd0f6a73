"""How many requests, how long they take, and how many are under way."""

from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any, Final, TypeAlias

from prometheus_client import CollectorRegistry, Counter, Histogram

from taskbot.adapters.admission import Reason
from taskbot.adapters.observability.definitions import (
    CounterDefinition,
    GaugeDefinition,
    HistogramDefinition,
    Label,
)

_Scope: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[Any]]
_Send: TypeAlias = Callable[[Any], Awaitable[None]]
_App: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]

UNKNOWN: Final = "unknown"
"""The route of every request that leads nowhere, and the method of every one that nobody uses."""

_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_REQUEST: Final = (
    Label(
        "method",
        f"of the request; `{UNKNOWN}` for one that nobody uses",
        (*sorted(_METHODS), UNKNOWN),
    ),
    Label(
        "route",
        f"the template that the request fits, never its path; `{UNKNOWN}` for what leads nowhere, "
        "`webhook` for the address that Telegram calls",
    ),
)
UNDER_WAY: Final = GaugeDefinition("taskbot_http_requests_in_progress", "Requests under way.")
NUMBER: Final = CounterDefinition(
    "taskbot_http_requests_total",
    "Requests answered.",
    (
        *_REQUEST,
        Label("status", "the class of the answer's status", ("1xx", "2xx", "3xx", "4xx", "5xx")),
    ),
)
SECONDS: Final = HistogramDefinition(
    "taskbot_http_request_duration_seconds",
    "From the request's arrival to the end of its answer.",
    _REQUEST,
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

SHED: Final = CounterDefinition(
    "taskbot_http_requests_shed_total",
    "Requests for which nothing was done, as more came than the process could work off.",
    (
        Label(
            "reason",
            "`full`: as many waited as may; `waited`: as long as one may; `gone`: the client went "
            "away while it waited",
            tuple(Reason),
        ),
    ),
)


class MeasuredRequests:
    """An ASGI application around *app*.

    Labels have few values, whatever is sent: the route is the template that the request was found
    to fit (`path_template`, which the router leaves in the scope), never the path itself.
    """

    def __init__(self, app: _App, registry: CollectorRegistry) -> None:
        self._app = app
        self._under_way = 0
        UNDER_WAY.on(registry).set_function(lambda: self._under_way)
        self._number = NUMBER.on(registry)
        self._seconds = SECONDS.on(registry)
        # To look the labelled ones up in the library costs more than all the rest.
        self._kinds: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status_class = 5  # where the application breaks off without any answer
        begun = perf_counter()

        async def noting(message: Any) -> None:
            nonlocal status_class
            if message["type"] == "http.response.start":
                status_class = message["status"] // 100
            await send(message)

        self._under_way += 1
        try:
            await self._app(scope, receive, noting)
        finally:
            self._under_way -= 1
            number, seconds = self._of(scope, status_class)
            number.inc()
            seconds.observe(perf_counter() - begun)

    def _of(self, scope: _Scope, status_class: int) -> tuple[Counter, Histogram]:
        method = scope["method"] if scope["method"] in _METHODS else UNKNOWN
        route = scope.get("path_template") or UNKNOWN
        kind = (method, route, status_class)
        if kind not in self._kinds:
            self._kinds[kind] = (
                self._number.labels(method, route, f"{status_class}xx"),
                self._seconds.labels(method, route),
            )
        return self._kinds[kind]


class ShedMeter:
    def __init__(self, registry: CollectorRegistry) -> None:
        number = SHED.on(registry)
        self._of = {reason: number.labels(reason) for reason in Reason}

    def count(self, reason: Reason) -> None:
        self._of[reason].inc()
