"""All sides in turns."""

import pytest

from benchmarks.figures import Round
from benchmarks.rounds import alternating, in_turns

pytestmark = pytest.mark.anyio


async def test_each_round_begins_with_another_side() -> None:
    found = [side async for _, side in alternating(3, ["a", "b"])]

    assert found == ["a", "b", "b", "a", "a", "b"]


async def test_what_each_side_did_is_kept_apart() -> None:
    async def ours() -> Round:
        return Round(1, 1.0)

    async def floor() -> Round:
        return Round(2, 1.0)

    mine, others = await in_turns(3, ours, floor)

    assert [one.operations for one in mine] == [1, 1, 1]
    assert [one.operations for one in others] == [2, 2, 2]
