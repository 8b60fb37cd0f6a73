"""The scheduler as a process of its own."""

import asyncio

import click
from dependency_injector import providers

from taskbot.adapters.redis import create_redis
from taskbot.application.health import Rounds
from taskbot.application.ports import Part
from taskbot.entrypoints.alerting import errors_become_alerts
from taskbot.entrypoints.container import telegram_of
from taskbot.entrypoints.database import migrates_if_alone, prepared
from taskbot.entrypoints.garbage import leave_alone_what_stays
from taskbot.entrypoints.health import LONGEST_ROUND, queue_health
from taskbot.entrypoints.heartbeat import beating
from taskbot.entrypoints.metrics import (
    is_wanted,
    measure_scheduler,
    metrics_listener,
    metrics_served,
)
from taskbot.entrypoints.processes import stop_on_signals
from taskbot.entrypoints.pulse import pulsing
from taskbot.entrypoints.scheduler import run_jobs, run_scheduler
from taskbot.entrypoints.scheduler_container import SchedulerContainer
from taskbot.entrypoints.settings import Settings, required


async def schedule(settings: Settings) -> int:
    """Claim what is due and ring for it until a signal comes; return the exit status."""
    redis_url = required(settings, "redis_url")
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
            leave_alone_what_stays()
            with errors_become_alerts(container.alerts()):
                await asyncio.gather(
                    run_scheduler(container.dispatch(), clock, stop, rounds=rounds, meter=meter),
                    run_jobs(container.scheduled_jobs(), stop),
                )
    finally:
        container.broker().close()
        await container.close()
    return 0
