"""What a process measures, and where it shows that.

The application knows nothing of it: its ports are measured on the way to their adapters, which
`measure` and its like put in place before anything else is made.
"""

import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from dependency_injector import providers

from taskbot.adapters.admission import Shed
from taskbot.adapters.queue import InProcessReminderQueue
from taskbot.application.health import Check
from taskbot.entrypoints.settings import Settings
from taskbot.entrypoints.web_server import address_of, listen, listen_here, serving_on

if TYPE_CHECKING:
    from taskbot.adapters.observability import DispatchMeter, MeasuredRequests, Metrics
    from taskbot.adapters.persistence import Database
    from taskbot.adapters.redis import Redis
    from taskbot.entrypoints.api_bot_container import ApiBotContainer
    from taskbot.entrypoints.bot_container import TelegramContainer
    from taskbot.entrypoints.container import Container
    from taskbot.entrypoints.scheduler_container import SchedulerContainer

# ruff: noqa: PLC0415 - commands that measure nothing do not load the library


def is_wanted(settings: Settings) -> bool:
    """Whether anybody can see what a process measures that has no API."""
    return settings.metrics_port is not None


def process_metrics(database: "Database", redis: "Redis | None") -> "Metrics":
    """What each process with a database shows: how that is, and how Redis is."""
    from taskbot.adapters.observability import (
        CONNECTIONS_IN_USE,
        CONNECTIONS_MAX,
        DependencySource,
        Metrics,
        SchemaSource,
    )
    from taskbot.adapters.persistence import (
        connections_in_use,
        database_checks,
        most_connections,
    )

    metrics = Metrics()
    metrics.gauge(CONNECTIONS_IN_USE, lambda: connections_in_use(database))
    metrics.gauge(CONNECTIONS_MAX, lambda: most_connections(database))
    answers, schema = database_checks(database)
    metrics.add(DependencySource([answers, *_redis_check(redis)]))
    metrics.add(SchemaSource(schema))
    return metrics


def _redis_check(redis: "Redis | None") -> list[Check]:
    if redis is None:
        return []
    from taskbot.adapters.redis import redis_check  # loaded by now

    return [redis_check(redis, is_needed=False)]


def measure(container: "Container", *roles: str) -> "Metrics":
    """Measure what all processes with a database do. Comes before anything is made of it."""
    from taskbot.adapters.observability import MeasuredTransactions, TransactionMeter
    from taskbot.adapters.persistence.migrate import HEAD

    metrics = container.metrics()
    metrics.describe(*roles, schema=HEAD)
    measured = MeasuredTransactions(container.transactions(), metrics.meter(TransactionMeter))
    container.transactions.override(providers.Object(measured))
    return metrics


def watch_delivery(container: "Container") -> None:
    """Show how delivery is doing, as it is stored: for processes of which there are few."""
    from taskbot.adapters.observability import CanarySource, ReminderSource

    metrics, clock, canary = container.metrics(), container.clock(), container.canary()
    metrics.add(ReminderSource(container.queries(), clock))
    if canary is not None:
        metrics.add(CanarySource(canary, clock))


def measure_telegram(container: "TelegramContainer | ApiBotContainer") -> None:
    """Measure conversations, calls, and waits. Comes after the limiter is chosen."""
    from taskbot.adapters.observability import ConversationMeter, LimitMeter, MeasuredLimiter

    metrics = container.metrics()
    container.meter.override(providers.Object(metrics.meter(ConversationMeter)))
    limiter = MeasuredLimiter(container.limiter(), metrics.meter(LimitMeter))
    container.limiter.override(providers.Object(limiter))


def measure_notifications(container: "TelegramContainer") -> None:
    """Comes after `measure_telegram`, of which the notifier's calls are a part."""
    from taskbot.adapters.observability import MeasuredNotifier, NotificationMeter

    meter = container.metrics().meter(NotificationMeter)
    measured = MeasuredNotifier(container.notifier(), meter)
    container.notifier.override(providers.Object(measured))


