"""What every store of messages promises that are not to stay."""

from datetime import timedelta

import pytest
from attrs import evolve

from support.builders import NOW
from support.kept import Kept
from taskbot.application.ports import GIVEN_UP_AFTER, VanishingMessage

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
ANNA, BORIS = 2**52 - 1, 7
FIRST = VanishingMessage(ANNA, 11, NOW + MINUTE)
SECOND = VanishingMessage(BORIS, 11, NOW + 2 * MINUTE + timedelta(microseconds=1))
THIRD = VanishingMessage(ANNA, 12, NOW + 3 * MINUTE)


async def test_another_process_finds_what_is_to_go_the_first_of_it_first(
    kept: Kept, kept_elsewhere: Kept
) -> None:
    for message in (SECOND, THIRD, FIRST):
        await kept.vanishing.add(message)

    assert await kept_elsewhere.vanishing.earliest(limit=10) == [FIRST, SECOND, THIRD]
    assert await kept_elsewhere.vanishing.earliest(limit=2) == [FIRST, SECOND]


async def test_nothing_is_to_go_at_first(kept: Kept) -> None:
    assert await kept.vanishing.earliest(limit=10) == []


async def test_the_moment_that_was_said_last_counts(kept: Kept) -> None:
    later = evolve(FIRST, delete_at=NOW + 5 * MINUTE)
    for message in (FIRST, SECOND, later):
        await kept.vanishing.add(message)

    assert await kept.vanishing.earliest(limit=10) == [SECOND, later]


async def test_what_is_gone_may_be_dropped_more_than_once(kept: Kept) -> None:
    await kept.vanishing.add(FIRST)
    await kept.vanishing.add(SECOND)

    await kept.vanishing.drop(FIRST)
    await kept.vanishing.drop(FIRST)

    assert await kept.vanishing.earliest(limit=10) == [SECOND]


async def test_a_persons_messages_are_forgotten_and_nobody_elses(kept: Kept) -> None:
    for message in (FIRST, SECOND, THIRD):
        await kept.vanishing.add(message)

    await kept.vanishing.forget(ANNA)

    assert await kept.vanishing.earliest(limit=10) == [SECOND]


async def test_what_nobody_took_away_for_long_is_forgotten(kept: Kept) -> None:
    await kept.vanishing.add(FIRST)
    await kept.pass_time(GIVEN_UP_AFTER - MINUTE)
    await kept.vanishing.purge_expired()
    assert await kept.vanishing.earliest(limit=10) == [FIRST]

    await kept.pass_time(2 * MINUTE)
    await kept.vanishing.purge_expired()

    assert await kept.vanishing.earliest(limit=10) == []
