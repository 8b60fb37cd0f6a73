"""What every `SendLimiter` promises."""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final, TypeAlias

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings, strategies as st

from support.builders import NOW
from support.ports import a_free_port
from support.redis import ABSENT, server_url
from taskbot.adapters.memory import LocalSendLimiter, ManualClock
from taskbot.adapters.redis import RedisSendLimiter, create_redis
from taskbot.application.ports import SendLimiter

pytestmark = pytest.mark.anyio

SECOND: Final = timedelta(seconds=1)
PATIENT: Final = timedelta(hours=1)

NewLimiter: TypeAlias = Callable[..., SendLimiter]


@pytest.fixture(params=["memory", "redis"])
async def new_limiter(request: pytest.FixtureRequest) -> AsyncIterator[NewLimiter]:
    """Give a function that makes limiters of a clock and limits, none of which knows another."""
    if request.param == "memory":
        yield LocalSendLimiter
        return
    url = server_url()
    if url is None:
        pytest.skip(ABSENT)
    redis = create_redis(url)
    namespace = f"taskbot-test-{secrets.token_hex(6)}"

    def new(clock: ManualClock, **limits: Any) -> SendLimiter:
        return RedisSendLimiter(
            redis,
            fallback=LocalSendLimiter(clock),
            namespace=f"{namespace}-{secrets.token_hex(6)}",
            clock=clock,
            **limits,
        )

    yield new
    async for key in redis.scan_iter(f"{namespace}*", count=1000):
        await redis.delete(key)
    await redis.aclose()


@frozen
class Ask:
    """*later* than the one before, somebody wants to send to *chat*."""

    later: timedelta
    chat: int
    patience: timedelta


asks = st.builds(
    Ask,
    later=st.sampled_from([timedelta(0), timedelta(milliseconds=7), SECOND, 5 * SECOND])
    | st.timedeltas(min_value=timedelta(0), max_value=2 * SECOND),
    chat=st.integers(min_value=1, max_value=5),
    patience=st.timedeltas(min_value=timedelta(0), max_value=5 * SECOND),
)


async def _bookings(
    limiter: SendLimiter, clock: ManualClock, asked: Sequence[Ask]
) -> list[tuple[datetime | None, int]]:
    booked: list[tuple[datetime | None, int]] = []
    for ask in asked:
        clock.advance(ask.later)
        wait = await limiter.reserve(ask.chat, patience=ask.patience)
        assert wait is None or timedelta(0) <= wait <= ask.patience
        booked.append((None if wait is None else clock.now() + wait, ask.chat))
    return booked


def _most_in_a_second(moments: list[datetime]) -> int:
    return max(
        (sum(first <= moment < first + SECOND for moment in moments) for first in moments),
        default=0,
    )


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(asks, max_size=80), per_bot=st.integers(min_value=1, max_value=9))
async def test_no_second_ever_holds_more_than_the_limits_allow(
    new_limiter: NewLimiter, asked: list[Ask], per_bot: int
) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=per_bot, per_chat=1)

    booked = await _bookings(limiter, clock, asked)

    sends = [(moment, chat) for moment, chat in booked if moment is not None]
    assert _most_in_a_second([moment for moment, _ in sends]) <= per_bot
    for chat in range(1, 6):
        assert _most_in_a_second([moment for moment, to in sends if to == chat]) <= 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(asks, max_size=60))
async def test_a_refused_reservation_books_nothing(
    new_limiter: NewLimiter, asked: list[Ask]
) -> None:
    clock, undisturbed_clock = ManualClock(NOW), ManualClock(NOW)
    booked = await _bookings(new_limiter(clock, per_bot=3), clock, asked)

    undisturbed = new_limiter(undisturbed_clock, per_bot=3)
    for ask, (moment, _) in zip(asked, booked, strict=True):
        undisturbed_clock.advance(ask.later)
        if moment is not None:
            wait = await undisturbed.reserve(ask.chat, patience=ask.patience)
            assert wait == moment - undisturbed_clock.now()


async def test_a_backlog_is_sent_as_fast_as_the_bot_may(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock)

    waits = [await limiter.reserve(chat, patience=PATIENT) for chat in range(300)]

    assert waits[0] == timedelta(0)
    assert waits[-1] is not None
    assert 299 / 30 * SECOND <= waits[-1] < 9.98 * SECOND


async def test_a_chat_that_must_wait_does_not_hold_up_the_others(new_limiter: NewLimiter) -> None:
    limiter = new_limiter(ManualClock(NOW), per_bot=10)
    await limiter.reserve(1, patience=PATIENT)

    assert await limiter.reserve(1, patience=PATIENT) == SECOND
    waits = [await limiter.reserve(chat, patience=PATIENT) for chat in range(2, 13)]

    assert waits == [n * SECOND / 10 for n in range(1, 10)] + [n * SECOND / 10 for n in (11, 12)]


