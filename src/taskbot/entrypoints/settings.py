"""Settings: from the environment and `.env`, checked before anything starts."""

import logging
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import environ

from taskbot.entrypoints import setting_values as values
from taskbot.entrypoints.setting_reading import PREFIX, BadSetting, Reading, read_from, variable_of
from taskbot.entrypoints.setting_values import LogFormat, Secret

__all__ = [
    "BadSetting",
    "Reading",
    "Settings",
    "database_name",
    "read_settings",
    "read_what_can_be_used",
    "settings_help",
    "variable_of",
]

_log = logging.getLogger(__name__)


@environ.config(prefix=PREFIX, frozen=True)
class Settings:
    """Every setting has a default with which `taskbot up` works."""

    host: str = environ.var(
        "127.0.0.1", converter=values.host, help="address that the API and its pages are served on"
    )
    port: int = environ.var(8080, converter=values.port, help="port of the API; 0 takes a free one")
    public_url: str | None = environ.var(
        None,
        converter=values.optional(values.public_url),
        help="https:// address at which browsers reach TASKBOT_PORT, for links that are printed; "
        "default: by host and port",
    )
    trusted_proxies: tuple[str, ...] = environ.var(
        "",
        converter=values.networks,
        help="addresses or networks (10.0.0.0/8) of reverse proxies whose word on clients counts",
    )
    api_requests_per_minute: int = environ.var(
        600,
        converter=values.requests_per_minute,
        help="requests for each access token; 0: no limit",
    )
    api_anonymous_per_minute: int = environ.var(
        60,
        converter=values.requests_per_minute,
        help="requests without a valid token for each address, signing in included; 0: no limit",
    )
    api_requests_at_once: int = environ.var(
        16,
        converter=values.at_once,
        help="requests that a process works at at a time; 32 times as many wait two seconds, "
        "more are refused (503); 0: no limit",
    )
    cors_origins: tuple[str, ...] = environ.var(
        "",
        converter=values.origins,
        help="origins (https://app.example.org) whose pages may use the API, or * for any",
    )
    admin_enabled: bool | None = environ.var(
        None,
        converter=values.optional(values.switch),
        help="whether the panel for operators is at /admin; default: in `up` yes, in `api` no",
    )
    data_dir: Path = environ.var(
        "data", converter=Path, help="folder of the SQLite file and the simulator's memory"
    )
    database_url: Secret | None = environ.var(
        None,
        converter=values.optional(values.database_url),
        help="postgresql://user:password@host:5432/database; default: a file in the data folder",
    )
    database_wait: float = environ.var(
        60.0, converter=values.seconds, help="seconds to wait for the database at the start"
    )
    redis_url: Secret | None = environ.var(
        None,
        converter=values.optional(values.redis_url),
        help="redis://host:6379/0, for processes of their own; `up` needs none",
    )
    bot_token: Secret | None = environ.var(
        None,
        converter=values.optional(values.token),
        help="the bot's token; without one the simulator runs",
    )
    telegram_api_url: str | None = environ.var(
        None,
        converter=values.optional(values.web_address),
        help="a Bot API server (9.5 or later) other than Telegram's own",
    )
    api_url: str | None = environ.var(
        None,
        converter=values.optional(values.web_address),
        help="the REST API that `bot` works over, with Redis and without the database",
    )
    webhook_url: str | None = environ.var(
        None,
        converter=values.optional(values.webhook_url),
        help="public https:// address at which Telegram calls `bot --webhook`",
    )
    webhook_secret: Secret | None = environ.var(
        None,
        converter=values.optional(values.webhook_secret),
        help="what Telegram proves itself with there; default: made from the bot's token",
    )
    webhook_host: str = environ.var(
        "127.0.0.1", converter=values.host, help="address that `bot --webhook` listens on"
    )
    webhook_port: int = environ.var(
        8082, converter=values.port, help="port of `bot --webhook`; 0 takes a free one"
    )
    messages_per_second: float = environ.var(
        30.0,
        converter=values.per_second,
        help="messages that Telegram lets the bot send, to all chats",
    )
    messages_per_chat: float = environ.var(
        1.0,
        converter=values.per_second,
        help="messages a second that Telegram lets it send to one chat",
    )
    updates_per_minute: int = environ.var(
        60,
        converter=values.requests_per_minute,
        help="messages and presses of one person that the bot takes, half of them at once; "
        "0: no limit",
    )
    alert_chat_id: int | None = environ.var(
        None,
        converter=values.optional(values.chat_id),
        help="Telegram chat in which the operator gets alerts",
    )
    alert_email: str | None = environ.var(
        None,
        converter=values.optional(values.mailbox),
        help="e-mail address at which the operator gets alerts",
    )
    alert_email_from: str | None = environ.var(
        None,
        converter=values.optional(values.mailbox),
        help="sender of alerts; default: who gets them",
    )
    smtp_url: Secret | None = environ.var(
        None,
        converter=values.optional(values.smtp_url),
        help="smtp://user:password@host:587 (or smtps://), the mail server for alerts",
    )
    stalled_after: float = environ.var(
        600.0,
        converter=values.seconds,
        help="seconds a reminder may be due before that is an alert",
    )
    canary_chat_id: int | None = environ.var(
        None,
        converter=values.optional(values.group_id),
        help="Telegram group that is sent a reminder now and then, to see that they arrive",
    )
    canary_every: float = environ.var(
        300.0, converter=values.canary_seconds, help="seconds from one of these to the next"
    )
    metrics_port: int | None = environ.var(
        None,
        converter=values.optional(values.port),
        help="port of /metrics for Prometheus, without access token; 0 takes a free one",
    )
    metrics_host: str = environ.var(
        "127.0.0.1", converter=values.host, help="address that TASKBOT_METRICS_PORT is served on"
    )
    drain_seconds: float = environ.var(
        0.0,
        converter=values.seconds,
        help="seconds that `api` and `bot --webhook` go on answering once they are to stop, "
        "not ready, until proxies have noticed",
    )
    heartbeat_file: Path | None = environ.var(
        None,
        converter=values.optional(Path),
        help="file in which a process says every few seconds how it is, for `taskbot health`",
    )
    simulator_port: int = environ.var(
        8081, converter=values.port, help="port of the simulator; 0 takes a free one"
    )
    timezone: str | None = environ.var(
        None,
        converter=values.optional(values.timezone),
        help="IANA time zone of new people until they choose; default: this machine's",
    )
    log_level: str = environ.var(
        "info", converter=values.log_level, help="debug, info, warning, error or critical"
    )
    log_format: LogFormat = environ.var(
        "auto",
        converter=values.log_format,
        help="auto (console on a terminal, else json), console, json",
    )
    log_dir: Path | None = environ.var(
        None,
        converter=values.optional(Path),
        help="folder of log files besides: api.log, bot.log, worker.log, scheduler.log, up.log",
    )
    log_file_mib: float = environ.var(
        20.0, converter=values.mebibytes, help="MiB at which a log file is put away as .1"
    )
    log_files_kept: int = environ.var(
        5, converter=values.files_kept, help="how many of each that were put away are kept"
    )
    sentry_dsn: Secret | None = environ.var(
        None,
        converter=values.optional(values.sentry_dsn),
        help="https://key@host/1, where errors are reported by Sentry's protocol, without texts",
    )

    @property
    def database(self) -> str:
        """The address of the database: the chosen one, or a file in the data folder.

        It may hold a password: it is for the adapter alone.
        """
        if self.database_url is not None:
            return self.database_url.reveal()
        return f"sqlite:///{self.data_dir.absolute() / 'taskbot.sqlite3'}"


