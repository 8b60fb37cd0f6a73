"""What Redis said of a moment ago: by that most requests are granted without a trip to it.

Who has used up half of what they may is looked up each time, and so is everybody after a tenth of a
second. What was granted meanwhile is told to Redis, which counts for all processes together.
"""

from typing import Final, Self

from attrs import define, field

from taskbot.adapters.redis.moments import MICROSECOND
from taskbot.application.ports import Quota

_BELIEVED: Final = 100_000
"""Microseconds. By then others may have used up something as well."""
_SHARE: Final = 10
"""The part of a quota that is granted, at most, before it is told.

By so much for each of the other processes the quota can be exceeded, by whoever uses up more than
half of it within the twentieth of a second after which everything is told.
"""


@define
class KnownDebt:
    """Of one key, by the moments of this process, in microseconds; *debt* as in `Allowance`."""

    quota: Quota
    interval: int = field(init=False)
    _bound: int = field(init=False)
    _ahead: int = field(init=False)
    _full_at: int = field(default=0, init=False)
    _learnt_at: int = field(default=-_BELIEVED, init=False)
    untold: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.interval = self.quota.interval // MICROSECOND
        self._bound = self.quota.depth // MICROSECOND // 2
        self._ahead = self.quota.requests // _SHARE

    @classmethod
    def worth_knowing(cls, quota: Quota) -> Self | None:
        """None for quotas so small that each request has to be asked for."""
        known = cls(quota)
        return known if known._ahead else None

    def grant(self, now: int) -> int | None:
        """Count one more request; give the debt with it. None: Redis has to be asked."""
        debt = max(self._full_at - now, 0) + self.interval
        if self.untold >= self._ahead or debt > self._bound or not self.is_believed(now):
            return None
        self.untold += 1
        self._full_at = now + debt
        return debt

    def is_believed(self, now: int) -> bool:
        return self._learnt_at <= now < self._learnt_at + _BELIEVED

    def tell(self) -> int:
        """How many requests Redis is told of now."""
        untold, self.untold = self.untold, 0
        return untold

    def learn(self, debt: int, now: int) -> None:
        """What Redis says; it does not know yet what was granted while it was asked."""
        self._full_at = now + debt + self.untold * self.interval
        self._learnt_at = now
