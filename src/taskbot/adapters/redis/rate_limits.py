"""How often somebody may ask, counted by all processes together."""

import asyncio
import logging
from typing import Final

from attrs import frozen

from taskbot.adapters.redis.client import KeptConnection, Redis, RedisAway
from taskbot.adapters.redis.moments import MICROSECOND, NOW, moment_of
from taskbot.application.ports import Allowance, Clock, Quota, RateLimiter

_log = logging.getLogger(__name__)

_PATIENCE_SECONDS: Final = 0.5
_ALONE_SECONDS: Final = 5.0
"""How long nobody asks Redis again once it was away: requests must not wait for it one by one."""
_MOST_AT_ONCE: Final = 64
"""Requests that one script counts: nobody else gets an answer from Redis meanwhile."""

# As `LocalRateLimiter` does it, in microseconds by the clock of Redis: those of processes differ.
# KEYS: one for each request. ARGV: now or -1; interval and depth of each. Gives of each whether it
# is granted, and the debt.
_TAKE: Final = (
    NOW
    + """
local taken = {}
for i, key in ipairs(KEYS) do
    local interval, depth = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local debt = math.min(math.max(tonumber(redis.call('GET', key) or 0) - now, 0), depth)
    local granted = debt + interval <= depth
    if granted then
        debt = debt + interval
        redis.call('SET', key, string.format('%.0f', now + debt),
                   'PX', math.ceil(debt / 1000) + 1000)
    end
    taken[2 * i - 1], taken[2 * i] = granted and 1 or 0, debt
end
return taken
"""
)


@frozen(eq=False)
class _Request:
    """One that is to be counted; *answer*: whether it is granted, and the debt."""

    key: str
    quota: Quota
    answer: asyncio.Future[tuple[int, int]]


class RedisRateLimiter:
    """Requests that come at once share a round trip. Without Redis each process counts for itself.

    What comes while Redis is being asked waits for that, and goes with the next trip: the more is
    asked for, the less of the driver's work falls to each.
    """

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
        self._take, self._redis = redis.register_script(_TAKE), KeptConnection(redis)
        self._waiting: list[_Request] = []
        self._asking: asyncio.Task[None] | None = None
        self._is_away = False
        self._alone_until = 0.0

    async def take(self, key: str, quota: Quota) -> Allowance:
        loop = asyncio.get_running_loop()
        if loop.time() < self._alone_until:
            return await self._fallback.take(key, quota)
        request = _Request(self._prefix + key, quota, loop.create_future())
        self._waiting.append(request)
        if self._asking is None:
            self._asking = loop.create_task(self._ask())
        try:
            granted, debt = await request.answer
        except RedisAway as error:
            self._alone_until = loop.time() + _ALONE_SECONDS
            self._say_that_it_is_away(error)
            return await self._fallback.take(key, quota)
        self._say_that_it_is_back()
        return Allowance.of(quota, debt=debt * MICROSECOND, is_granted=granted == 1)

    async def _ask(self) -> None:
        """Count what waits, until nobody does."""
        try:
            while self._waiting:
                requests = self._waiting[:_MOST_AT_ONCE]
                del self._waiting[:_MOST_AT_ONCE]
                await self._count(requests)
        finally:
            self._asking = None

    async def _count(self, requests: list[_Request]) -> None:
        arguments = [moment_of(self._clock)]
        for one in requests:
            arguments += [one.quota.interval // MICROSECOND, one.quota.depth // MICROSECOND]
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                keys = [one.key for one in requests]
                taken = await self._redis.run(self._take, keys=keys, args=arguments)
        except Exception as error:  # noqa: BLE001 - it is theirs who wait for the answer
            # Theirs, too, who would ask next: each trip to a Redis that is away takes its time.
            requests += self._waiting
            self._waiting.clear()
            for one in requests:
                if not one.answer.done():
                    one.answer.set_exception(error)
        else:
            for one, granted, debt in zip(requests, taken[::2], taken[1::2], strict=True):
                if not one.answer.done():
                    one.answer.set_result((granted, debt))

    def _say_that_it_is_away(self, error: BaseException) -> None:
        if not self._is_away:
            _log.warning("Redis is away (%s): each process limits alone", type(error).__name__)
        self._is_away = True

    def _say_that_it_is_back(self) -> None:
        if self._is_away:
            _log.info("Redis is back: requests are counted together again")
        self._is_away = False
