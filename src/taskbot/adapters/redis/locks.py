"""One at a time for each person, in whatever process."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import timedelta
from typing import Final

from attrs import field, frozen

from taskbot.adapters.redis.client import Redis, RedisAway, storage_errors
from taskbot.adapters.redis.moments import MICROSECOND, NOW, moment_of
from taskbot.application.ports import Clock, PersonLocks, StorageUnavailable

_log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=10)
"""For how long nobody else gets what a process held that died."""
_LEASE_IN_LINE: Final = timedelta(seconds=2)
"""And for how long one that died while it waited keeps its place."""
_PATIENCE: Final = timedelta(seconds=20)
_LOOK_EVERY_SECONDS: Final = 0.03

# KEYS: the line, first come first; until when each in it is taken to live.
# ARGV: now or -1, who asks, the lease of who holds, of who waits.
_STAND_IN_LINE: Final = (
    NOW
    + """
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now))) do
    redis.call('ZREM', KEYS[1], gone)
    redis.call('ZREM', KEYS[2], gone)
end
if not redis.call('ZSCORE', KEYS[1], ARGV[2]) then
    local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
    redis.call('ZADD', KEYS[1], tonumber(last[2] or 0) + 1, ARGV[2])
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1] == ARGV[2]
local lease = tonumber(first and ARGV[3] or ARGV[4])
redis.call('ZADD', KEYS[2], string.format('%.0f', now + lease), ARGV[2])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 60000) end
return first and 1 or 0
"""
)
# KEYS as above. ARGV: now or -1, who holds, the lease.
_STAY: Final = (
    NOW
    + """
if not redis.call('ZSCORE', KEYS[1], ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[2], string.format('%.0f', now + tonumber(ARGV[3])), ARGV[2])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 60000) end
return 1
"""
)
_LEAVE: Final = """
for _, key in ipairs(KEYS) do redis.call('ZREM', key, ARGV[1]) end
"""


@frozen
class Place:
    """Somebody's place in the line before one lock."""

    keys: list[str]
    who: str = field(factory=lambda: secrets.token_hex(8))


class RedisPersonLocks:
    """Lines before locks, kept for everybody who shares *redis*.

    *here* are locks of this process: they see to it that those who ask here stand in line in the
    order in which they asked. A lock is held on a lease, which is renewed while the work lasts.
    Who sleeps through it (a machine that stands still) is not stopped: the versions of what is
    stored keep it from overwriting anything. While Redis is away there is order in each process.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        here: PersonLocks,
        namespace: str = "taskbot",
        patience: timedelta = _PATIENCE,
        clock: Clock | None = None,
    ) -> None:
        """*clock* takes the place of the clock of Redis, in tests."""
        self._here, self._patience, self._clock = here, patience, clock
        self._prefix = f"{namespace}:lock"
        self._stand_in_line = redis.register_script(_STAND_IN_LINE)
        self._stay = redis.register_script(_STAY)
        self._leave = redis.register_script(_LEAVE)

    @contextlib.asynccontextmanager
    async def hold(self, key: str) -> AsyncGenerator[None, None]:
        place = Place([f"{self._prefix}:{key}:line", f"{self._prefix}:{key}:lives"])
        try:
            async with self._here.hold(key):
                is_first = await self.stand_in_line(place)
        except StorageUnavailable as error:
            _log.warning("%s: people have their turns in this process alone", error)
            async with self._here.hold(key):
                yield
            return
        try:
            if not is_first:
                await self._wait(place)
            async with self._renewed(place):
                yield
        finally:
            await self._go(place)

    async def stand_in_line(self, place: Place) -> bool:
        """Whether *place* is the first one; otherwise ask again soon, to stay in line."""
        lease, in_line = LEASE // MICROSECOND, _LEASE_IN_LINE // MICROSECOND
        arguments: list[str | int] = [moment_of(self._clock), place.who, lease, in_line]
        with storage_errors():
            return bool(await self._stand_in_line(keys=place.keys, args=arguments))

    async def _wait(self, place: Place) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience.total_seconds()
        while not await self.stand_in_line(place):
            if loop.time() >= end:
                raise StorageUnavailable("somebody holds a lock for too long")
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    @contextlib.asynccontextmanager
    async def _renewed(self, place: Place) -> AsyncIterator[None]:
        renewing = asyncio.create_task(self._renew(place))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self, place: Place) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            now, lease = moment_of(self._clock), LEASE // MICROSECOND
            with contextlib.suppress(*RedisAway):  # it may be back before the lease ends
                if not await self._stay(keys=place.keys, args=[now, place.who, lease]):
                    _log.warning("a lock was lost while its work went on")
                    return

    async def _go(self, place: Place) -> None:
        try:
            await self._leave(keys=place.keys, args=[place.who])
        except RedisAway as error:
            _log.info("a lock could not be given back: %s", type(error).__name__)
