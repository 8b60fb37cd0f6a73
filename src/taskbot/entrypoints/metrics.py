"""What a process with an API measures, and where it shows that."""

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from taskbot.adapters.persistence import Database, connections_in_use, most_connections
from taskbot.application.ports import Clock, Queries
from taskbot.entrypoints.settings import Settings
from taskbot.entrypoints.web_server import serving

if TYPE_CHECKING:
    from taskbot.adapters.observability import MeasuredRequests, Metrics

# ruff: noqa: PLC0415 - commands that measure nothing do not load the library


def process_metrics(database: Database, queries: Queries, clock: Clock) -> "Metrics":
    from taskbot.adapters.observability import Metrics, ReminderSource

    metrics = Metrics()
    metrics.gauge(
        "taskbot_database_connections_in_use",
        "Connections to the database that are at work.",
        lambda: connections_in_use(database),
    )
    metrics.gauge(
        "taskbot_database_connections_max",
        "Connections to the database that there may be.",
        lambda: most_connections(database),
    )
    metrics.add(ReminderSource(queries, clock))
    return metrics


def measured(app: Any, metrics: "Metrics") -> "MeasuredRequests":
    from taskbot.adapters.observability import MeasuredRequests

    return MeasuredRequests(app, metrics.registry)


@contextlib.asynccontextmanager
async def metrics_served(settings: Settings, metrics: "Metrics") -> AsyncIterator[str | None]:
    """Show them on a port of their own as long as the block lasts, if the settings name one.

    Give the address.
    """
    if settings.metrics_port is None:
        yield None
        return
    from taskbot.adapters.observability import MetricsPage

    page = MetricsPage(metrics)
    async with serving(
        page, host=settings.metrics_host, port=settings.metrics_port, lifespan="off"
    ) as address:
        yield f"{address}/metrics"
