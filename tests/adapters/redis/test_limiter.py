"""How often the limiter asks Redis; what it promises is in the contract's tests."""

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from support.builders import NOW
from support.redis import ABSENT, server_url
from taskbot.adapters.memory import LocalSendLimiter, ManualClock
from taskbot.adapters.redis import RedisSendLimiter, create_redis, limiter as module
from taskbot.adapters.redis.client import Redis

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    url = server_url()
    if url is None:
        pytest.skip(ABSENT)
    client = create_redis(url)
    yield client
    await client.aclose()


def _limiter(redis: Redis, namespace: str, clock: ManualClock) -> RedisSendLimiter:
    alone = LocalSendLimiter(clock)
    return RedisSendLimiter(redis, fallback=alone, namespace=namespace, clock=clock)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def namespace() -> str:
    return f"taskbot-test-{secrets.token_hex(6)}"


@pytest.fixture
async def limiter(redis: Redis, namespace: str, clock: ManualClock) -> RedisSendLimiter:
    limiter = _limiter(redis, namespace, clock)
    await limiter.reserve(99, patience=SECOND)  # from now on Redis knows the scripts
    clock.advance(SECOND)
    return limiter


@pytest.fixture
def asked(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that are sent from now on."""
    asked: list[str] = []
    send: Any = redis.execute_command

    async def noting(*words: Any, **options: Any) -> Any:
        asked.append(words[0])
        return await send(*words, **options)

    monkeypatch.setattr(redis, "execute_command", noting)
    return asked


async def test_a_delivery_that_has_its_turn_at_once_asks_once(
    limiter: RedisSendLimiter, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_JUST_NOW", 60)
    wait = await limiter.reserve(1, patience=SECOND)

    left = await limiter.pause_left()

    assert (wait, left) == (timedelta(0), timedelta(0))
    assert asked == ["EVALSHA"]


async def test_a_pause_that_others_begin_is_heard_of_soon(
    limiter: RedisSendLimiter,
    redis: Redis,
    namespace: str,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_JUST_NOW", 0)
    assert await limiter.reserve(1, patience=SECOND) == timedelta(0)

    await _limiter(redis, namespace, clock).pause(60 * SECOND)

    assert await limiter.pause_left() == 60 * SECOND


async def test_a_pause_of_ones_own_is_known_at_once(
    limiter: RedisSendLimiter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_JUST_NOW", 60)
    assert await limiter.reserve(1, patience=SECOND) == timedelta(0)

    await limiter.pause(60 * SECOND)

    assert await limiter.pause_left() == 60 * SECOND
