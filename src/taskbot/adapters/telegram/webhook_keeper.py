"""Telling Telegram where the webhook is, and seeing to it that it stays so."""

import asyncio
import contextlib
import logging
import random
from datetime import datetime
from typing import Final

from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import WebhookInfo
from aiogram.utils.backoff import Backoff, BackoffConfig
from attrs import define, field

from taskbot.adapters.telegram.webhook_address import CONNECTIONS

_log = logging.getLogger(__name__)

_LOOK_EVERY_SECONDS: Final = 60.0


@define
class WebhookKeeper:
    """Any number of copies do this at once: who finds it as it should be changes nothing.

    It is not removed at the end: there are other copies, or soon will be, and Telegram waits.
    """

    _bot: Bot
    _url: str = field(kw_only=True)
    _secret: str = field(kw_only=True, repr=False)
    _kinds: list[str] = field(kw_only=True)
    _backoff: Backoff = field(
        factory=lambda: Backoff(
            BackoffConfig(min_delay=0.5, max_delay=15.0, factor=1.6, jitter=0.2)
        )
    )
    _told_until: datetime | None = None

    async def keep(self, stop: asyncio.Event) -> None:
        """Look now and then, until *stop* is set."""
        while not stop.is_set():
            pause = await self._look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()

    async def _look(self) -> float:
        """Set what is not as it should be; return the seconds until the next look."""
        try:
            info = await self._bot.get_webhook_info()
            if not self._is_set(info):
                await self._set()
                _log.info("Telegram was told where the webhook is")
        except TelegramRetryAfter as limit:
            # One may be set in a second, and another copy was quicker.
            return limit.retry_after + random.random()  # noqa: S311 - no secret
        except TelegramBadRequest as refusal:
            _log.error("Telegram refuses the webhook: %s", refusal.message)
            return _LOOK_EVERY_SECONDS
        except TelegramUnauthorizedError:
            _log.error("Telegram does not accept the bot's token")
            return _LOOK_EVERY_SECONDS
        except Exception as error:  # noqa: BLE001 - whatever it is: try again
            cause = type(error.__cause__ or error).__name__
            _log.warning("Telegram could not be asked for the webhook (%s)", cause)
            return next(self._backoff)
        self._backoff.reset()
        self._tell_of_trouble(info)
        return _LOOK_EVERY_SECONDS

    def _is_set(self, info: WebhookInfo) -> bool:
        return (
            info.url == self._url
            and set(info.allowed_updates or ()) == set(self._kinds)
            and info.max_connections == CONNECTIONS
        )

    async def _set(self) -> None:
        await self._bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=self._kinds,
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )

    def _tell_of_trouble(self, info: WebhookInfo) -> None:
        """Say what Telegram has to say about us, once."""
        at = info.last_error_date
        if at is not None and (self._told_until is None or at > self._told_until):
            waiting = info.pending_update_count
            told = "Telegram had trouble with the webhook at %s: %s; updates that wait: %s"
            _log.warning(told, at.isoformat(), info.last_error_message, waiting)
            self._told_until = at
