"""What every `UpdateLog` promises."""

import asyncio
from datetime import timedelta

import pytest

from support.backends import Storage
from support.builders import NOW

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
UPDATE = 2**40


async def test_an_update_is_handled_once(storage: Storage, rival: Storage) -> None:
    assert await storage.update_log.begin(UPDATE, now=NOW)
    await storage.update_log.finish(UPDATE, now=NOW)

    assert not await rival.update_log.begin(UPDATE, now=NOW + timedelta(days=1))


async def test_each_update_counts_for_itself(storage: Storage) -> None:
    assert await storage.update_log.begin(UPDATE, now=NOW)
    assert await storage.update_log.begin(UPDATE + 1, now=NOW)


async def test_an_update_that_may_still_be_at_work_is_not_begun_again(storage: Storage) -> None:
    await storage.update_log.begin(UPDATE, now=NOW)

    assert not await storage.update_log.begin(UPDATE, now=NOW + MINUTE - SECOND)


async def test_an_update_begun_a_minute_ago_was_cut_short(storage: Storage) -> None:
    await storage.update_log.begin(UPDATE, now=NOW)

    assert await storage.update_log.begin(UPDATE, now=NOW + MINUTE)
    assert not await storage.update_log.begin(UPDATE, now=NOW + 2 * MINUTE - SECOND)


async def test_a_caller_may_know_better_what_was_cut_short(storage: Storage) -> None:
    await storage.update_log.begin(UPDATE, now=NOW)
    soon, late = NOW + SECOND, NOW + timedelta(hours=1)

    assert not await storage.update_log.begin(UPDATE, now=late, cut_short_before=NOW - SECOND)
    assert await storage.update_log.begin(UPDATE, now=soon, cut_short_before=NOW)


async def test_a_finished_update_was_not_cut_short(storage: Storage) -> None:
    await storage.update_log.begin(UPDATE, now=NOW)
    await storage.update_log.finish(UPDATE, now=NOW + SECOND)

    assert not await storage.update_log.begin(
        UPDATE, now=NOW + MINUTE, cut_short_before=NOW + MINUTE
    )


async def test_however_many_begin_at_once_one_may(storage: Storage, rival: Storage) -> None:
    allowed = await asyncio.gather(
        *(process.update_log.begin(UPDATE, now=NOW) for process in (storage, rival) * 10)
    )

    assert sorted(allowed) == [False] * 19 + [True]


async def test_an_abandoned_update_may_be_begun_again_at_once(storage: Storage) -> None:
    await storage.update_log.begin(UPDATE, now=NOW)

    await storage.update_log.abandon(UPDATE)

    assert await storage.update_log.begin(UPDATE, now=NOW)


async def test_a_finished_update_cannot_be_abandoned(storage: Storage) -> None:
    await storage.update_log.begin(UPDATE, now=NOW)
    await storage.update_log.finish(UPDATE, now=NOW)

    await storage.update_log.abandon(UPDATE)

    assert not await storage.update_log.begin(UPDATE, now=NOW + MINUTE)


async def test_an_update_may_be_finished_unbegun(storage: Storage) -> None:
    await storage.update_log.finish(UPDATE, now=NOW)

    assert not await storage.update_log.begin(UPDATE, now=NOW + MINUTE)


async def test_what_was_begun_before_is_forgotten_and_nothing_else(storage: Storage) -> None:
    for update, begun_at in ((1, NOW - SECOND), (2, NOW)):
        await storage.update_log.begin(update, now=begun_at)
        await storage.update_log.finish(update, now=NOW)

    await storage.update_log.forget_before(NOW)

    assert await storage.update_log.begin(1, now=NOW + MINUTE)
    assert not await storage.update_log.begin(2, now=NOW + MINUTE)
