"""Whose connection it is, as far as an address tells."""

import ipaddress
from typing import Final

_NOBODY_KNOWS: Final = "unknown"
_ONE_SUBSCRIBER: Final = 64
"""Bits: whoever has an IPv6 address has all that begin alike (RFC 6177)."""


def subscriber_of(host: str | None) -> str:
    """The address *host* of a client, or for IPv6 the network that is theirs.

    The server has put it right already where a proxy is trusted: see `serving`.
    """
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return _NOBODY_KNOWS
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            network = ipaddress.IPv6Network((int(address), _ONE_SUBSCRIBER), strict=False)
            return str(network.network_address)
        address = address.ipv4_mapped
    return str(address)
