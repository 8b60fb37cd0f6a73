"""What every `KeyStore` promises."""

import asyncio

import pytest

from support.backends import Storage
from taskbot.application.ports.keys import KEY_BYTES

pytestmark = pytest.mark.anyio


async def test_a_secret_is_long_and_stays_the_same(storage: Storage, rival: Storage) -> None:
    secret = await storage.keys.secret("cursors")

    assert len(secret) == KEY_BYTES
    assert await storage.keys.secret("cursors") == secret
    assert await rival.keys.secret("cursors") == secret


async def test_each_purpose_has_a_secret_of_its_own(storage: Storage) -> None:
    assert await storage.keys.secret("cursors") != await storage.keys.secret("sessions")


async def test_all_who_ask_first_at_once_get_the_same(storage: Storage, rival: Storage) -> None:
    secrets = await asyncio.gather(*(one.keys.secret("cursors") for one in (storage, rival) * 4))

    assert len(set(secrets)) == 1
