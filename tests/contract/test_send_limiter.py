"""What every `SendLimiter` promises."""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from itertools import cycle, pairwise
from typing import Any, Final, TypeAlias

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings, strategies as st
from prometheus_client import CollectorRegistry

from support.builders import NOW
from support.ports import a_free_port
from support.redis import ABSENT, server_url
from taskbot.adapters.memory import LocalSendLimiter, ManualClock
from taskbot.adapters.observability import LimitMeter, MeasuredLimiter
from taskbot.adapters.redis import RedisSendLimiter, create_redis
from taskbot.application.ports import SendLimiter

pytestmark = pytest.mark.anyio

SECOND: Final = timedelta(seconds=1)
PATIENT: Final = timedelta(hours=1)

NewLimiter: TypeAlias = Callable[..., SendLimiter]


@pytest.fixture(params=["memory", "measured", "redis"])
async def new_limiter(request: pytest.FixtureRequest) -> AsyncIterator[NewLimiter]:
    """Give a function that makes limiters of a clock and limits, none of which knows another."""
    if request.param == "memory":
        yield LocalSendLimiter
        return
    if request.param == "measured":
        yield _measured
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


def _measured(clock: ManualClock, **limits: Any) -> SendLimiter:
    return MeasuredLimiter(LocalSendLimiter(clock, **limits), LimitMeter(CollectorRegistry()))


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
    assert len(limiter._bookings) <= 2


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

    waits = [await limiter.reserve_reply(1, patience=PATIENT) for _ in range(4)]

    assert waits == [n * SECOND / 10 for n in range(4)]


async def test_others_keep_their_distance_from_a_burst(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=10, per_chat=1)
    await limiter.reserve(1, patience=PATIENT)
    await limiter.reserve(1, patience=PATIENT)  # which is to come in a second

    burst = await limiter.reserve_reply(1, patience=PATIENT)
    after = await limiter.reserve(1, patience=PATIENT)

    assert (burst, after) == (SECOND / 10, 2 * SECOND)


async def test_a_burst_waits_for_the_end_of_a_pause(new_limiter: NewLimiter) -> None:
    limiter = new_limiter(ManualClock(NOW))
    await limiter.pause(5 * SECOND)

    assert await limiter.reserve_reply(1, patience=PATIENT) == 5 * SECOND
    assert await limiter.reserve_reply(1, patience=SECOND) is None


async def test_while_300_notifications_wait_a_reply_goes_within_a_messages_slot(
    new_limiter: NewLimiter,
) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock)
    for chat in range(300):
        await limiter.reserve(chat, patience=PATIENT)
    clock.advance(SECOND / 20)

    waits = [await limiter.reserve_reply(1000, patience=PATIENT) for _ in range(3)]

    slot = timedelta(seconds=1 / 30, microseconds=1)
    assert all(
        wait is not None and wait <= (place + 1) * slot for place, wait in enumerate(waits)
    ), waits


async def test_who_waited_for_a_moment_that_a_reply_took_waits_for_the_next(
    new_limiter: NewLimiter,
) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=10)
    waits = [await limiter.reserve(chat, patience=PATIENT) for chat in (1, 2, 3)]
    clock.advance(SECOND / 10)

    assert await limiter.reserve_reply(9, patience=PATIENT) == timedelta(0)

    assert waits == [n * SECOND / 10 for n in range(3)]
    assert [await limiter.take_turn(chat) for chat in (2, 3)] == [SECOND / 10, 2 * SECOND / 10]
    clock.advance(SECOND / 10)
    assert [await limiter.take_turn(chat) for chat in (2, 3)] == [timedelta(0), SECOND / 10]
    assert await limiter.reserve(4, patience=PATIENT) == 2 * SECOND / 10


async def test_a_turn_that_was_taken_is_not_taken_away(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=10)
    for chat in (1, 2):
        await limiter.reserve(chat, patience=PATIENT)
    clock.advance(SECOND / 10)
    assert await limiter.take_turn(2) == timedelta(0)

    assert await limiter.reserve_reply(9, patience=PATIENT) == SECOND / 10


async def test_a_pause_holds_for_who_has_booked_already(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=10)
    for chat in (1, 2):
        await limiter.reserve(chat, patience=PATIENT)
    await limiter.pause(5 * SECOND)
    clock.advance(SECOND / 10)

    assert await limiter.take_turn(2) == 5 * SECOND - SECOND / 10


async def test_who_comes_much_too_late_gets_the_next_free_moment(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=10)
    for chat in (1, 2, 3):
        await limiter.reserve(chat, patience=PATIENT)
    clock.advance(60 * SECOND)

    waits = [await limiter.take_turn(chat) for chat in (2, 3, 4)]

    assert waits == [n * SECOND / 10 for n in range(3)]


