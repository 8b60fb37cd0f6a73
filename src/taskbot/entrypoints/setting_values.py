"""What operators write in settings of the network, read and checked."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

_MOST_REQUESTS: Final = 1_000_000
_ANY: Final = "*"


class Unusable(ValueError):
    """A converter's refusal; `read_settings` adds the variable's name."""


def requests_per_minute(raw: str | int) -> int:
    """Zero: as many as they like."""
    if not re.fullmatch("[0-9]{1,7}", str(raw)) or int(raw) > _MOST_REQUESTS:
        raise Unusable("a number of requests from 0 (no limit) to 1000000")
    return int(raw)


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
