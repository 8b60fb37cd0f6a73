"""How requests are counted by Redis: at what cost, and after what happens to it."""

import asyncio
import secrets
from typing import Any

import pytest

from support.builders import NOW
from support.kept import a_client
from taskbot.adapters.memory import LocalRateLimiter, ManualClock
from taskbot.adapters.redis import Redis, RedisRateLimiter
from taskbot.application.ports import Quota

pytestmark = pytest.mark.anyio


class _NobodysLimiter(LocalRateLimiter):
    """Of whoever falls back: nobody does."""

    async def take(self, key: str, quota: Quota) -> Any:
        raise AssertionError(key)


def _limiter(redis: Redis) -> RedisRateLimiter:
    namespace = f"taskbot-test-{secrets.token_hex(6)}"
    nobodys = _NobodysLimiter(ManualClock(NOW))
    return RedisRateLimiter(redis, fallback=nobodys, namespace=namespace)


async def test_requests_that_come_at_once_share_their_trips_to_redis() -> None:
    async with a_client() as redis:
        limiter = _limiter(redis)
        await limiter.take("before", Quota(1))
        run, trips = limiter._redis.run, list[int]()

        async def counting(*args: Any, keys: Any, **rest: Any) -> Any:
            trips.append(len(keys))
            return await run(*args, keys=keys, **rest)

        limiter._redis.run = counting  # type: ignore[method-assign]
        taken = await asyncio.gather(*(limiter.take(str(n), Quota(1)) for n in range(100)))

        assert all(one.is_granted for one in taken)
        assert trips == [64, 36]


async def test_all_who_wait_for_a_redis_that_is_away_wait_for_one_trip() -> None:
    async with a_client() as redis:
        alone = LocalRateLimiter(ManualClock(NOW))
        limiter = RedisRateLimiter(redis, fallback=alone)
        trips = list[int]()

        async def hanging(*_: Any, keys: Any, **__: Any) -> Any:
            trips.append(len(keys))
            raise TimeoutError

        limiter._redis.run = hanging  # type: ignore[method-assign]
        taken = await asyncio.gather(*(limiter.take(str(n), Quota(1)) for n in range(200)))

        assert all(one.is_granted for one in taken)
        assert trips == [64]


async def test_a_redis_that_forgot_its_scripts_is_taught_anew() -> None:
    async with a_client() as redis:
        limiter = _limiter(redis)
        await limiter.take("a", Quota(2))

        await redis.script_flush()

        assert [(await limiter.take("a", Quota(2))).is_granted for _ in range(2)] == [True, False]


async def test_a_connection_that_broke_is_made_anew() -> None:
    async with a_client() as redis:
        limiter = _limiter(redis)
        await limiter.take("a", Quota(2))
        connection: Any = limiter._redis._connection

        await connection.disconnect()

        assert [(await limiter.take("a", Quota(2))).is_granted for _ in range(2)] == [True, False]
