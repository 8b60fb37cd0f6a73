"""How often somebody may ask, counted inside one process."""

from datetime import datetime, timedelta
from heapq import nlargest
from typing import Final

from taskbot.application.ports import Allowance, Clock, Quota

_MOST_REMEMBERED: Final = 20_000


class LocalRateLimiter:
    """Remembers for each key when all of its requests are back (GCRA): one moment, however many.

    Where more keys are remembered than *most_remembered*, those are forgotten that are back, and
    then those that have used least: so a crowd cannot make it forget who asked most.
    """

    def __init__(self, clock: Clock, *, most_remembered: int = _MOST_REMEMBERED) -> None:
        self._clock = clock
        self._most = most_remembered
        self._full_at: dict[str, datetime] = {}

    async def take(self, key: str, quota: Quota) -> Allowance:
        now = self._clock.now()
        # Were the clock set back, nobody would wait for more than one window.
        debt = min(max(self._full_at.get(key, now) - now, timedelta(0)), quota.depth)
        wanted = debt + quota.interval
        if wanted > quota.depth:
            return Allowance.of(quota, debt=debt, is_granted=False)
        self._full_at[key] = now + wanted
        if len(self._full_at) > self._most:
            self._forget(now)
        return Allowance.of(quota, debt=wanted, is_granted=True)

    def _forget(self, now: datetime) -> None:
        owing = {key: full for key, full in self._full_at.items() if full > now}
        if len(owing) > self._most // 2:
            owing = dict(nlargest(self._most // 2, owing.items(), key=lambda item: item[1]))
        self._full_at = owing
