"""How requests are counted by Redis: at what cost, and after what happens to it."""

import asyncio
import secrets
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings, strategies as st

from support.builders import NOW
from support.kept import a_client
from support.simulator import eventually
from taskbot.adapters.memory import LocalRateLimiter, ManualClock
from taskbot.adapters.redis import Redis, RedisRateLimiter
from taskbot.application.ports import Quota

pytestmark = pytest.mark.anyio

MANY: Final = Quota(600)


class _NobodysLimiter(LocalRateLimiter):
    """Of whoever falls back: nobody does."""

    async def take(self, key: str, quota: Quota) -> Any:
        raise AssertionError(key)


def _limiter(redis: Redis) -> RedisRateLimiter:
    return _limiters(redis, 1, clock=None)[0]


def _limiters(redis: Redis, number: int, *, clock: ManualClock | None) -> list[RedisRateLimiter]:
    """As in so many processes."""
    namespace = f"taskbot-test-{secrets.token_hex(6)}"
    nobodys = _NobodysLimiter(ManualClock(NOW))
    return [
        RedisRateLimiter(redis, fallback=nobodys, namespace=namespace, clock=clock)
        for _ in range(number)
    ]


def _trips_of(limiter: RedisRateLimiter) -> list[int]:
    """How many keys each trip to Redis was about, from now on."""
    run, trips = limiter._redis.run, list[int]()

    async def counting(*args: Any, keys: Any, **rest: Any) -> Any:
        trips.append(len(keys))
        return await run(*args, keys=keys, **rest)

    limiter._redis.run = counting  # type: ignore[method-assign]
    return trips


async def test_requests_that_come_at_once_share_their_trips_to_redis() -> None:
    async with a_client() as redis:
        limiter = _limiter(redis)
        await limiter.take("before", Quota(1))
        trips = _trips_of(limiter)
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


async def test_who_has_plenty_left_is_not_looked_up_each_time() -> None:
    async with a_client() as redis:
        (limiter,) = _limiters(redis, 1, clock=ManualClock(NOW))
        trips = _trips_of(limiter)

        taken = [await limiter.take("a", MANY) for _ in range(50)]

        assert [one.remaining for one in taken] == list(range(599, 549, -1))
        assert all(one.is_granted for one in taken)
        assert trips in ([1], [1, 1])  # what was granted is told after a twentieth of a second


async def test_what_was_granted_unasked_is_told_to_the_others() -> None:
    async with a_client() as redis:
        one, other = _limiters(redis, 2, clock=ManualClock(NOW))
        for _ in range(50):
            await one.take("a", MANY)

        await eventually(lambda: _has_told(one))

        assert (await other.take("a", MANY)).remaining == 549


async def _has_told(limiter: RedisRateLimiter) -> bool:
    return not limiter._to_tell and limiter._asking is None


async def test_who_has_used_half_is_looked_up_each_time() -> None:
    async with a_client() as redis:
        one, other = _limiters(redis, 2, clock=ManualClock(NOW))
        for _ in range(310):
            await one.take("a", MANY)
        trips = _trips_of(one)

        taken = [await each.take("a", MANY) for _ in range(200) for each in (one, other)]

        assert len(trips) == 200
        assert sum(allowance.is_granted for allowance in taken) == 290


async def test_what_is_known_is_not_believed_for_long() -> None:
    async with a_client() as redis:
        clock = ManualClock(NOW)
        one, other = _limiters(redis, 2, clock=clock)
        await one.take("a", MANY)
        for _ in range(550):
            await other.take("a", MANY)

        clock.advance(timedelta(seconds=0.1))

        assert (await one.take("a", MANY)).remaining < 60


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30)), max_size=30), st.integers(1, 4))
async def test_no_processes_ever_grant_much_more_together_than_the_quota(
    asked: list[tuple[int, int]], processes: int
) -> None:
    quota = Quota(100)
    async with a_client() as redis:
        limiters = _limiters(redis, processes, clock=ManualClock(NOW))
        granted = 0
        for who, times in asked:
            for _ in range(times):
                granted += (await limiters[who % processes].take("a", quota)).is_granted

        total = sum(times for _, times in asked)
        assert min(total, 100) <= granted <= 100 + 10 * (processes - 1)


async def test_those_of_whom_nothing_is_believed_any_more_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("taskbot.adapters.redis.rate_limits._MOST_KNOWN", 10)
    async with a_client() as redis:
        clock = ManualClock(NOW)
        (limiter,) = _limiters(redis, 1, clock=clock)
        for number in range(100):
            await limiter.take(str(number), MANY)
            clock.advance(timedelta(seconds=0.02))

        assert len(limiter._known) <= 10
