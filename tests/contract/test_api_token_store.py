"""What every `ApiTokenStore` promises."""

from datetime import timedelta

import pytest

from support.kept import Kept
from taskbot.adapters.sealed_api_tokens import SealedApiTokens
from taskbot.application.ports import ApiTokenStore

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ANNA, BORIS = 2**52 - 1, 7
BOT = "4242:a-made-up-token"


@pytest.fixture(params=["as it is", "sealed"])
def is_sealed(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "sealed")


@pytest.fixture
def tokens(kept: Kept, *, is_sealed: bool) -> ApiTokenStore:
    return SealedApiTokens(kept.api_tokens, BOT) if is_sealed else kept.api_tokens


@pytest.fixture
def tokens_elsewhere(kept_elsewhere: Kept, *, is_sealed: bool) -> ApiTokenStore:
    store = kept_elsewhere.api_tokens
    return SealedApiTokens(store, BOT) if is_sealed else store


async def test_a_secret_is_found_by_whoever_asks_next(
    tokens: ApiTokenStore, tokens_elsewhere: ApiTokenStore
) -> None:
    await tokens.write(ANNA, "tb_of_anna", ttl=HOUR)
    await tokens.write(BORIS, "tb_of_boris", ttl=HOUR)

    assert await tokens_elsewhere.read(ANNA) == "tb_of_anna"
    assert await tokens_elsewhere.read(BORIS) == "tb_of_boris"


async def test_nobody_has_a_secret_at_first(tokens: ApiTokenStore) -> None:
    assert await tokens.read(ANNA) is None


async def test_the_newest_secret_is_kept_and_for_as_long_as_it_says(
    tokens: ApiTokenStore, kept: Kept
) -> None:
    await tokens.write(ANNA, "tb_old", ttl=MINUTE)
    await tokens.write(ANNA, "tb_new", ttl=HOUR)

    await kept.pass_time(HOUR - MINUTE)
    assert await tokens.read(ANNA) == "tb_new"
    await kept.pass_time(2 * MINUTE)
    assert await tokens.read(ANNA) is None


async def test_a_secret_may_be_forgotten_more_than_once(tokens: ApiTokenStore) -> None:
    await tokens.write(ANNA, "tb_of_anna", ttl=HOUR)
    await tokens.write(BORIS, "tb_of_boris", ttl=HOUR)

    await tokens.forget(ANNA)
    await tokens.forget(ANNA)

    assert await tokens.read(ANNA) is None
    assert await tokens.read(BORIS) == "tb_of_boris"


async def test_purging_throws_away_what_has_expired_and_nothing_else(kept: Kept) -> None:
    await kept.api_tokens.write(ANNA, "tb_of_anna", ttl=MINUTE)
    await kept.api_tokens.write(BORIS, "tb_of_boris", ttl=HOUR)
    await kept.pass_time(MINUTE)

    await kept.expiring[1].purge_expired()

    assert await kept.expiring[1].purge_expired() == 0
    assert await kept.api_tokens.read(ANNA) is None
    assert await kept.api_tokens.read(BORIS) == "tb_of_boris"