def database_name(settings: Settings) -> str:
    """What the operator knows the database by; without the password."""
    address = urlsplit(settings.database)
    if address.scheme == "sqlite":
        return settings.database.removeprefix("sqlite:///")
    return f"{address.hostname or 'here'}{address.path}"


def required(settings: Settings, name: str) -> str:
    """The secret setting *name*. Raise `BadSetting` where there is none."""
    value: Secret | None = getattr(settings, name)
    if value is None:
        raise BadSetting(variable_of(name), "is needed by processes of their own")
    return value.reveal()


def read_settings(environment: Mapping[str, str] | None = None, **options: str | None) -> Settings:
    """Settings of this process: *environment*, or the real one over `.env` here.

    *options*: settings by their names, which go before what is there; None changes nothing.

    An empty value means "not set": that is how shells and compose files unset things. Any value
    may stand in a file instead, named by the variable with `_FILE` behind its name: that is how
    secrets are handed over. Raise `BadSetting` for the first value that cannot be used. A
    `TASKBOT_` variable that is no setting is warned of: a mistyped name would otherwise be
    silently without effect.
    """
    reading = read_what_can_be_used(environment, **options)
    for name in reading.unknown:
        _log.warning("%s is set, but there is no such setting", name)
    for refusal in reading.refused.values():
        raise refusal
    return reading.settings


def read_what_can_be_used(
    environment: Mapping[str, str] | None = None, **options: str | None
) -> Reading[Settings]:
    """As `read_settings`, for who wants to know of all that cannot be used, and of the rest."""
    return read_from(Settings, environment, options)


def settings_help() -> str:
    """One line for each setting: name, default, meaning."""
    text: str = environ.generate_help(Settings, display_defaults=True)
    return text
