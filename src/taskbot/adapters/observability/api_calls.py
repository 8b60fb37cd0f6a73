"""A bot that works over the API: its requests."""

from typing import Final

from prometheus_client import CollectorRegistry

from taskbot.adapters.observability.definitions import (
    OTHER,
    CounterDefinition,
    HistogramDefinition,
    Label,
)

_METHOD: Final = Label("method", "of the request", ("DELETE", "GET", "PATCH", "POST", OTHER))
_OUTCOME: Final = Label(
    "outcome",
    "the class of the answer's status, or `no_answer`",
    ("2xx", "3xx", "4xx", "5xx", "no_answer", OTHER),
)
CALLS: Final = CounterDefinition(
    "taskbot_api_calls_total",
    "Requests of a bot that works over the API, each try for itself.",
    (_METHOD, _OUTCOME),
)
SECONDS: Final = HistogramDefinition(
    "taskbot_api_call_duration_seconds",
    "How long the API took to begin its answer.",
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class ApiCallMeter:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._calls, self._seconds = CALLS.on(registry), SECONDS.on(registry)

    def call_ended(self, method: str, outcome: str, *, seconds: float) -> None:
        self._calls.labels(_METHOD.of(method), _OUTCOME.of(outcome)).inc()
        if outcome != "no_answer":
            self._seconds.observe(seconds)
