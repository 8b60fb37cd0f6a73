"""What operators write in settings, read and checked."""

import ipaddress
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import field, frozen

from taskbot.domain.errors import UnknownTimezone
from taskbot.domain.timezone import checked_timezone

_MOST_REQUESTS: Final = 1_000_000
_MOST_AT_ONCE: Final = 1000
_ANY: Final = "*"
_TOKEN: Final = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}")
_HIGHEST_PORT: Final = 65535
_SERVERS: Final = frozenset({"postgresql", "postgres"})
_LONGEST_WAIT_SECONDS: Final = 86_400
_MOST_PER_SECOND: Final = 100_000
"""Telegram allows nobody more than 1,000; a server of one's own in its place may."""
_LARGEST_FILE_MIB: Final = 10_000
_MOST_FILES: Final = 1000
_CANARY_SECONDS: Final = (60, 600)


class LogFormat(StrEnum):
    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


@frozen
class Secret:
    """A value that shows itself only to those who ask for it by name."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        return self._value


class Unusable(ValueError):
    """A converter's refusal; `read_settings` adds the variable's name."""


SAMPLE: Final = "change-me"
"""Stands in every secret of `.env.example`: what everybody can read there protects nothing."""


def secret(raw: str) -> Secret:
    """Raise `Unusable` for one that was copied from the samples."""
    if SAMPLE in raw.lower():
        raise Unusable("this is the sample's secret: put one of your own there")
    return Secret(raw)


def requests_per_minute(raw: str | int) -> int:
    """Zero: as many as they like."""
    if not re.fullmatch("[0-9]{1,7}", str(raw)) or int(raw) > _MOST_REQUESTS:
        raise Unusable("a number of requests from 0 (no limit) to 1000000")
    return int(raw)


def at_once(raw: str | int) -> int:
    """Zero: as many as come."""
    if not re.fullmatch("[0-9]{1,4}", str(raw)) or int(raw) > _MOST_AT_ONCE:
        raise Unusable("a number of requests from 0 (no limit) to 1000")
    return int(raw)


def switch(raw: object) -> bool:
    """Yes or no, in the usual words."""
    if str(raw).lower() in {"1", "true", "yes", "on"}:
        return True
    if str(raw).lower() in {"0", "false", "no", "off"}:
        return False
    raise Unusable("yes or no")


def networks(raw: str) -> tuple[str, ...]:
    """Addresses and networks (CIDR), separated by commas."""
    try:
        return tuple(str(ipaddress.ip_network(one)) for one in _listed(raw))
    except ValueError:
        raise Unusable(
            "addresses or networks, separated by commas, for example 127.0.0.1,10.0.0.0/8"
        ) from None


def origins(raw: str) -> tuple[str, ...]:
    """Web origins (RFC 6454) as browsers write them, or `*` alone."""
    found = _listed(raw)
    if not all(_is_origin(one) for one in found) and found != [_ANY]:
        raise Unusable(
            "origins separated by commas, for example https://app.example.org: without a path, "
            "in small letters, the usual port left out; or * alone"
        )
    return tuple(dict.fromkeys(found))


def _listed(raw: str) -> list[str]:
    return [one.strip() for one in raw.split(",") if one.strip()]


def _is_origin(text: str) -> bool:
    """Whether a browser would write it so: any other spelling would never be met."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    usual = {"http": 80, "https": 443}
    if parts.scheme not in usual or not host or port == usual[parts.scheme]:
        return False
    shown = f"[{host}]" if ":" in host else host
    place = shown if port is None else f"{shown}:{port}"
    return text.isascii() and "*" not in text and text == f"{parts.scheme}://{place}"


def optional(convert: Callable[[str], Any]) -> Callable[[str | None], Any]:
    return lambda raw: None if raw is None else convert(raw)


def host(raw: str) -> str:
    if not raw or raw != raw.strip():
        raise Unusable("a host name or an address is needed, for example 127.0.0.1")
    return raw


def port(raw: str | int) -> int:
    if not re.fullmatch("[0-9]{1,5}", str(raw)) or not 0 <= int(raw) <= _HIGHEST_PORT:
        raise Unusable("a port is a whole number from 0 to 65535")
    return int(raw)


def token(raw: str) -> Secret:
    if not _TOKEN.fullmatch(raw):
        raise Unusable("a bot token looks like 123456789:AbC-dEf, as BotFather gives it")
    return secret(raw)


def web_address(raw: str) -> str:
    try:
        parts = urlsplit(raw)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise Unusable("an address starts with http:// or https://")
    return raw.rstrip("/")


def public_url(raw: str) -> str:
    address = raw.rstrip("/")
    if not _is_origin(address):
        raise Unusable(
            "an address such as https://tasks.example.org: without a path, in small letters, the "
            "usual port left out"
        )
    return address


