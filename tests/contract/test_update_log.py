"""What every `UpdateLog` promises."""

import asyncio
from datetime import timedelta

import pytest

from support.builders import NOW
from support.kept import Kept
from taskbot.application.ports import UPDATE_KEPT

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
UPDATE = 2**40


async def test_an_update_is_handled_once(kept: Kept, kept_elsewhere: Kept) -> None:
    assert await kept.update_log.begin(UPDATE, now=NOW)
    await kept.update_log.finish(UPDATE, now=NOW)

    assert not await kept_elsewhere.update_log.begin(UPDATE, now=NOW + timedelta(days=1))


async def test_each_update_counts_for_itself(kept: Kept) -> None:
    assert await kept.update_log.begin(UPDATE, now=NOW)
    assert await kept.update_log.begin(UPDATE + 1, now=NOW)


async def test_an_update_that_may_still_be_at_work_is_not_begun_again(kept: Kept) -> None:
    await kept.update_log.begin(UPDATE, now=NOW)

    assert not await kept.update_log.begin(UPDATE, now=NOW + MINUTE - SECOND)


async def test_an_update_begun_a_minute_ago_was_cut_short(kept: Kept) -> None:
    await kept.update_log.begin(UPDATE, now=NOW)

    assert await kept.update_log.begin(UPDATE, now=NOW + MINUTE)
    assert not await kept.update_log.begin(UPDATE, now=NOW + 2 * MINUTE - SECOND)


async def test_a_caller_may_know_better_what_was_cut_short(kept: Kept) -> None:
    await kept.update_log.begin(UPDATE, now=NOW)
    soon, late = NOW + SECOND, NOW + timedelta(hours=1)

    assert not await kept.update_log.begin(UPDATE, now=late, cut_short_before=NOW - SECOND)
    assert await kept.update_log.begin(UPDATE, now=soon, cut_short_before=NOW)


async def test_a_finished_update_was_not_cut_short(kept: Kept) -> None:
    await kept.update_log.begin(UPDATE, now=NOW)
    await kept.update_log.finish(UPDATE, now=NOW + SECOND)

    assert not await kept.update_log.begin(UPDATE, now=NOW + MINUTE, cut_short_before=NOW + MINUTE)


async def test_however_many_begin_at_once_one_may(kept: Kept, kept_elsewhere: Kept) -> None:
    allowed = await asyncio.gather(
        *(process.update_log.begin(UPDATE, now=NOW) for process in (kept, kept_elsewhere) * 10)
    )

    assert sorted(allowed) == [False] * 19 + [True]


async def test_an_abandoned_update_may_be_begun_again_at_once(kept: Kept) -> None:
    await kept.update_log.begin(UPDATE, now=NOW)

    await kept.update_log.abandon(UPDATE)

    assert await kept.update_log.begin(UPDATE, now=NOW)


async def test_a_finished_update_cannot_be_abandoned(kept: Kept) -> None:
    await kept.update_log.begin(UPDATE, now=NOW)
    await kept.update_log.finish(UPDATE, now=NOW)

    await kept.update_log.abandon(UPDATE)

    assert not await kept.update_log.begin(UPDATE, now=NOW + MINUTE)


async def test_an_update_may_be_finished_unbegun(kept: Kept) -> None:
    await kept.update_log.finish(UPDATE, now=NOW)

    assert not await kept.update_log.begin(UPDATE, now=NOW + MINUTE)


async def test_what_was_begun_before_is_forgotten_in_time_and_nothing_else(kept: Kept) -> None:
    for update, begun_at in ((1, NOW - SECOND), (2, NOW)):
        await kept.update_log.begin(update, now=begun_at)
        await kept.update_log.finish(update, now=NOW)

    await kept.update_log.forget_before(NOW)

    assert not await kept.update_log.begin(2, now=NOW + MINUTE)
    await kept.pass_time(UPDATE_KEPT)
    assert await kept.update_log.begin(1, now=NOW + MINUTE)


@pytest.mark.parametrize("is_finished", [True, False])
async def test_an_update_is_known_for_two_days(kept: Kept, *, is_finished: bool) -> None:
    await kept.update_log.begin(UPDATE, now=NOW)
    if is_finished:
        await kept.update_log.finish(UPDATE, now=NOW)

    await kept.pass_time(UPDATE_KEPT - MINUTE)

    cut_short_before = NOW - SECOND
    assert not await kept.update_log.begin(
        UPDATE, now=NOW + MINUTE, cut_short_before=cut_short_before
    )


async def test_the_last_finished_one_is_known_or_said_to_be_unknown(kept: Kept) -> None:
    assert await kept.update_log.last_finished() is None
    for update in (7, 9, 8):
        await kept.update_log.finish(update, now=NOW)
    await kept.update_log.begin(10, now=NOW)

    assert await kept.update_log.last_finished() in {9, None}


async def test_only_what_was_finished_is(kept: Kept, kept_elsewhere: Kept) -> None:
    assert not await kept.update_log.is_finished(UPDATE)
    await kept.update_log.begin(UPDATE, now=NOW)
    assert not await kept_elsewhere.update_log.is_finished(UPDATE)

    await kept.update_log.finish(UPDATE, now=NOW)

    assert await kept_elsewhere.update_log.is_finished(UPDATE)
