"""Processes with one role each: scheduler, worker, bot."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from dependency_injector import providers

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import LocalSendLimiter, MemoryPersonLocks
from taskbot.adapters.queue.rings import Hands
from taskbot.adapters.redis import (
    Redis,
    RedisApiTokenStore,
    RedisDialogueStore,
    RedisPersonLocks,
    RedisSendLimiter,
    create_redis,
    redis_check,
)
from taskbot.application.health import Check, HealthService, Rounds
from taskbot.application.ports import Clock, Part
from taskbot.entrypoints.alerting import alert_channels, errors_become_alerts
from taskbot.entrypoints.container import telegram_of
from taskbot.entrypoints.database import migrates_if_alone, prepare_database, prepared
from taskbot.entrypoints.health import LONGEST_ROUND, LONGEST_SILENCE, queue_health
from taskbot.entrypoints.heartbeat import beating
from taskbot.entrypoints.metrics import (
    is_wanted,
    measure,
    measure_api_bot,
    measure_notifications,
    measure_scheduler,
    measure_telegram,
    metrics_listener,
    metrics_served,
)
from taskbot.entrypoints.processes import run, stop_on_signals
from taskbot.entrypoints.pulse import pulsing
from taskbot.entrypoints.setting_values import Secret
from taskbot.entrypoints.settings import BadSetting, Settings, variable_of
from taskbot.entrypoints.supervisor import supervise
from taskbot.entrypoints.webhook import WebhookAddress, receive, webhook_address

if TYPE_CHECKING:
    from taskbot.entrypoints.api_bot_container import ApiBotContainer
    from taskbot.entrypoints.bot_container import TelegramContainer

_log = logging.getLogger(__name__)

_SHARE_ALONE: Final = 0.1
"""Of a worker without Redis: ten of them still keep to what Telegram allows all together."""
_DRAIN_MILLISECONDS: Final = 10_000
"""How long a worker that is asked to stop may take over what it has begun."""


def _required(settings: Settings, name: str) -> str:
    value: Secret | None = getattr(settings, name)
    if value is None:
        raise BadSetting(variable_of(name), "is needed by processes of their own")
    return value.reveal()


def _shared_limiter(settings: Settings, clock: Clock, redis: Redis) -> RedisSendLimiter:
    alone = LocalSendLimiter(
        clock,
        per_bot=settings.messages_per_second * _SHARE_ALONE,
        per_chat=settings.messages_per_chat,
    )
    return RedisSendLimiter(
        redis,
        fallback=alone,
        per_bot=settings.messages_per_second,
        per_chat=settings.messages_per_chat,
    )


async def schedule(settings: Settings) -> int:
    """Claim what is due and ring for it until a signal comes; return the exit status."""
    from taskbot.entrypoints.scheduler import (  # noqa: PLC0415 - each loads its own
        run_jobs,
        run_scheduler,
    )
    from taskbot.entrypoints.scheduler_container import SchedulerContainer  # noqa: PLC0415

    redis_url = _required(settings, "redis_url")
    stop = stop_on_signals()
    if not await prepared(settings, migrates_if_alone(settings), stop):
        return 0
    container = SchedulerContainer(settings=settings, redis_url=redis_url, **telegram_of(settings))
    clock, redis = container.clock(), create_redis(redis_url)
    container.redis.override(providers.Object(redis))
    meter = measure_scheduler(container) if is_wanted(settings) else None
    rounds = Rounds(clock)
    health = queue_health(container.database(), redis).also(
        rounds.check("dispatch", within=LONGEST_ROUND)
    )
    try:
        async with (
            metrics_served(container.metrics, metrics_listener(settings)),
            pulsing(container.signs_of_life(), clock, Part.SCHEDULER),
            beating(settings, health, clock),
        ):
            click.echo("The scheduler is at work.")
            with errors_become_alerts(container.alerts()):
                await asyncio.gather(
                    run_scheduler(container.dispatch(), clock, stop, rounds=rounds, meter=meter),
                    run_jobs(container.scheduled_jobs(), stop),
                )
    finally:
        container.broker().close()
        await container.close()
    return 0


def _share(container: "TelegramContainer", settings: Settings, redis: Redis) -> None:
    """Keep in *redis* what any copy of the bot, the next one too, must find."""
    container.redis.override(providers.Object(redis))
    container.limiter.override(_shared_limiter(settings, container.clock(), redis))
    container.dialogues.override(RedisDialogueStore(redis))
    container.stored_api_tokens.override(RedisApiTokenStore(redis))
    container.locks.override(RedisPersonLocks(redis, here=MemoryPersonLocks()))


async def converse(settings: Settings, *, is_called: bool = False) -> int:
    """Answer people until a signal comes; return the exit status.

    *is_called*: by Telegram, instead of asking it for news.
    """
    called_at = webhook_address(settings) if is_called else None
    await asyncio.to_thread(import_module, "taskbot.entrypoints.bot_container")
    from taskbot.entrypoints.bot_container import TelegramContainer  # noqa: PLC0415 - takes seconds

    _required(settings, "bot_token")
    stop = stop_on_signals()
    if not await prepared(settings, migrates_if_alone(settings), stop):
        return 0
    container = TelegramContainer(settings=settings, **telegram_of(settings))
    redis = None if settings.redis_url is None else create_redis(settings.redis_url.reveal())
    if redis is not None:
        _share(container, settings, redis)
    container.is_only_reader.override(providers.Object(not is_called))
    if is_wanted(settings):
        measure(container, "bot")
        measure_telegram(container)
    profile = asyncio.create_task(container.publish_profile())
    try:
        async with pulsing(container.signs_of_life(), container.clock(), Part.BOT):
            with errors_become_alerts(container.alerts()):
                await _receive(container, settings, called_at, container.health(), stop)
    finally:
        profile.cancel()
        await asyncio.gather(profile, return_exceptions=True)
        if redis is not None:
            await redis.aclose()
        await container.close_bots()
        await container.database().dispose()
    return 0


async def _receive(
    container: "TelegramContainer | ApiBotContainer",
    settings: Settings,
    called_at: WebhookAddress | None,
    health: HealthService,
    stop: asyncio.Event,
) -> None:
    async with metrics_served(container.metrics, metrics_listener(settings)):
        if called_at is None:
            polls = container.polls().check("telegram", within=LONGEST_SILENCE)
            async with beating(settings, health.also(polls), container.clock()):
                click.echo("The bot is at work.")
                await asyncio.gather(container.poller().run(stop), container.vanisher().run(stop))
            return
        async with beating(settings, health, container.clock()):
            await asyncio.gather(
                receive(
                    called_at,
                    settings,
                    bot=container.talking_bot(),
                    dispatcher=container.dispatcher(),
                    health=health,
                    metrics=container.metrics() if is_wanted(settings) else None,
                    stop=stop,
                ),
                container.vanisher().run(stop),
            )


async def converse_over_api(settings: Settings, *, is_called: bool = False) -> int:
    """As `converse`, over the API and without the database.

    Nor is there a place for alerts: the processes that deliver tell them.
    """
    token = _required(settings, "bot_token")
    if settings.api_url is None:
        raise BadSetting(variable_of("api_url"), "is needed to work over the API")
    if settings.redis_url is None:
        raise BadSetting(
            variable_of("redis_url"),
            "is needed by a bot without the database: dialogues have no other place",
        )
    called_at = webhook_address(settings) if is_called else None
    await asyncio.to_thread(import_module, "taskbot.entrypoints.api_bot_container")
    from taskbot.entrypoints.api_bot_container import ApiBotContainer  # noqa: PLC0415 - as above

    stop = stop_on_signals()
    redis = create_redis(settings.redis_url.reveal())
    container = ApiBotContainer(
        api_url=settings.api_url,
        bot_token=token,
        telegram_api_url=settings.telegram_api_url,
        redis=redis,
        limiter=_shared_limiter(settings, SystemClock(), redis),
        settings=settings,
    )
    container.is_only_reader.override(providers.Object(not is_called))
    if is_wanted(settings):
        measure_api_bot(container)
    profile = asyncio.create_task(container.publish_profile())
    click.echo(f"The API is at {settings.api_url}.")
    try:
        await _receive(
            container,
            settings,
            called_at,
            HealthService([redis_check(redis, is_needed=False)]),
            stop,
        )
    finally:
        profile.cancel()
        await asyncio.gather(profile, return_exceptions=True)
        await container.close()
        await redis.aclose()
    return 0


def chosen_queues(given: Sequence[str]) -> list[str] | None:
    """The queues that are named, each by itself or several with commas; None: all."""
    from taskbot.adapters.queue.between_processes import JOB_QUEUES, REMINDERS  # noqa: PLC0415 - each loads its own

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
    _required(settings, "redis_url")
    token = _required(settings, "bot_token")
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
    from taskbot.adapters.queue.between_processes import create_worker, threads_check  # noqa: PLC0415 - each loads its own

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    prepare_database(settings, migrates_if_alone(settings), stop)
    redis_url = _required(settings, "redis_url")
    hands = _hands(
        settings, threads_check(lambda: worker), metrics_listener(settings, at=socket_path)
    )
    worker = create_worker(redis_url, opened=hands, threads=threads, queues=queues)
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
    redis = create_redis(_required(settings, "redis_url"))
    container.redis.override(providers.Object(redis))
    container.limiter.override(_shared_limiter(settings, container.clock(), redis))
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
                    yield Hands(container.delivery().deliver, container.jobs().do)
    finally:
        await container.close_bots()
        await redis.aclose()
        await container.database().dispose()
