"""Whom addresses are taken for."""

import pytest

from taskbot.adapters.client_addresses import subscriber_of


@pytest.mark.parametrize(
    ("host", "subscriber"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("::1", "::"),
        ("not an address", "unknown"),
        ("9" * 1000, "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_whose_address_it_is(host: str | None, subscriber: str) -> None:
    assert subscriber_of(host) == subscriber
