"""How often somebody may ask."""

from datetime import timedelta
from math import ceil
from typing import Final, Protocol, Self

from attrs import field, frozen

TICK: Final = timedelta(microseconds=1)


def _positive(_: object, __: object, value: int) -> None:
    if value < 1:
        raise ValueError("a quota allows something")


@frozen
class Quota:
    """*requests* at once, which come back evenly over *window*.

    So whoever keeps to so many in any window is never refused, and nobody gets more than twice
    as many in one.
    """

    requests: int = field(validator=_positive)
    window: timedelta = timedelta(minutes=1)

    @property
    def interval(self) -> timedelta:
        """How long it takes until one request comes back."""
        return self.window // self.requests

    @property
    def depth(self) -> timedelta:
        """How long it takes until all of them are back."""
        return self.requests * self.interval


@frozen
class Allowance:
    """What became of one request, and what is left. *wait*: until the next one, zero if now."""

    is_granted: bool
    remaining: int
    wait: timedelta
    full_in: timedelta

    @classmethod
    def of(cls, quota: Quota, *, debt: timedelta, is_granted: bool) -> Self:
        """*debt*: how long it takes, from now on, until all that was used is back."""
        missing = ceil(debt / quota.interval)
        return cls(
            is_granted,
            remaining=max(quota.requests - missing, 0),
            wait=max(debt + quota.interval - quota.depth, timedelta(0)),
            full_in=debt,
        )


class RateLimiter(Protocol):
    """Counts requests; never fails, whatever it counts with."""

    async def take(self, key: str, quota: Quota) -> Allowance:
        """Use up one request of those that *key* has, if there is one; else nothing."""