def webhook_url(raw: str) -> str:
    """Telegram calls by TLS alone; on this machine a server of one's own needs none."""
    try:
        parts = urlsplit(raw)
        _ = parts.port  # a bad one is found when it is asked for
        host = parts.hostname or ""
        usable = parts.scheme == "https" and bool(host)
        usable = usable or (parts.scheme == "http" and _is_loopback(host))
        usable = usable and not parts.fragment and parts.username is None and raw.isascii()
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", raw):
        raise Unusable("an address that Telegram can call starts with https://")
    return raw


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def webhook_secret(raw: str) -> Secret:
    if not re.fullmatch("[A-Za-z0-9_-]{1,256}", raw):
        raise Unusable("1 to 256 of the characters A-Z, a-z, 0-9, _ and - are needed")
    return secret(raw)


def database_url(raw: str) -> Secret:
    try:
        parts = urlsplit(raw)
        _ = parts.port  # a bad one is found when it is asked for
        usable = parts.scheme in _SERVERS or raw.startswith("sqlite:///")
        usable = usable and len(parts.path) > 1
    except ValueError:
        usable = False
    if not usable:
        raise Unusable(
            "a database address looks like postgresql://user:password@host:5432/database "
            "or sqlite:///path/to/file.sqlite3"
        )
    return secret(raw)


def redis_url(raw: str) -> Secret:
    try:
        parts = urlsplit(raw)
        _ = parts.port  # as above
        usable = parts.scheme in {"redis", "rediss", "unix"}
    except ValueError:
        usable = False
    if not usable:
        raise Unusable("an address of Redis looks like redis://:password@host:6379/0")
    return secret(raw)


def seconds(raw: str | float) -> float:
    try:
        seconds = float(raw)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST_WAIT_SECONDS:
        raise Unusable("a number of seconds from 0 to 86400")
    return seconds


def per_second(raw: str | float) -> float:
    try:
        number = float(raw)
    except ValueError:
        number = 0.0
    if not 0 < number <= _MOST_PER_SECOND:
        raise Unusable("a number of messages per second, above 0 and up to 100000")
    return number


def chat_id(raw: str) -> int:
    if not re.fullmatch("-?[0-9]{1,16}", raw) or int(raw) == 0:
        raise Unusable("the id of a chat is a whole number, below zero for groups")
    return int(raw)


def group_id(raw: str) -> int:
    """A chat that is nobody's own."""
    if chat_id(raw) > 0:
        raise Unusable("the id of a group is a whole number below zero")
    return int(raw)


def canary_seconds(raw: str | float) -> float:
    """Alerts count on ten minutes at most."""
    found = seconds(raw)
    if not _CANARY_SECONDS[0] <= found <= _CANARY_SECONDS[1]:
        raise Unusable("a number of seconds from 60 to 600")
    return found


def mebibytes(raw: str | float) -> float:
    try:
        number = float(raw)
    except ValueError:
        number = 0.0
    if not 0 < number <= _LARGEST_FILE_MIB:
        raise Unusable("a number of MiB, above 0 and up to 10000")
    return number


def files_kept(raw: str | int) -> int:
    if not re.fullmatch("[0-9]{1,4}", str(raw)) or int(raw) > _MOST_FILES:
        raise Unusable("a number of files from 0 to 1000")
    return int(raw)


def sentry_dsn(raw: str) -> Secret:
    try:
        parts = urlsplit(raw)
        _ = parts.port  # as above
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname and parts.username)
        usable = usable and re.search("/[0-9]+$", parts.path) is not None
    except ValueError:
        usable = False
    if not usable:
        raise Unusable("a DSN looks like https://key@sentry.example.org/1")
    return secret(raw)


def smtp_url(raw: str) -> Secret:
    try:
        parts = urlsplit(raw)
        _ = parts.port  # as above
        usable = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise Unusable(
            "an address of a mail server looks like smtp://user:password@host:587, "
            "or smtps://user:password@host:465"
        )
    return secret(raw)


def mailbox(raw: str) -> str:
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", raw):
        raise Unusable("an e-mail address looks like somebody@example.org")
    return raw


def timezone(raw: str) -> str:
    try:
        return checked_timezone(raw)
    except UnknownTimezone:
        raise Unusable("a time zone is an IANA name such as Europe/Moscow") from None


def log_level(raw: str) -> str:
    level = raw.upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise Unusable("one of debug, info, warning, error, critical")
    return level


def log_format(raw: str) -> LogFormat:
    try:
        return LogFormat(raw.lower())
    except ValueError:
        raise Unusable("one of auto, console, json") from None
