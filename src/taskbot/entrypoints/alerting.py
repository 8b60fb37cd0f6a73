"""Alerts: the ways to the operator, and errors in the log that become alerts."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from urllib.parse import unquote, urlsplit

from taskbot.adapters.alerts import Mail, MailServer, TelegramChat
from taskbot.application.ports import (
    Alert,
    AlertChannel,
    AlertKind,
    Alerts,
    StorageUnavailable,
)
from taskbot.entrypoints.settings import BadSetting, Settings

_SUBMISSION_PORTS: Final = {"smtp": 587, "smtps": 465}
_OURS: Final = "taskbot."
_NOT_THESE: Final = "taskbot.application.alerts"  # or alerts would raise alerts
_QUIET_SECONDS: Final = 10.0


def alert_channels(
    settings: Settings, bot_token: str | None, telegram_api_url: str | None
) -> list[AlertChannel]:
    """The ways to the operator that are set up. Raise `BadSetting` where only half of one is."""
    channels: list[AlertChannel] = []
    if settings.alert_chat_id is not None:
        if bot_token is None:
            raise BadSetting("TASKBOT_BOT_TOKEN", "is needed for alerts in a Telegram chat")
        channels.append(TelegramChat(bot_token, settings.alert_chat_id, telegram_api_url))
    if settings.alert_email is not None:
        if settings.smtp_url is None:
            raise BadSetting("TASKBOT_SMTP_URL", "is needed for alerts by e-mail")
        sender = settings.alert_email_from or settings.alert_email
        channels.append(Mail(mail_server(settings.smtp_url.reveal()), sender, settings.alert_email))
    return channels


def mail_server(url: str) -> MailServer:
    parts = urlsplit(url)
    return MailServer(
        host=parts.hostname or "localhost",
        port=parts.port or _SUBMISSION_PORTS[parts.scheme],
        use_tls=parts.scheme == "smtps",
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def stalled_after(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.stalled_after)


class _ErrorsBecomeAlerts(logging.Handler):
    """Takes where an error was logged and in what words, but not what was filled into them."""

    def __init__(self, alerts: Alerts, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(logging.ERROR)
        self._alerts, self._loop = alerts, loop
        self._quiet_until: dict[str, float] = {}
        self._sending: set[asyncio.Task[None]] = set()

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if (
            not record.name.startswith(_OURS)
            or record.name == _NOT_THESE
            or isinstance(error, StorageUnavailable)  # and so there is nowhere to keep it
        ):
            return
        cause = "" if error is None else f" ({type(error).__name__})"
        alert = Alert(AlertKind.CRITICAL_ERROR, f"{record.name}: {record.msg}{cause}")
        with contextlib.suppress(RuntimeError):  # the loop is closed: the process is ending
            self._loop.call_soon_threadsafe(self._raise, alert)

    def _raise(self, alert: Alert) -> None:
        now = self._loop.time()
        if self._quiet_until.get(alert.subject, now) > now:
            return
        self._quiet_until[alert.subject] = now + _QUIET_SECONDS
        task = self._loop.create_task(self._alerts.send(alert))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)


@contextlib.contextmanager
def errors_become_alerts(alerts: Alerts) -> Iterator[None]:
    """Have the operator told of errors in this process' log; to be entered on its event loop."""
    handler = _ErrorsBecomeAlerts(alerts, asyncio.get_running_loop())
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
