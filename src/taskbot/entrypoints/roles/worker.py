"""The worker as a process of its own."""

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

import click
from dependency_injector import providers

from taskbot.adapters.queue.between_processes import (
    JOB_QUEUES,
    REMINDERS,
    create_worker,
    threads_check,
)
from taskbot.adapters.queue.rings import Hands
from taskbot.adapters.redis import create_redis
from taskbot.application.health import Check
from taskbot.application.ports import Part
from taskbot.entrypoints.alerting import alert_channels, errors_become_alerts
from taskbot.entrypoints.container import telegram_of
from taskbot.entrypoints.database import migrates_if_alone, prepare_database
from taskbot.entrypoints.garbage import leave_alone_what_stays
from taskbot.entrypoints.health import queue_health
from taskbot.entrypoints.heartbeat import beating
from taskbot.entrypoints.metrics import (
    measure,
    measure_notifications,
    measure_telegram,
    metrics_listener,
    metrics_served,
)
from taskbot.entrypoints.processes import run
from taskbot.entrypoints.pulse import pulsing
from taskbot.entrypoints.roles.limits import shared_limiter
from taskbot.entrypoints.settings import Settings, required
from taskbot.entrypoints.supervisor import supervise

_log = logging.getLogger(__name__)

_DRAIN_MILLISECONDS: Final = 10_000
"""How long a worker that is asked to stop may take over what it has begun."""


def chosen_queues(given: Sequence[str]) -> list[str] | None:
    """The queues that are named, each by itself or several with commas; None: all."""
    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    for name in names:
        if name not in (REMINDERS, *JOB_QUEUES):
            known = ", ".join((REMINDERS, *JOB_QUEUES))
            raise click.BadParameter(f"there is no queue {name!r}, but {known}")
    return names or None


def work(
    settings: Settings,
    *,
    processes: int,
    threads: int,
    queues: Sequence[str] | None,
    is_part: bool = False,
    metrics_socket: Path | None = None,
) -> int:
    """Deliver until a signal comes; return the exit status. Blocks.

    *is_part* of a worker with several processes: it ends with the one that started it, and shows
    its metrics at the *metrics_socket*, if there is one.
    """
    required(settings, "redis_url")
    token = required(settings, "bot_token")
    alert_channels(settings, token, None)  # half of one stops the start here, in one line
    if processes > 1:
        return run(supervise(settings, processes, threads=threads, queues=queues))
    stop = threading.Event()
    if is_part:
        threading.Thread(target=_stop_at_the_end_of_input, args=(stop,), daemon=True).start()
    return _work_alone(settings, stop, threads=threads, queues=queues, socket_path=metrics_socket)


def _stop_at_the_end_of_input(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop.set()


def _work_alone(
    settings: Settings,
    stop: threading.Event,
    *,
    threads: int,
    queues: Sequence[str] | None,
    socket_path: Path | None,
) -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    prepare_database(settings, migrates_if_alone(settings), stop)
    redis_url = required(settings, "redis_url")
    hands = _hands(
        settings, threads_check(lambda: worker), metrics_listener(settings, at=socket_path)
    )
    worker = create_worker(redis_url, opened=hands, at_a_time=threads, queues=queues)
    worker.start()
    click.echo("The worker is at work.")
    stop.wait()
    _log.info("stopping: what is under way is finished first")
    worker.stop(timeout=_DRAIN_MILLISECONDS)
    worker.broker.close()
    return 0


@contextlib.asynccontextmanager
async def _hands(
    settings: Settings, threads: Check, listener: socket.socket | None
) -> AsyncIterator[Hands]:
    """Open what the work needs, on the event loop of the worker.

    From there its heart beats, and there its metrics are shown.
    """
    from taskbot.entrypoints.bot_container import TelegramContainer  # noqa: PLC0415 - takes seconds

    container = TelegramContainer(settings=settings, **telegram_of(settings))
    redis = create_redis(required(settings, "redis_url"))
    container.redis.override(providers.Object(redis))
    container.limiter.override(shared_limiter(settings, container.clock(), redis))
    if listener is not None:
        measure(container, "worker")
        measure_telegram(container)
        measure_notifications(container)
    health = queue_health(container.database(), redis).also(threads)
    try:
        async with (
            metrics_served(container.metrics, listener),
            pulsing(container.signs_of_life(), container.clock(), Part.WORKER),
        ):
            with errors_become_alerts(container.alerts()):
                async with beating(settings, health, container.clock()):
                    leave_alone_what_stays()
                    yield Hands(container.delivery().errands, container.jobs().do)
    finally:
        await container.close_bots()
        await redis.aclose()
        await container.database().dispose()
