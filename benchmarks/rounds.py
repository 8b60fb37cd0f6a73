"""All sides in turns, so that what disturbs the machine disturbs all of them."""

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


async def in_turns(rounds: int, *sides: Callable[[], Awaitable[Round]]) -> list[list[Round]]:
    """Measure each side so many times; give what each did."""
    found = [(measure, list[Round]()) for measure in sides]
    async for _, (measure, kept) in alternating(rounds, found):
        kept.append(await measure())
    return [kept for _, kept in found]
