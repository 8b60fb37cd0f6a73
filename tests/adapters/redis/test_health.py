"""Redis: there, or away."""

import pytest

from support.ports import a_free_port
from support.redis import ABSENT, server_url
from taskbot.adapters.redis import create_redis, redis_check
from taskbot.application.health import Finding, HealthService

pytestmark = pytest.mark.anyio


async def _found(url: str) -> Finding:
    redis = create_redis(url)
    try:
        health = await HealthService([redis_check(redis, is_needed=False)]).look()
    finally:
        await redis.aclose()
    return health.findings[0]


async def test_a_redis_that_answers_is_well() -> None:
    url = server_url()
    if url is None:
        pytest.skip(ABSENT)

    found = await _found(url)

    assert (found.name, found.problem) == ("redis", None)


async def test_a_redis_that_is_away_is_named_without_its_address() -> None:
    found = await _found(f"redis://:hidden-password@127.0.0.1:{a_free_port()}/0")

    assert found.problem == "does not answer"
    assert not found.is_needed