@frozen
class Sender:
    """At *start*, counted from the beginning, somebody wants to send to *chat*."""

    start: timedelta
    chat: int
    is_reply: bool


senders = st.builds(
    Sender,
    start=st.timedeltas(min_value=timedelta(0), max_value=2 * SECOND)
    | st.sampled_from([timedelta(0), SECOND / 5, SECOND]),
    chat=st.integers(min_value=1, max_value=30),
    is_reply=st.booleans(),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(all_of_them=st.lists(senders, max_size=40), per_bot=st.integers(min_value=2, max_value=9))
async def test_whoever_goes_first_the_limits_are_kept_and_all_get_their_turn(
    new_limiter: NewLimiter, all_of_them: list[Sender], per_bot: int
) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=per_bot)
    waiting: list[tuple[datetime, int, Sender]] = [
        (NOW + sender.start, number, sender) for number, sender in enumerate(all_of_them)
    ]
    begun, sent = set[int](), list[tuple[datetime, Sender]]()

    while waiting:
        waiting.sort(key=lambda one: one[:2])
        moment, number, sender = waiting.pop(0)
        clock.advance(max(moment - clock.now(), timedelta(0)))
        if sender.is_reply:
            wait = await limiter.reserve_reply(sender.chat, patience=PATIENT)
            assert wait is not None
            sent.append((clock.now() + wait, sender))
            continue
        if number in begun:
            wait = await limiter.take_turn(sender.chat)
        else:
            wait = await limiter.reserve(sender.chat, patience=PATIENT)
        begun.add(number)
        assert wait is not None
        if wait:
            waiting.append((clock.now() + wait, number, sender))
        else:
            sent.append((clock.now(), sender))

    assert len(sent) == len(all_of_them)
    assert _most_in_a_second([moment for moment, _ in sent]) <= per_bot
    for chat in range(1, 31):
        told = [moment for moment, one in sent if one.chat == chat and not one.is_reply]
        assert _most_in_a_second(told) <= 1


async def test_who_oversleeps_goes_at_once_if_nobody_else_does(new_limiter: NewLimiter) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=10)
    for chat in range(6):
        await limiter.reserve(chat, patience=PATIENT)
    clock.advance(SECOND / 4)

    # The third's moment was at 0.2 s: that one has not come either.
    assert await limiter.take_turn(1) == timedelta(0)
    assert await limiter.take_turn(2) == 0.35 * SECOND
    clock.advance(SECOND / 20)
    assert await limiter.take_turn(3) == timedelta(0)


async def test_who_oversleeps_takes_no_moment_from_who_will_come_in_time(
    new_limiter: NewLimiter,
) -> None:
    clock = ManualClock(NOW)
    limiter = new_limiter(clock, per_bot=10)
    for chat in range(4):
        await limiter.reserve(chat, patience=PATIENT)
    clock.advance(0.2 * SECOND)
    assert await limiter.take_turn(2) == timedelta(0)
    clock.advance(0.05 * SECOND)

    assert await limiter.take_turn(1) == 0.15 * SECOND
    clock.advance(0.05 * SECOND)
    assert await limiter.take_turn(3) == timedelta(0)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lags=st.lists(st.integers(min_value=0, max_value=5), min_size=1, max_size=20),
    number=st.integers(min_value=1, max_value=40),
)
async def test_on_a_machine_that_is_always_late_everybody_gets_their_turn(
    new_limiter: NewLimiter, lags: list[int], number: int
) -> None:
    """Each sleeps longer than it was told, by some tenths of a second: three moments or more."""
    clock, per_bot = ManualClock(NOW), 30
    limiter = new_limiter(clock, per_bot=per_bot)
    slot, lag = timedelta(seconds=1 / per_bot, microseconds=1), timedelta(seconds=max(lags) / 10)
    late = cycle(lags)
    waiting: list[tuple[datetime, int]] = []
    sent: list[datetime] = []
    for chat in range(number):
        wait = await limiter.reserve(chat, patience=PATIENT)
        assert wait is not None
        waiting.append((NOW + wait + next(late) * SECOND / 10, chat))

    while waiting:
        waiting.sort()
        moment, chat = waiting.pop(0)
        clock.advance(max(moment - clock.now(), timedelta(0)))
        wait = await limiter.take_turn(chat)
        if wait:
            waiting.append((clock.now() + wait + next(late) * SECOND / 10, chat))
        else:
            sent.append(clock.now())
        assert clock.now() <= NOW + lag + number * (slot + lag)

    assert _most_in_a_second(sent) <= per_bot + 1, "each may go by one moment later than it is"
