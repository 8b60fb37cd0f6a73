"""The conversations as a process of their own."""

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

import click
from dependency_injector import providers

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import LocalRateLimiter, MemoryPersonLocks
from taskbot.adapters.redis import (
    Redis,
    RedisApiTokenStore,
    RedisDialogueStore,
    RedisPersonLocks,
    RedisRateLimiter,
    create_redis,
    redis_check,
)
from taskbot.application.health import HealthService
from taskbot.application.ports import Part
from taskbot.entrypoints.alerting import errors_become_alerts
from taskbot.entrypoints.container import telegram_of
from taskbot.entrypoints.database import migrates_if_alone, prepared
from taskbot.entrypoints.garbage import leave_alone_what_stays
from taskbot.entrypoints.health import LONGEST_SILENCE
from taskbot.entrypoints.heartbeat import beating
from taskbot.entrypoints.metrics import (
    is_wanted,
    measure,
    measure_api_bot,
    measure_telegram,
    metrics_listener,
    metrics_served,
)
from taskbot.entrypoints.processes import stop_on_signals
from taskbot.entrypoints.pulse import pulsing
from taskbot.entrypoints.roles.limits import shared_limiter
from taskbot.entrypoints.settings import BadSetting, Settings, required, variable_of
from taskbot.entrypoints.webhook import WebhookAddress, receive, webhook_address

if TYPE_CHECKING:
    from taskbot.entrypoints.api_bot_container import ApiBotContainer
    from taskbot.entrypoints.bot_container import TelegramContainer


def _share(container: "TelegramContainer", settings: Settings, redis: Redis) -> None:
    """Keep in *redis* what any copy of the bot, the next one too, must find."""
    container.redis.override(providers.Object(redis))
    container.limiter.override(shared_limiter(settings, container.clock(), redis))
    container.dialogues.override(RedisDialogueStore(redis))
    container.stored_api_tokens.override(RedisApiTokenStore(redis))


def _expect_others(container: "TelegramContainer | ApiBotContainer", redis: Redis) -> None:
    """Be one of several that Telegram calls: a person's updates may come to any of them.

    Who polls is the only one, and asks nobody whose turn it is, or how much they have sent.
    """
    alone = LocalRateLimiter(container.clock())
    container.is_only_reader.override(providers.Object(False))
    container.locks.override(RedisPersonLocks(redis, here=MemoryPersonLocks()))
    container.rates.override(RedisRateLimiter(redis, fallback=alone))


async def converse(settings: Settings, *, is_called: bool = False) -> int:
    """Answer people until a signal comes; return the exit status.

    *is_called*: by Telegram, instead of asking it for news.
    """
    called_at = webhook_address(settings) if is_called else None
    await asyncio.to_thread(import_module, "taskbot.entrypoints.bot_container")
    from taskbot.entrypoints.bot_container import TelegramContainer  # noqa: PLC0415 - takes seconds

    required(settings, "bot_token")
    stop = stop_on_signals()
    if not await prepared(settings, migrates_if_alone(settings), stop):
        return 0
    container = TelegramContainer(settings=settings, **telegram_of(settings))
    redis = None if settings.redis_url is None else create_redis(settings.redis_url.reveal())
    if redis is not None:
        _share(container, settings, redis)
        if is_called:
            _expect_others(container, redis)
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
                leave_alone_what_stays()
                await asyncio.gather(container.poller().run(stop), container.vanisher().run(stop))
            return
        async with beating(settings, health, container.clock()):
            leave_alone_what_stays()
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
    token = required(settings, "bot_token")
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
        limiter=shared_limiter(settings, SystemClock(), redis),
        settings=settings,
    )
    if is_called:
        _expect_others(container, redis)
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
