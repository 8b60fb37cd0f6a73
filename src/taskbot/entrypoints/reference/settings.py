"""The reference of all settings."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from attrs import fields

from taskbot.entrypoints.reference.tables import code, table
from taskbot.entrypoints.settings import Settings, variable_of

_HEAD: Final = """\
# Settings

This page is written by `make reference` from the code; `taskbot settings` prints the same list.

Settings come from the environment, or from a file named `.env` in the folder where taskbot is
started; the environment goes before the file, and an option of a command before both. Every
setting has a default with which `taskbot up` works. An empty value means "not set". A bad value
stops the start with one line that names the variable, and a name that is no setting is warned of.

Each can stand in a file, which the variable with `_FILE` behind its name names: the bot's token in
the file that `TASKBOT_BOT_TOKEN_FILE` names, say. That is how secrets are handed over: see
[SECURITY.md](../../SECURITY.md#what-you-have-to-do).

A process reads what concerns it and leaves the rest alone, so that all of them may have the same
environment. `up` does what `api`, `bot`, `scheduler` and `worker` do.
"""
_EVERY: Final = "every process"
_STAYING: Final = "`api`, `bot`, `worker`, `scheduler`, `up`"

# Title, and who reads which setting. What is in none of them stands under the last title.
_SECTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "Where it is reached": {
        "host": "`api`, `up`",
        "port": "`api`, `up`",
        "public_url": "`up`, `admin link`, `admin create-user`",
        "trusted_proxies": "`api`, `up`",
        "drain_seconds": "`api`, `bot --webhook`",
    },
    "What the API allows": {
        "api_requests_per_minute": "`api`, `up`",
        "api_anonymous_per_minute": "`api`, `up`",
        "api_requests_at_once": "`api`, `up`",
        "cors_origins": "`api`, `up`",
        "admin_enabled": "`api`, `up`",
    },
    "What is kept where": {
        "data_dir": "`up`, `simulator`, and every process without `TASKBOT_DATABASE_URL`",
        "database_url": "every process but `bot` with `TASKBOT_API_URL` and `simulator`",
        "database_wait": "as above",
        "redis_url": _STAYING,
    },
    "Telegram": {
        "bot_token": "`api` (to believe who signs in), `bot`, `worker`, `scheduler`, `up`",
        "telegram_api_url": "`bot`, `worker`, `scheduler`, `up`",
        "api_url": "`bot`",
        "webhook_url": "`bot --webhook`",
        "webhook_secret": "`bot --webhook`",
        "webhook_host": "`bot --webhook`",
        "webhook_port": "`bot --webhook`",
        "messages_per_second": "`bot`, `worker`, `up`",
        "messages_per_chat": "`bot`, `worker`, `up`",
        "updates_per_minute": "`bot`, `up`",
        "timezone": "`api`, `bot`, `up`, `token create`",
        "simulator_port": "`simulator`, and `up` without a token",
    },
    "Alerts": {
        "alert_chat_id": "`worker`, `scheduler`, `up`, `alert-test`",
        "alert_email": "`worker`, `scheduler`, `up`, `alert-test`",
        "alert_email_from": "`worker`, `scheduler`, `up`, `alert-test`",
        "smtp_url": "`worker`, `scheduler`, `up`, `alert-test`",
        "stalled_after": "`scheduler`, `up`; `api` for the panel's overview",
        "canary_chat_id": "`scheduler`, `up`; `api` for its metrics",
        "canary_every": "`scheduler`, `up`",
    },
    "Watching over it": {
        "metrics_port": _STAYING,
        "metrics_host": _STAYING,
        "heartbeat_file": f"{_STAYING}, `health`",
        "log_level": _EVERY,
        "log_format": _EVERY,
        "log_dir": f"{_STAYING}, `simulator`",
        "log_file_mib": "as `TASKBOT_LOG_DIR`",
        "log_files_kept": "as `TASKBOT_LOG_DIR`",
        "sentry_dsn": f"{_STAYING}, `simulator`",
    },
}
_REST: Final = "Others"


class _Setting(NamedTuple):
    name: str
    default: str
    meaning: str


def settings() -> str:
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    left = {setting.name: setting for setting in _all_settings()}
    for title, readers in _SECTIONS.items():
        yield f"## {title}\n"
        yield from table(
            ("variable", "default", "meaning", "read by"),
            [_row(left.pop(name), readers[name]) for name in readers],
        )
    if left:
        yield f"## {_REST}\n"
        yield from table(
            ("variable", "default", "meaning", "read by"),
            [_row(setting, "") for setting in left.values()],
        )


def _row(setting: _Setting, readers: str) -> tuple[str, ...]:
    return code(variable_of(setting.name)), code(setting.default), setting.meaning, readers


def _all_settings() -> Iterator[_Setting]:
    described: Any = Settings
    for field in fields(described):
        entry = field.metadata["environ_config"]
        default = "" if entry.default is None else str(entry.default)
        yield _Setting(field.name, default, entry.help)
