"""The messenger's limits, kept by all processes together."""

import logging
from datetime import timedelta
from math import ceil
from typing import Final

from taskbot.adapters.redis.client import Redis, RedisAway
from taskbot.adapters.redis.moments import MICROSECOND, NOW, moment_of
from taskbot.application.ports import Clock, SendLimiter

_log = logging.getLogger(__name__)

# As `LocalSendLimiter` does it: the first moment that is far enough from every booked one.
# KEYS: booked moments, pause, chat. ARGV: now or -1, patience, distance of bot, of chat, in burst.
_RESERVE: Final = (
    NOW
    + """
local patience, bot, chat = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', now - bot))
local paused = tonumber(redis.call('GET', KEYS[2]) or 0)
local free = tonumber(redis.call('GET', KEYS[3]) or 0)
local moment = math.max(now, paused)
if ARGV[5] == '0' then moment = math.max(moment, free) end
local from = '(' .. string.format('%.0f', moment - bot)
for _, booked in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], from, '+inf')) do
    local other = tonumber(booked)
    if other - moment >= bot then break end
    moment = other + bot
end
if moment - now > patience then return -1 end
local text = string.format('%.0f', moment)
redis.call('ZADD', KEYS[1], text, text)
redis.call('PEXPIRE', KEYS[1], math.ceil((moment - now + bot) / 1000) + 60000)
free = math.max(free, moment + chat)
redis.call('SET', KEYS[3], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000) + 1000)
return moment - now
"""
)
_PAUSE: Final = (
    NOW
    + """
local till = now + tonumber(ARGV[2])
if tonumber(redis.call('GET', KEYS[1]) or 0) < till then
    redis.call('SET', KEYS[1], string.format('%.0f', till),
               'PX', math.ceil(tonumber(ARGV[2]) / 1000) + 1000)
end
"""
)
_PAUSE_LEFT: Final = (
    NOW
    + """
local left = tonumber(redis.call('GET', KEYS[1]) or 0) - now
return left > 0 and left or 0
"""
)


def _distance(per_second: float) -> int:
    """How far apart messages are sent, in microseconds; rounded up, for a limit is a limit."""
    if per_second <= 0:
        raise ValueError("a limit lies above zero")
    return ceil(1_000_000 / per_second)


class RedisSendLimiter:
    """Books moments as `LocalSendLimiter` does, for everybody who shares *redis*.

    Without Redis each process keeps to *fallback*, which should be as much stricter as there may
    be processes; pauses are told to both, so that a ban holds either way.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        fallback: SendLimiter,
        namespace: str = "taskbot",
        per_bot: float = 30,
        per_chat: float = 1,
        clock: Clock | None = None,
    ) -> None:
        """*clock* takes the place of the clock of Redis, in tests."""
        self._fallback, self._clock = fallback, clock
        self._bot, self._chat = _distance(per_bot), _distance(per_chat)
        self._prefix = f"{namespace}:limit"
        self._reserve = redis.register_script(_RESERVE)
        self._pause = redis.register_script(_PAUSE)
        self._pause_left = redis.register_script(_PAUSE_LEFT)
        self._is_away = False

    async def reserve(
        self, telegram_id: int, *, patience: timedelta, in_burst: bool = False
    ) -> timedelta | None:
        keys = [f"{self._prefix}:booked", self._pause_key, f"{self._prefix}:chat:{telegram_id}"]
        patiently = patience // MICROSECOND
        arguments = [self._now(), patiently, self._bot, self._chat, int(in_burst)]
        try:
            wait = int(await self._reserve(keys=keys, args=arguments))
        except RedisAway as error:
            self._say_that_it_is_away(error)
            return await self._fallback.reserve(telegram_id, patience=patience, in_burst=in_burst)
        self._say_that_it_is_back()
        return None if wait < 0 else wait * MICROSECOND

    async def pause(self, duration: timedelta) -> None:
        await self._fallback.pause(duration)
        arguments = [self._now(), duration // MICROSECOND]
        try:
            await self._pause(keys=[self._pause_key], args=arguments)
        except RedisAway as error:
            self._say_that_it_is_away(error)

    async def pause_left(self) -> timedelta:
        known_here = await self._fallback.pause_left()
        try:
            left = int(await self._pause_left(keys=[self._pause_key], args=[self._now()]))
        except RedisAway as error:
            self._say_that_it_is_away(error)
            return known_here
        return max(left * MICROSECOND, known_here)

    @property
    def _pause_key(self) -> str:
        return f"{self._prefix}:pause"

    def _now(self) -> int:
        return moment_of(self._clock)

    def _say_that_it_is_away(self, error: BaseException) -> None:
        if not self._is_away:
            _log.warning("Redis is away (%s): sending goes on, slower", type(error).__name__)
        self._is_away = True

    def _say_that_it_is_back(self) -> None:
        if self._is_away:
            _log.info("Redis is back: the limits are shared again")
        self._is_away = False
