"""How often somebody may ask, counted by all processes together."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from taskbot.adapters.redis.client import Redis, RedisAway
from taskbot.application.ports import Allowance, Clock, Quota, RateLimiter

_log = logging.getLogger(__name__)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_PATIENCE_SECONDS: Final = 0.5
_ALONE_SECONDS: Final = 5.0
"""How long nobody asks Redis again once it was away: requests must not wait for it one by one."""

# As `LocalRateLimiter` does it, in microseconds by the clock of Redis: those of processes differ.
# KEYS: one. ARGV: now or -1, interval, depth. Gives whether it is granted, and the debt.
_TAKE: Final = """
local now = tonumber(ARGV[1])
if now < 0 then
    local time = redis.call('TIME')
    now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end
local interval, depth = tonumber(ARGV[2]), tonumber(ARGV[3])
local debt = math.min(math.max(tonumber(redis.call('GET', KEYS[1]) or 0) - now, 0), depth)
if debt + interval > depth then return {0, debt} end
debt = debt + interval
redis.call('SET', KEYS[1], string.format('%.0f', now + debt), 'PX', math.ceil(debt / 1000) + 1000)
return {1, debt}
"""


class RedisRateLimiter:
    """One round trip for each request. Without Redis each process counts for itself."""

    def __init__(
        self,
        redis: Redis,
        *,
        fallback: RateLimiter,
        namespace: str = "taskbot",
        clock: Clock | None = None,
    ) -> None:
        """*clock* takes the place of the clock of Redis, in tests."""
        self._fallback, self._clock = fallback, clock
        self._prefix = f"{namespace}:rate:"
        self._take = redis.register_script(_TAKE)
        self._is_away = False
        self._alone_until = 0.0

    async def take(self, key: str, quota: Quota) -> Allowance:
        loop = asyncio.get_running_loop()
        if loop.time() < self._alone_until:
            return await self._fallback.take(key, quota)
        arguments = [self._now(), quota.interval // _MICROSECOND, quota.depth // _MICROSECOND]
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                granted, debt = await self._take(keys=[self._prefix + key], args=arguments)
        except RedisAway as error:
            self._alone_until = loop.time() + _ALONE_SECONDS
            self._say_that_it_is_away(error)
            return await self._fallback.take(key, quota)
        self._say_that_it_is_back()
        return Allowance.of(quota, debt=int(debt) * _MICROSECOND, is_granted=granted == 1)

    def _now(self) -> int:
        return -1 if self._clock is None else (self._clock.now() - _EPOCH) // _MICROSECOND

    def _say_that_it_is_away(self, error: BaseException) -> None:
        if not self._is_away:
            _log.warning("Redis is away (%s): each process limits alone", type(error).__name__)
        self._is_away = True

    def _say_that_it_is_back(self) -> None:
        if self._is_away:
            _log.info("Redis is back: requests are counted together again")
        self._is_away = False
