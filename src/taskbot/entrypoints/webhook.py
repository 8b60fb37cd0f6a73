"""`taskbot bot --webhook`: Telegram calls, instead of being asked for news."""

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click
from attrs import frozen

from taskbot.adapters.admission import tell_nobody
from taskbot.application.health import HealthService
from taskbot.entrypoints.metrics import measured, shed_meter
from taskbot.entrypoints.processes import drained
from taskbot.entrypoints.settings import BadSetting, Settings, variable_of
from taskbot.entrypoints.web_server import serving

if TYPE_CHECKING:
    from aiogram import Bot, Dispatcher

    from taskbot.adapters.observability import Metrics

_TELEGRAMS_PORTS: Final = frozenset({80, 88, 443, 8443})


@frozen
class WebhookAddress:
    """Where Telegram calls, and where that is listened for."""

    url: str
    host: str
    port: int

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"


def webhook_address(settings: Settings) -> WebhookAddress:
    """Raise `BadSetting` for what would not work."""
    url = settings.webhook_url
    if url is None:
        raise BadSetting(
            variable_of("webhook_url"), "is needed for --webhook: the address that Telegram calls"
        )
    if settings.redis_url is None:
        raise BadSetting(
            variable_of("redis_url"), "is needed for --webhook: there the copies find one another"
        )
    parts = urlsplit(url)
    if settings.telegram_api_url is None and (parts.scheme, parts.port or 443) not in {
        ("https", port) for port in _TELEGRAMS_PORTS
    }:
        raise BadSetting(
            variable_of("webhook_url"), "Telegram calls https:// at the ports 443, 80, 88 and 8443"
        )
    return WebhookAddress(url, settings.webhook_host, settings.webhook_port)


async def receive(
    address: WebhookAddress,
    settings: Settings,
    *,
    bot: "Bot",
    dispatcher: "Dispatcher",
    health: HealthService,
    stop: asyncio.Event,
    metrics: "Metrics | None" = None,
) -> None:
    """Take what Telegram sends until *stop* is set; what is being handled then is finished."""
    from taskbot.adapters.telegram import (  # noqa: PLC0415 - takes seconds
        Webhook,
        WebhookKeeper,
        derived_secret,
        marked_address,
    )

    chosen = settings.webhook_secret
    secret = derived_secret(bot.token) if chosen is None else chosen.reveal()
    webhook = Webhook(
        bot,
        dispatcher,
        health,
        path=address.path,
        secret=secret,
        shed=tell_nobody if metrics is None else shed_meter(metrics),
    )
    app = webhook if metrics is None else measured(webhook, metrics)
    keeper = WebhookKeeper(
        bot,
        url=marked_address(address.url, secret=secret, token=bot.token),
        secret=secret,
        kinds=dispatcher.resolve_used_update_types(),
    )
    async with serving(app, host=address.host, port=address.port, lifespan="off") as here:
        click.echo(f"Webhook     {here}{address.path}")
        click.echo(f"The bot is at work; Telegram is to call {address.url}.")
        await keeper.keep(stop)
        await drained(stop, health, seconds=settings.drain_seconds)
