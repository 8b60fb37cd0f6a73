"""What every `IdempotencyStore` promises."""

import asyncio
from datetime import timedelta

import pytest

from support.backends import Storage
from support.builders import NOW, a_user
from taskbot.adapters.memory import ManualClock
from taskbot.application.ports import (
    ANSWER_KEPT,
    LEASE,
    FirstUse,
    IdempotencyStore,
    KeptAnswer,
    KeyUse,
    RequestKey,
    StillInUse,
    UsedForAnother,
)

pytestmark = pytest.mark.anyio

THIS, THAT = b"1" * 32, b"2" * 32
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def store(storage: Storage, clock: ManualClock) -> IdempotencyStore:
    return storage.idempotency(clock)


@pytest.fixture
def rivals(rival: Storage, clock: ManualClock) -> IdempotencyStore:
    """The same, as another process sees it."""
    return rival.idempotency(clock)


@pytest.fixture
async def key(storage: Storage) -> RequestKey:
    owner = a_user()
    await storage.keep(owner)
    return RequestKey(owner.id, "a key")


async def _first(store: IdempotencyStore, key: RequestKey) -> FirstUse:
    use = await store.begin(key, THIS)
    assert isinstance(use, FirstUse)
    return use


async def test_the_answer_of_the_first_is_kept_for_the_others(
    store: IdempotencyStore, rivals: IdempotencyStore, key: RequestKey
) -> None:
    await store.finish(await _first(store, key), b"\0answer\xff")

    assert await rivals.begin(key, THIS) == KeptAnswer(b"\0answer\xff")
    assert await store.begin(key, THIS) == KeptAnswer(b"\0answer\xff")


async def test_of_many_at_once_one_is_the_first(
    store: IdempotencyStore, rivals: IdempotencyStore, key: RequestKey
) -> None:
    uses: list[KeyUse] = await asyncio.gather(
        *(one.begin(key, THIS) for one in (store, rivals) * 4)
    )

    assert sum(isinstance(use, FirstUse) for use in uses) == 1
    assert uses.count(StillInUse()) == 7


async def test_another_request_may_not_have_the_key(
    store: IdempotencyStore, key: RequestKey
) -> None:
    use = await _first(store, key)
    during = await store.begin(key, THAT)
    await store.finish(use, b"answer")

    assert (during, await store.begin(key, THAT)) == (UsedForAnother(), UsedForAnother())
    assert await store.begin(key, THIS) == KeptAnswer(b"answer")


async def test_a_key_is_its_owners_own(
    storage: Storage, store: IdempotencyStore, key: RequestKey
) -> None:
    other = a_user()
    await storage.keep(other)
    await store.finish(await _first(store, key), b"answer")

    assert isinstance(await store.begin(RequestKey(other.id, key.name), THAT), FirstUse)
    assert isinstance(await store.begin(RequestKey(key.owner_id, "another"), THAT), FirstUse)


async def test_what_was_abandoned_may_be_tried_again_at_once(
    store: IdempotencyStore, rivals: IdempotencyStore, key: RequestKey
) -> None:
    await store.abandon(await _first(store, key))

    assert isinstance(await rivals.begin(key, THAT), FirstUse)


async def test_a_request_that_never_ends_frees_the_key_when_its_lease_is_over(
    store: IdempotencyStore, rivals: IdempotencyStore, clock: ManualClock, key: RequestKey
) -> None:
    use = await _first(store, key)
    clock.advance(LEASE - MOMENT)
    before = await rivals.begin(key, THIS)
    clock.advance(MOMENT)

    assert (use.until, before) == (NOW + LEASE, StillInUse())
    assert isinstance(await rivals.begin(key, THAT), FirstUse)


async def test_who_took_too_long_does_not_disturb_the_next(
    store: IdempotencyStore, rivals: IdempotencyStore, clock: ManualClock, key: RequestKey
) -> None:
    late = await _first(store, key)
    clock.advance(LEASE)
    use = await _first(rivals, key)

    await store.finish(late, b"too late")
    await store.abandon(late)
    during = await store.begin(key, THIS)
    await rivals.finish(use, b"in time")
    await store.abandon(late)

    assert during == StillInUse()
    assert await store.begin(key, THIS) == KeptAnswer(b"in time")


async def test_an_answer_is_kept_for_a_day(
    store: IdempotencyStore, clock: ManualClock, key: RequestKey
) -> None:
    use = await _first(store, key)
    clock.advance(LEASE / 2)
    await store.finish(use, b"answer")
    clock.advance(ANSWER_KEPT - MOMENT)
    before = await store.begin(key, THIS)
    clock.advance(MOMENT)

    assert before == KeptAnswer(b"answer")
    assert isinstance(await store.begin(key, THAT), FirstUse)


async def test_what_is_over_is_purged_and_nothing_else(
    store: IdempotencyStore,
    clock: ManualClock,
    key: RequestKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("taskbot.adapters.persistence.idempotency._BATCH", 2)
    for number in range(5):
        old = RequestKey(key.owner_id, f"old {number}")
        await store.finish(await _first(store, old), b"answer")
    clock.advance(ANSWER_KEPT)
    await store.finish(await _first(store, key), b"answer")

    assert (await store.purge_expired(), await store.purge_expired()) == (5, 0)
    assert await store.begin(key, THIS) == KeptAnswer(b"answer")


async def test_the_longest_key_and_a_large_answer_are_kept(
    store: IdempotencyStore, key: RequestKey
) -> None:
    longest = RequestKey(key.owner_id, "~" * 255)
    await store.finish(await _first(store, longest), b"x" * 300_000)

    assert await store.begin(longest, THIS) == KeptAnswer(b"x" * 300_000)
