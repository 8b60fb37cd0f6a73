"""What every `RateLimiter` promises."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from support.builders import NOW
from support.ports import a_free_port
from support.redis import ABSENT, server_url
from taskbot.adapters.memory import LocalRateLimiter, ManualClock
from taskbot.adapters.redis import RedisRateLimiter, create_redis
from taskbot.application.ports import Allowance, Quota, RateLimiter

pytestmark = pytest.mark.anyio

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
SIX: Final = Quota(6)

NewLimiter: TypeAlias = Callable[[ManualClock], RateLimiter]


@pytest.fixture(params=["memory", "redis"])
async def new_limiter(request: pytest.FixtureRequest) -> AsyncIterator[NewLimiter]:
    """Give a function that makes limiters, none of which knows another."""
    if request.param == "memory":
        yield LocalRateLimiter
        return
    url = server_url()
    if url is None:
        pytest.skip(ABSENT)
    redis = create_redis(url)
    namespace = f"taskbot-test-{secrets.token_hex(6)}"
    clients = [redis]

    def new(clock: ManualClock) -> RateLimiter:
        clients.append(create_redis(url))  # of which it keeps a connection
        return RedisRateLimiter(
            clients[-1],
            fallback=LocalRateLimiter(clock),
            namespace=f"{namespace}-{secrets.token_hex(6)}",
            clock=clock,
        )

    yield new
    async for key in redis.scan_iter(f"{namespace}*", count=1000):
        await redis.delete(key)
    for client in clients:
        await client.aclose()


async def test_so_many_are_granted_at_once_and_no_more(new_limiter: NewLimiter) -> None:
    limiter = new_limiter(ManualClock(NOW))

    taken = [await limiter.take("a", SIX) for _ in range(8)]

    assert [one.is_granted for one in taken] == [True] * 6 + [False] * 2
    assert [one.remaining for one in taken] == [5, 4, 3, 2, 1, 0, 0, 0]
    assert [one.full_in for one in taken[:6]] == [n * 10 * SECOND for n in range(1, 7)]


async def test_who_is_refused_learns_when_to_come_back(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock)
    for _ in range(6):
        await limiter.take("a", SIX)
    clock.advance(4 * SECOND)

    refused = await limiter.take("a", SIX)
    clock.advance(refused.wait - timedelta(microseconds=1))
    early = await limiter.take("a", SIX)
    clock.advance(timedelta(microseconds=1))
    in_time = await limiter.take("a", SIX)

    assert refused == Allowance(is_granted=False, remaining=0, wait=6 * SECOND, full_in=56 * SECOND)
    assert (early.is_granted, in_time.is_granted) == (False, True)
    assert in_time.wait == 10 * SECOND


async def test_those_who_ask_at_once_are_counted_one_by_one(new_limiter: NewLimiter) -> None:
    limiter = new_limiter(ManualClock(NOW))
    await limiter.take("b", SIX)

    taken = await asyncio.gather(*(limiter.take("ab"[n % 2], SIX) for n in range(200)))

    assert [one.is_granted for one in taken[::2]] == [True] * 6 + [False] * 94
    assert [one.remaining for one in taken[1:12:2]] == [4, 3, 2, 1, 0, 0]


async def test_whoever_goes_away_takes_nobodys_answer_along(new_limiter: NewLimiter) -> None:
    limiter = new_limiter(ManualClock(NOW))
    asking = [asyncio.create_task(limiter.take("a", SIX)) for _ in range(5)]
    await asyncio.sleep(0)

    asking[1].cancel()
    ended = await asyncio.gather(*asking, return_exceptions=True)

    del ended[1]
    assert all(isinstance(one, Allowance) and one.is_granted for one in ended)
    assert (await limiter.take("a", SIX)).is_granted


async def test_the_one_does_not_use_up_what_the_other_has(new_limiter: NewLimiter) -> None:
    limiter = new_limiter(ManualClock(NOW))
    for _ in range(6):
        await limiter.take("a", SIX)

    assert (await limiter.take("b", SIX)).remaining == 5


async def test_a_clock_that_is_set_back_locks_nobody_out(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock)
    for _ in range(6):
        await limiter.take("a", SIX)

    clock.advance(timedelta(days=-1))
    refused = await limiter.take("a", SIX)

    assert (refused.is_granted, refused.wait) == (False, 10 * SECOND)


pauses = st.lists(
    st.sampled_from([timedelta(0), SECOND, 9 * SECOND, 10 * SECOND, MINUTE])
    | st.timedeltas(min_value=timedelta(0), max_value=2 * MINUTE),
    max_size=60,
)
quotas = st.builds(Quota, st.integers(min_value=1, max_value=9))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pauses=pauses, quota=quotas)
async def test_no_window_ever_holds_more_than_twice_the_quota(
    new_limiter: NewLimiter, pauses: list[timedelta], quota: Quota
) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock)

    granted: list[datetime] = []
    for pause in pauses:
        clock.advance(pause)
        if (await limiter.take("a", quota)).is_granted:
            granted.append(clock.now())

    for first in granted:
        within = sum(first <= moment < first + quota.window for moment in granted)
        assert within <= 2 * quota.requests


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pauses=pauses, quota=quotas)
async def test_who_keeps_to_the_quota_is_never_refused(
    new_limiter: NewLimiter, pauses: list[timedelta], quota: Quota
) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock)

    asked: list[datetime] = []
    for pause in pauses:
        clock.advance(pause)
        now = clock.now()
        if sum(now - quota.window < moment for moment in asked) < quota.requests:
            asked.append(now)
            assert (await limiter.take("a", quota)).is_granted


async def test_a_crowd_neither_fills_the_memory_nor_hides_who_asked_most() -> None:
    clock = ManualClock(NOW)
    limiter = LocalRateLimiter(clock, most_remembered=100)
    for _ in range(6):
        await limiter.take("greedy", SIX)

    for number in range(1000):
        await limiter.take(f"one of many {number}", SIX)

    assert len(limiter._full_at) <= 100
    assert not (await limiter.take("greedy", SIX)).is_granted


async def test_who_has_everything_back_is_forgotten_first() -> None:
    clock = ManualClock(NOW)
    limiter = LocalRateLimiter(clock, most_remembered=100)
    for number in range(100):
        await limiter.take(str(number), SIX)
    clock.advance(MINUTE)

    await limiter.take("new", SIX)

    assert list(limiter._full_at) == ["new"]


@pytest.mark.parametrize("requests", [0, -1])
def test_a_quota_of_nothing_is_a_mistake(requests: int) -> None:
    with pytest.raises(ValueError, match="allows something"):
        Quota(requests)


async def test_processes_count_together_by_the_clock_of_redis() -> None:
    url = server_url()
    if url is None:
        pytest.skip(ABSENT)
    namespace = f"taskbot-test-{secrets.token_hex(6)}"
    clients = [create_redis(url) for _ in range(2)]
    nobodys = LocalRateLimiter(ManualClock(NOW))  # of whoever falls back: nobody does
    one, other = (
        RedisRateLimiter(client, fallback=nobodys, namespace=namespace) for client in clients
    )
    hourly = Quota(2, timedelta(hours=1))

    granted = [(await limiter.take("a", hourly)).is_granted for limiter in (one, other, one, other)]

    assert granted == [True, True, False, False]
    ages = [await clients[0].pttl(key) async for key in clients[0].scan_iter(f"{namespace}*")]
    assert len(ages) == 1
    assert 0 < ages[0] <= 3_601_000
    for client in clients:
        await client.delete(f"{namespace}:rate:a")
        await client.aclose()


async def test_without_redis_each_process_counts_alone_and_says_so_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taskbot.adapters.redis.rate_limits._ALONE_SECONDS", 0.0)
    nowhere = create_redis(f"redis://127.0.0.1:{a_free_port()}/0")
    limiter = RedisRateLimiter(nowhere, fallback=LocalRateLimiter(ManualClock(NOW)))

    granted = [(await limiter.take("a", Quota(2))).is_granted for _ in range(3)]

    assert granted == [True, True, False]
    warnings = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert len(warnings) == 1
    await nowhere.aclose()


async def test_while_redis_is_away_it_is_not_asked_for_each_request() -> None:
    port = a_free_port()
    limiter = RedisRateLimiter(
        nowhere := create_redis(f"redis://127.0.0.1:{port}/0"),
        fallback=LocalRateLimiter(ManualClock(NOW)),
    )
    await limiter.take("a", SIX)

    async def must_not_be_asked(*_: object, **__: object) -> None:
        raise AssertionError

    limiter._redis.run = must_not_be_asked  # type: ignore[method-assign]

    assert (await limiter.take("a", SIX)).remaining == 4
    await nowhere.aclose()
