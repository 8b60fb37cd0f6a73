"""`taskbot api`: the REST API alone; any number of these may run side by side."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import click

from taskbot.application.ports import Part
from taskbot.entrypoints.alerting import errors_become_alerts
from taskbot.entrypoints.container import Container, telegram_of
from taskbot.entrypoints.database import migrates_if_alone, prepared
from taskbot.entrypoints.garbage import leave_alone_what_stays
from taskbot.entrypoints.heartbeat import beating
from taskbot.entrypoints.metrics import (
    measure,
    metrics_listener,
    metrics_served,
    watch_delivery,
)
from taskbot.entrypoints.processes import drained, stop_on_signals
from taskbot.entrypoints.pulse import pulsing
from taskbot.entrypoints.settings import Settings
from taskbot.entrypoints.web_server import serving


async def serve_api(settings: Settings) -> int:
    """Serve until a signal comes; return the exit status."""
    stop = stop_on_signals()
    if not await prepared(settings, migrates_if_alone(settings), stop):
        return 0
    container = Container(settings=settings, **telegram_of(settings))
    measure(container, "api")
    watch_delivery(container)
    try:
        async with pulsing(container.signs_of_life(), container.clock(), Part.API):
            with errors_become_alerts(container.alerts()):
                await _serve_until(stop, container, settings)
    finally:
        await container.close()
    return 0


async def _serve_until(stop: asyncio.Event, container: Container, settings: Settings) -> None:
    health = container.health()
    async with (
        serving_api(container, settings) as address,
        beating(settings, health, container.clock()),
    ):
        click.echo(f"API docs    {address}/api/v1/docs")
        leave_alone_what_stays()
        await drained(stop, health, seconds=settings.drain_seconds)


@contextlib.asynccontextmanager
async def serving_api(container: Container, settings: Settings) -> AsyncIterator[str]:
    """Serve the API, and its metrics on a port of their own if one is named; give its address."""
    async with (
        metrics_served(container.metrics, metrics_listener(settings)),
        serving(
            container.web(),
            host=settings.host,
            port=settings.port,
            trusted_proxies=settings.trusted_proxies,
        ) as address,
    ):
        yield address