async def test_whoever_waited_long_enough_sends_at_once(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock)
    await limiter.reserve(1, patience=PATIENT)

    clock.advance(SECOND)

    assert await limiter.reserve(1, patience=timedelta(0)) == timedelta(0)


async def test_during_a_pause_nobody_sends(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock)

    await limiter.pause(5 * SECOND)
    clock.advance(2 * SECOND)

    assert await limiter.pause_left() == 3 * SECOND
    assert await limiter.reserve(1, patience=2.9 * SECOND) is None
    assert await limiter.reserve(1, patience=3 * SECOND) == 3 * SECOND


async def test_a_pause_ends(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock)
    assert await limiter.pause_left() == timedelta(0)
    await limiter.pause(5 * SECOND)

    clock.advance(6 * SECOND)

    assert await limiter.pause_left() == timedelta(0)
    assert await limiter.reserve(1, patience=timedelta(0)) == timedelta(0)


async def test_a_longer_pause_stays_as_it_is(new_limiter: NewLimiter) -> None:
    limiter = new_limiter(ManualClock(NOW))
    await limiter.pause(10 * SECOND)

    await limiter.pause(SECOND)

    assert await limiter.pause_left() == 10 * SECOND


async def test_messages_keep_their_distance_after_a_pause_too(new_limiter: NewLimiter) -> None:
    limiter = new_limiter(ManualClock(NOW), per_bot=4)
    await limiter.pause(10 * SECOND)

    waits = [await limiter.reserve(chat, patience=PATIENT) for chat in range(4)]

    gaps = [later - earlier for earlier, later in pairwise(w for w in waits if w is not None)]
    assert waits[0] == 10 * SECOND
    assert gaps == [SECOND / 4] * 3


async def test_idle_chats_do_not_fill_the_memory() -> None:
    clock = ManualClock(NOW)
    limiter = LocalSendLimiter(clock)

    for chat in range(5000):
        await limiter.reserve(chat, patience=PATIENT)
        clock.advance(2 * SECOND)

    assert len(limiter._free_for_chat) <= 1001
    assert len(limiter._booked) <= 2


@pytest.mark.parametrize("limits", [{"per_bot": 0.0}, {"per_chat": -1.0}])
def test_a_limit_of_nothing_is_a_mistake(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        LocalSendLimiter(ManualClock(NOW), **limits)


@pytest.fixture
def redis_url() -> str:
    url = server_url()
    if url is None:
        pytest.skip(ABSENT)
    return url


async def test_processes_share_the_limits_by_the_clock_of_redis(redis_url: str) -> None:
    namespace = f"taskbot-test-{secrets.token_hex(6)}"
    clients = [create_redis(redis_url) for _ in range(2)]
    clock = ManualClock(NOW)  # of whoever falls back: nobody does
    one, other = (
        RedisSendLimiter(client, fallback=LocalSendLimiter(clock), namespace=namespace)
        for client in clients
    )

    first = await one.reserve(1, patience=PATIENT)
    second = await other.reserve(1, patience=PATIENT)
    await one.pause(60 * SECOND)
    left = await other.pause_left()

    assert first == timedelta(0)
    assert second is not None
    assert timedelta(seconds=0.5) < second <= SECOND
    assert timedelta(seconds=55) < left <= 60 * SECOND
    for client in clients:
        async for key in client.scan_iter(f"{namespace}*"):
            await client.delete(key)
        await client.aclose()


async def test_without_redis_each_process_keeps_to_its_own_limit() -> None:
    clock = ManualClock(NOW)
    nowhere = create_redis(f"redis://127.0.0.1:{a_free_port()}/0")
    limiter = RedisSendLimiter(nowhere, fallback=LocalSendLimiter(clock, per_bot=2))

    waits = [await limiter.reserve(chat, patience=PATIENT) for chat in range(3)]
    await limiter.pause(10 * SECOND)

    assert waits == [n * SECOND / 2 for n in range(3)]
    assert await limiter.pause_left() == 10 * SECOND
    await nowhere.aclose()


async def test_a_burst_keeps_the_bots_limit_and_not_the_chats(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=10, per_chat=1)

    waits = [await limiter.reserve(1, patience=PATIENT, in_burst=True) for _ in range(4)]

    assert waits == [n * SECOND / 10 for n in range(4)]


async def test_others_keep_their_distance_from_a_burst(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=10, per_chat=1)
    await limiter.reserve(1, patience=PATIENT)
    await limiter.reserve(1, patience=PATIENT)  # which is to come in a second

    burst = await limiter.reserve(1, patience=PATIENT, in_burst=True)
    after = await limiter.reserve(1, patience=PATIENT)

    assert (burst, after) == (SECOND / 10, 2 * SECOND)


async def test_a_burst_waits_for_the_end_of_a_pause(new_limiter: NewLimiter) -> None:
    limiter = new_limiter(ManualClock(NOW))
    await limiter.pause(5 * SECOND)

    assert await limiter.reserve(1, patience=PATIENT, in_burst=True) == 5 * SECOND
    assert await limiter.reserve(1, patience=SECOND, in_burst=True) is None
