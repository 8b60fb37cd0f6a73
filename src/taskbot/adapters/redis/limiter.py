"""The messenger's limits, kept by all processes together."""

import logging
from datetime import timedelta
from math import ceil, inf
from time import monotonic
from typing import Final

from redis.commands.core import AsyncScript

from taskbot.adapters.redis.client import Redis, RedisAway
from taskbot.adapters.redis.moments import MICROSECOND, NOW, moment_of
from taskbot.application.ports import Clock, SendLimiter

_log = logging.getLogger(__name__)

# As `LocalSendLimiter` does it, with the same words. A booking's name says whether its moment is
# used, "u:" and the moment, or who waits for it, "w:" and the person.
# KEYS: bookings, pause. ARGV: now or -1, patience, distance of bot, of chat, person, the prefix of
# the keys that say when a person's chat is free.
_BOOKINGS: Final = (
    NOW
    + """
local patience, bot, chat = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local person = ARGV[5]
local earliest = math.max(now, tonumber(redis.call('GET', KEYS[2]) or 0))

local function text(number) return string.format('%.0f', number) end

local function forget_before(moment)
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. text(moment))
end

local function bookings_after(moment)
    local found = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. text(moment), '+inf', 'WITHSCORES')
    local bookings = {}
    for i = 1, #found, 2 do
        local booking = {name = found[i], moment = tonumber(found[i + 1])}
        booking.waits_for = string.match(booking.name, '^w:([^:]+):')
        bookings[#bookings + 1] = booking
    end
    return bookings
end

local function used_among(bookings)
    local used = {}
    for _, booking in ipairs(bookings) do
        if not booking.waits_for then used[#used + 1] = booking end
    end
    return used
end

local function free_from(moment, bookings)
    for _, booking in ipairs(bookings) do
        if booking.moment - moment >= bot then break end
        if moment - booking.moment < bot then moment = booking.moment + bot end
    end
    return moment
end

local function keep_away(who, moment)
    local key = ARGV[6] .. who
    local free = math.max(moment + chat, tonumber(redis.call('GET', key) or 0))
    redis.call('SET', key, text(free), 'PX', math.ceil((free - now) / 1000) + 1000)
    return moment + chat
end

local function book(moment)
    local name = 'u:' .. text(moment)
    if moment > now then name = 'w:' .. person .. ':' .. text(moment) end
    redis.call('ZADD', KEYS[1], text(moment), name)
    redis.call('PEXPIRE', KEYS[1], math.ceil((moment - now + bot) / 1000) + 60000)
    keep_away(person, moment)
    return moment - now
end
"""
)
_RESERVE: Final = (
    _BOOKINGS
    + """
forget_before(now - 2 * bot)
earliest = math.max(earliest, tonumber(redis.call('GET', ARGV[6] .. person) or 0))
local moment = free_from(earliest, bookings_after(earliest - bot))
if moment - now > patience then return -1 end
return book(moment)
"""
)
_TAKE_TURN: Final = (
    _BOOKINGS
    + """
local function unused()
    local moment, begin = now, now - bot
    for _, booking in ipairs(bookings_after(now - 2 * bot)) do
        if booking.moment > now then
            moment = math.min(moment, booking.moment - bot)
        elseif not booking.waits_for then
            begin = math.max(begin, booking.moment + bot)
        elseif booking.moment >= begin then
            redis.call('ZREM', KEYS[1], booking.name)
            return booking.moment
        end
    end
    return moment >= begin and moment
end

local mine
for _, booking in ipairs(bookings_after(0)) do
    if not mine and booking.waits_for == person then mine = booking end
end
if not mine or mine.moment < now - bot then
    if mine then redis.call('ZREM', KEYS[1], mine.name) end
    local moment = earliest <= now and unused()
    return math.max(book(moment or free_from(earliest, bookings_after(earliest - bot))), 0)
end
local moment = math.max(mine.moment, earliest)
if moment <= now then
    redis.call('ZREM', KEYS[1], mine.name)
    redis.call('ZADD', KEYS[1], text(mine.moment), 'u:' .. text(mine.moment))
end
return moment - now
"""
)
_RESERVE_REPLY: Final = (
    _BOOKINGS
    + """
forget_before(now - 2 * bot)
local moment = free_from(earliest, used_among(bookings_after(earliest - bot)))
if moment - now > patience then return -1 end
redis.call('ZADD', KEYS[1], text(moment), 'u:' .. text(moment))
redis.call('PEXPIRE', KEYS[1], math.ceil((moment - now + bot) / 1000) + 60000)
keep_away(person, moment)

local bookings = bookings_after(moment - bot)
local used, free, from = used_among(bookings), {}, moment - bot
for _, booking in ipairs(bookings) do
    local who, was = booking.waits_for, booking.moment
    if who then
        local moved = free_from(math.max(was, from, free[who] or was), used)
        from = moved + bot
        if moved > was then
            redis.call('ZADD', KEYS[1], text(moved), booking.name)
            free[who] = keep_away(who, moved)
        end
    end
end
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


_JUST_NOW: Final = 0.05
"""Seconds: so soon after it gave somebody a turn Redis is not asked for a pause; there was none."""


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
        self._take_turn = redis.register_script(_TAKE_TURN)
        self._reserve_reply = redis.register_script(_RESERVE_REPLY)
        self._pause = redis.register_script(_PAUSE)
        self._pause_left = redis.register_script(_PAUSE_LEFT)
        self._is_away = False
        self._last_turn = -inf

    async def reserve(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        try:
            wait = await self._ask(self._reserve, telegram_id, patience)
        except RedisAway as error:
            self._say_that_it_is_away(error)
            return await self._fallback.reserve(telegram_id, patience=patience)
        return wait

    async def take_turn(self, telegram_id: int) -> timedelta:
        try:
            wait = await self._ask(self._take_turn, telegram_id, timedelta(0))
        except RedisAway as error:
            self._say_that_it_is_away(error)
            return await self._fallback.take_turn(telegram_id)
        return wait or timedelta(0)

    async def reserve_reply(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        try:
            wait = await self._ask(self._reserve_reply, telegram_id, patience)
        except RedisAway as error:
            self._say_that_it_is_away(error)
            return await self._fallback.reserve_reply(telegram_id, patience=patience)
        return wait

    async def _ask(
        self, script: AsyncScript, telegram_id: int, patience: timedelta
    ) -> timedelta | None:
        arguments: list[int | str] = [
            self._now(),
            patience // MICROSECOND,
            self._bot,
            self._chat,
            telegram_id,
            f"{self._prefix}:chat:",
        ]
        keys = [f"{self._prefix}:bookings", self._pause_key]
        wait = int(await script(keys=keys, args=arguments))
        self._say_that_it_is_back()
        if wait == 0:
            self._last_turn = monotonic()
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
        if not known_here and monotonic() - self._last_turn < _JUST_NOW:
            return known_here
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
