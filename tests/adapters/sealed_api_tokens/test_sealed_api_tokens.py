"""The bot's access tokens are of no use to whoever sees, moves or alters what is kept."""

import base64
from datetime import timedelta

import pytest
from attrs import frozen
from hypothesis import given, strategies as st

from support.builders import NOW
from taskbot.adapters.memory import ManualClock, MemoryApiTokenStore
from taskbot.adapters.sealed_api_tokens import SealedApiTokens

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
BOT = "4242:a-made-up-token"
ANNA, BORIS = 1, 2


@frozen
class Place:
    """*store* as a thief sees it, *tokens* as the bot does."""

    store: MemoryApiTokenStore
    tokens: SealedApiTokens


@pytest.fixture
def place() -> Place:
    store = MemoryApiTokenStore(ManualClock(NOW))
    return Place(store, SealedApiTokens(store, BOT))


async def test_what_is_kept_does_not_show_the_secret(place: Place) -> None:
    await place.tokens.write(ANNA, "tb_very_secret", ttl=HOUR)
    first = await place.store.read(ANNA)
    await place.tokens.write(ANNA, "tb_very_secret", ttl=HOUR)
    second = await place.store.read(ANNA)

    assert first is not None
    assert b"secret" not in base64.b64decode(first)
    assert first != second, "nor that it is the same one"


async def test_a_longer_secret_than_ours_fits_into_the_database(place: Place) -> None:
    await place.tokens.write(ANNA, "t" * 300, ttl=HOUR)

    assert len(await place.store.read(ANNA) or "") <= 500


async def test_it_is_worth_nothing_in_somebody_elses_place(place: Place) -> None:
    await place.tokens.write(ANNA, "tb_of_anna", ttl=HOUR)

    await place.store.write(BORIS, await place.store.read(ANNA) or "", ttl=HOUR)

    assert await place.tokens.read(BORIS) is None


async def test_another_bot_reads_nothing(place: Place) -> None:
    await place.tokens.write(ANNA, "tb_of_anna", ttl=HOUR)

    assert await SealedApiTokens(place.store, "4242:another").read(ANNA) is None


@given(altered=st.binary(max_size=60).map(lambda raw: base64.b64encode(raw).decode()) | st.text())
async def test_whatever_stands_there_instead_is_not_a_token(altered: str) -> None:
    store = MemoryApiTokenStore(ManualClock(NOW))
    await store.write(ANNA, altered, ttl=HOUR)

    assert await SealedApiTokens(store, BOT).read(ANNA) is None


async def test_one_altered_bit_is_enough(place: Place) -> None:
    await place.tokens.write(ANNA, "tb_of_anna", ttl=HOUR)
    sealed = bytearray(base64.b64decode(await place.store.read(ANNA) or ""))
    sealed[-1] ^= 1

    await place.store.write(ANNA, base64.b64encode(sealed).decode(), ttl=HOUR)

    assert await place.tokens.read(ANNA) is None
