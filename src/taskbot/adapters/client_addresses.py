"""Whose connection it is, as far as an address tells."""

import ipaddress
from typing import Final

from litestar.types import Scope

_NOBODY_KNOWS: Final = "unknown"
_ONE_SUBSCRIBER: Final = 64
"""Bits: whoever has an IPv6 address has all that begin alike (RFC 6177)."""


def subscriber_of(scope: Scope) -> str:
    """The client's address, or for IPv6 the network that is theirs.

    The server has put it right already where a proxy is trusted: see `serving`.
    """
    client = scope.get("client")
    if not client:
        return _NOBODY_KNOWS
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return _NOBODY_KNOWS
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            network = ipaddress.IPv6Network((int(address), _ONE_SUBSCRIBER), strict=False)
            return str(network.network_address)
        address = address.ipv4_mapped
    return str(address)