def dispatch_meter(metrics: "Metrics") -> "DispatchMeter":
    from taskbot.adapters.observability import DispatchMeter

    return metrics.meter(DispatchMeter)


def measure_scheduler(container: "SchedulerContainer") -> "DispatchMeter":
    """Measure dispatch, and show the queues behind it."""
    from taskbot.adapters.observability import QueueSource
    from taskbot.adapters.queue.between_processes import queue_lengths

    metrics = measure(container, "scheduler")
    watch_delivery(container)
    metrics.add(QueueSource(partial(queue_lengths, container.broker())))
    return dispatch_meter(metrics)


def show_queue(queue: InProcessReminderQueue, metrics: "Metrics") -> None:
    from taskbot.adapters.observability import QueueSource

    async def look() -> dict[str, tuple[int, int]]:
        return {"reminders": (queue.waiting, 0)}

    metrics.add(QueueSource(look))


def plain_metrics() -> "Metrics":
    from taskbot.adapters.observability import Metrics

    return Metrics()


def measure_api_bot(container: "ApiBotContainer") -> None:
    """Measure a bot that has no database. Comes before anything is made of it."""
    from taskbot.adapters.api_client.health import api_check
    from taskbot.adapters.observability import ApiCallMeter, DependencySource

    metrics = container.metrics()
    metrics.describe("bot")
    container.api_meter.override(providers.Object(metrics.meter(ApiCallMeter)))
    measure_telegram(container)
    checks = [api_check(container.connection()), *_redis_check(container.redis())]
    metrics.add(DependencySource(checks))


def measured(app: Any, metrics: "Metrics") -> "MeasuredRequests":
    """The ASGI application *app*, whose requests are measured."""
    from taskbot.adapters.observability import MeasuredRequests

    return MeasuredRequests(app, metrics.registry)


def shed_meter(metrics: "Metrics") -> Shed:
    """Count what is not let in, as more comes than the process can work off."""
    from taskbot.adapters.observability import ShedMeter

    return metrics.meter(ShedMeter).count


def metrics_listener(settings: Settings, at: Path | None = None) -> socket.socket | None:
    """Where metrics are to be served: *at* a socket, or at the port that the settings name.

    None: nowhere. Raise `AddressTaken` if it cannot be bound.
    """
    if at is not None:
        return listen_here(at)
    if settings.metrics_port is None:
        return None
    listener = listen(settings.metrics_host, settings.metrics_port)
    click.echo(f"Metrics     {_address(listener, settings)}")
    return listener


def _address(listener: socket.socket, settings: Settings) -> str:
    return f"{address_of(settings.metrics_host, listener.getsockname()[1])}/metrics"


@contextlib.asynccontextmanager
async def metrics_served(
    metrics: Callable[[], "Metrics"], listener: socket.socket | None
) -> AsyncIterator[None]:
    """Show them at *listener* as long as the block lasts, if there is one."""
    if listener is None:
        yield
        return
    from taskbot.adapters.observability import MetricsPage

    async with serving_on(listener, MetricsPage(metrics()), lifespan="off"):
        yield


@contextlib.asynccontextmanager
async def metrics_collected(
    sockets: Sequence[Path], listener: socket.socket | None
) -> AsyncIterator[None]:
    """Show at *listener* those of the processes at *sockets*, and this process's own."""
    from taskbot.adapters.observability import Metrics
    from taskbot.adapters.observability.processes import ProcessSource

    metrics = Metrics()
    async with contextlib.AsyncExitStack() as open_ones:
        for number, path in enumerate(sockets, start=1):
            source = ProcessSource.at(path, number=number)
            open_ones.push_async_callback(source.close)
            metrics.add(source)
        await open_ones.enter_async_context(metrics_served(lambda: metrics, listener))
        yield
