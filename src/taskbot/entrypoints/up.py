"""`taskbot up`: everything in one process, on one file."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from taskbot.adapters.persistence import migrate
from taskbot.adapters.queue import InProcessReminderQueue
from taskbot.application.health import Rounds
from taskbot.application.ports import Part
from taskbot.entrypoints.admin_links import PANEL_PATH, invitation_link
from taskbot.entrypoints.alerting import errors_become_alerts
from taskbot.entrypoints.api import serving_api
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.database import prepared
from taskbot.entrypoints.garbage import leave_alone_what_stays
from taskbot.entrypoints.health import LONGEST_ROUND, LONGEST_SILENCE
from taskbot.entrypoints.heartbeat import beating
from taskbot.entrypoints.metrics import (
    dispatch_meter,
    measure,
    measure_notifications,
    measure_telegram,
    show_queue,
    watch_delivery,
)
from taskbot.entrypoints.panel import wanted
from taskbot.entrypoints.processes import stop_on_signals
from taskbot.entrypoints.pulse import pulsing
from taskbot.entrypoints.scheduler import run_jobs, run_scheduler
from taskbot.entrypoints.setting_pairs import halves
from taskbot.entrypoints.settings import Settings

if TYPE_CHECKING:
    from taskbot.entrypoints.bot_container import TelegramContainer

_log = logging.getLogger(__name__)

_PATIENCE: Final = timedelta(seconds=4)
"""How long work that is under way may take to finish when the process is asked to stop."""
SIMULATED_BOT_ID: Final = 7000000001


async def up(settings: Settings) -> int:
    """Serve until a signal comes; return the exit status: 1 if a part of it broke down."""
    for refusal in halves(settings):
        raise refusal
    stop = stop_on_signals()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not await prepared(settings, migrate, stop):
        return 0
    token = _token(settings)
    container = Container(settings=settings, bot_token=token, has_panel=True)
    measure(container, "api", "bot", "scheduler", "worker")
    watch_delivery(container)
    try:
        async with (
            pulsing(container.signs_of_life(), container.clock(), Part.ALL),
            serving_api(container, settings) as api_url,
        ):
            # The API answers already while the bot's libraries, which take seconds, are loaded.
            await asyncio.to_thread(import_module, "taskbot.entrypoints.bot_container")
            if stop.is_set():
                return 0
            async with _telegram(settings, token) as telegram_url:
                bot = _bot_container(container, token, telegram_url)
                chat_page = telegram_url if settings.bot_token is None else None
                lines = _addresses(
                    api_url,
                    chat_page=chat_page,
                    has_panel=wanted(settings, by_default=True),
                    first_link=await _first_link(container, settings, api_url),
                )
                return await _work(bot, stop, lines)
    finally:
        await container.close()


def _token(settings: Settings) -> str:
    """The bot's token: the chosen one, or one for the simulator that nobody can guess."""
    if settings.bot_token is not None:
        return settings.bot_token.reveal()
    return f"{SIMULATED_BOT_ID}:{secrets.token_urlsafe(26)}"


@contextlib.asynccontextmanager
async def _telegram(settings: Settings, token: str) -> AsyncIterator[str | None]:
    """Give the server to talk to: the chosen one, or a simulator of our own."""
    if settings.bot_token is not None:
        yield settings.telegram_api_url
        return
    simulator = await asyncio.to_thread(import_module, "taskbot.entrypoints.simulator")
    async with simulator.simulating(
        settings.data_dir, port=settings.simulator_port, accepted_token=token
    ) as address:
        yield address


def _bot_container(
    container: Container, token: str, telegram_url: str | None
) -> "TelegramContainer":
    from taskbot.entrypoints.bot_container import (  # noqa: PLC0415 - takes seconds: loaded beside
        TelegramContainer,
    )

    bot = TelegramContainer(
        settings=container.settings(), bot_token=token, telegram_api_url=telegram_url
    )
    bot.database.override(container.database)  # one pool for the whole process
    bot.redis.override(container.redis)
    bot.metrics.override(container.metrics)
    bot.transactions.override(container.transactions)  # which are measured
    measure_telegram(bot)
    measure_notifications(bot)
    return bot


async def _work(bot: "TelegramContainer", stop: asyncio.Event, addresses: list[str]) -> int:
    queue = bot.queue()
    queue.start()
    show_queue(queue, bot.metrics())
    with errors_become_alerts(bot.alerts()):
        return await _work_with(bot, queue, stop, addresses)


async def _work_with(
    bot: "TelegramContainer",
    queue: InProcessReminderQueue,
    stop: asyncio.Event,
    addresses: list[str],
) -> int:
    rounds = Rounds(bot.clock())
    profile = asyncio.create_task(bot.publish_profile())
    dispatching = run_scheduler(
        bot.dispatch(), bot.clock(), stop, rounds=rounds, meter=dispatch_meter(bot.metrics())
    )
    parts = [
        _part("bot", bot.poller().run(stop), stop),
        _part("vanishing messages", bot.vanisher().run(stop), stop),
        _part("scheduler", dispatching, stop),
        _part("periodic jobs", run_jobs(bot.scheduled_jobs(), stop), stop),
    ]
    health = bot.health().also(
        bot.polls().check("telegram", within=LONGEST_SILENCE),
        rounds.check("dispatch", within=LONGEST_ROUND),
    )
    try:
        async with beating(bot.settings(), health, bot.clock()):
            for address in addresses:
                click.echo(address)
            leave_alone_what_stays()
            await stop.wait()
        _log.info("stopping: what is under way is finished first")
        _, late = await asyncio.wait(parts, timeout=_PATIENCE.total_seconds())
        for part in (*late, profile):
            part.cancel()
        ended = await asyncio.gather(*parts, return_exceptions=True)
        await queue.stop(patience=_PATIENCE)
    finally:
        await asyncio.gather(profile, return_exceptions=True)
        await bot.close_bots()
    return 1 if any(isinstance(error, Exception) for error in ended) else 0


def _part(name: str, work: Coroutine[Any, Any, None], stop: asyncio.Event) -> asyncio.Task[None]:
    """Run one part of the process; if it breaks down the whole process stops, and says so."""

    async def watched() -> None:
        try:
            await work
        except Exception:
            _log.exception("the %s broke down", name)
            raise
        finally:
            stop.set()

    return asyncio.create_task(watched(), name=name)


async def _first_link(container: Container, settings: Settings, api_url: str) -> str | None:
    """By which the first admin account is made, where there is none; not for the log."""
    if not wanted(settings, by_default=True):
        return None
    secret = await container.admin_accounts().first_link()
    return None if secret is None else invitation_link(settings.public_url or api_url, secret)


def _addresses(
    api_url: str, *, chat_page: str | None, has_panel: bool, first_link: str | None
) -> list[str]:
    lines = [f"API docs    {api_url}/api/v1/docs"]
    if chat_page is not None:
        lines.insert(0, f"Chat page   {chat_page}/")
    if has_panel:
        lines.append(f"Panel       {api_url}{PANEL_PATH}/")
    if first_link is not None:
        lines.append(f"First admin {first_link}")
        lines.append("            (choose a name and a password there; good once, for 24 hours)")
    return ["", "taskbot is up; Ctrl-C stops it.", *lines]
