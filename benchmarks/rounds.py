"""Both sides in turns, so that what disturbs the machine disturbs both."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

from benchmarks.figures import Round

_S = TypeVar("_S")


async def alternating(rounds: int, sides: Sequence[_S]) -> AsyncIterator[tuple[int, _S]]:
    """Yield each side once a round, beginning with another one each time."""
    for number in range(rounds):
        first = number % len(sides)
        for side in (*sides[first:], *sides[:first]):
            yield number, side


async def in_turns(
    rounds: int,
    ours: Callable[[], Awaitable[Round]],
    floor: Callable[[], Awaitable[Round]],
) -> tuple[list[Round], list[Round]]:
    """Measure both so many times; give what ours and what the floor did."""
    mine: list[Round] = []
    others: list[Round] = []
    sides = [(ours, mine), (floor, others)]
    async for _, (measure, kept) in alternating(rounds, sides):
        kept.append(await measure())
    return mine, others
