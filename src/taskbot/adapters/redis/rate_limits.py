"""How often somebody may ask, counted by all processes together."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from attrs import frozen

from taskbot.adapters.redis.client import KeptConnection, Redis, RedisAway
from taskbot.adapters.redis.known_debts import KnownDebt
from taskbot.adapters.redis.moments import MICROSECOND, NOW, microseconds, moment_of
from taskbot.application.ports import Allowance, Clock, Quota, RateLimiter

_log = logging.getLogger(__name__)

_PATIENCE_SECONDS: Final = 0.5
_ALONE_SECONDS: Final = 5.0
"""How long nobody asks Redis again once it was away: requests must not wait for it one by one."""
_MOST_AT_ONCE: Final = 64
"""Keys that one script counts: nobody else gets an answer from Redis meanwhile."""
_TELL_AFTER_SECONDS: Final = 0.05
_MOST_KNOWN: Final = 10_000

# As `LocalRateLimiter` does it, in microseconds by the clock of Redis: those of processes differ.
# KEYS: of whom. ARGV: now or -1; then of each interval and depth, how many requests were granted
# before, and whether one more is asked for. Gives of each whether that is granted, and the debt.
_TAKE: Final = (
    NOW
    + """
local taken = {}
for i, key in ipairs(KEYS) do
    local interval, depth = tonumber(ARGV[4 * i - 2]), tonumber(ARGV[4 * i - 1])
    local told, asked = tonumber(ARGV[4 * i]), ARGV[4 * i + 1] == '1'
    local debt = math.max(tonumber(redis.call('GET', key) or 0) - now, 0) + told * interval
    debt = math.min(debt, depth)
    local granted = asked and debt + interval <= depth
    if granted then debt = debt + interval end
    if granted or told > 0 then
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
    """What Redis is to count. *answer*: whether it is granted, and the debt; None: only told."""

    key: str
    quota: Quota
    told: int
    known: KnownDebt | None
    answer: asyncio.Future[tuple[int, int]] | None

    @property
    def arguments(self) -> list[int]:
        interval, depth = self.quota.interval // MICROSECOND, self.quota.depth // MICROSECOND
        return [interval, depth, self.told, 0 if self.answer is None else 1]


class RedisRateLimiter:
    """Requests that come at once share a round trip. Without Redis each process counts for itself.

    What comes while Redis is being asked waits for that, and goes with the next trip: the more is
    asked for, the less of the driver's work falls to each. Who has plenty left is not looked up for
    each of their requests: see `KnownDebt`.
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
        self._known: dict[str, KnownDebt] = {}
        self._to_tell: dict[str, KnownDebt] = {}
        self._waiting: list[_Request] = []
        self._asking: asyncio.Task[None] | None = None
        self._is_away = False
        self._alone_until = 0.0

    async def take(self, key: str, quota: Quota) -> Allowance:
        loop = asyncio.get_running_loop()
        if loop.time() < self._alone_until:
            return await self._fallback.take(key, quota)
        known = self._known.get(key)
        if known is not None and known.quota is quota:
            debt = known.grant(self._now())
            if debt is not None:
                self._tell_soon(key, known)
                return Allowance.of(quota, debt=debt * MICROSECOND, is_granted=True)
        else:
            known = self._know(key, quota)
        answer: asyncio.Future[tuple[int, int]] = loop.create_future()
        told = 0 if known is None else known.tell()
        self._ask(_Request(key, quota, told, known, answer))
        try:
            granted, debt = await answer
        except RedisAway:
            return await self._fallback.take(key, quota)
        return Allowance.of(quota, debt=debt * MICROSECOND, is_granted=granted == 1)

    def _know(self, key: str, quota: Quota) -> KnownDebt | None:
        known = KnownDebt.worth_knowing(quota)
        if known is not None:
            if len(self._known) >= _MOST_KNOWN:
                now = self._now()
                self._known = {
                    key: one
                    for key, one in self._known.items()
                    if one.untold or one.is_believed(now)
                }
            self._known[key] = known
        return known

    def _tell_soon(self, key: str, known: KnownDebt) -> None:
        if not self._to_tell:
            asyncio.get_running_loop().call_later(_TELL_AFTER_SECONDS, self._tell)
        self._to_tell[key] = known

    def _tell(self) -> None:
        to_tell, self._to_tell = self._to_tell, {}
        for key, known in to_tell.items():
            if told := known.tell():
                self._ask(_Request(key, known.quota, told, known, None))

    def _ask(self, request: _Request) -> None:
        self._waiting.append(request)
        if self._asking is None:
            self._asking = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        """Count what waits, until nothing does."""
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
            arguments += one.arguments
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                keys = [self._prefix + one.key for one in requests]
                taken = await self._redis.run(self._take, keys=keys, args=arguments)
        except RedisAway as error:
            self._leave_alone(error)
            # Theirs, too, who would ask next: each trip to a Redis that is away takes its time.
            requests += self._waiting
            self._waiting.clear()
            _fail(requests, error)
        except Exception as error:  # noqa: BLE001 - theirs who wait for the answer
            _log.exception("requests could not be counted")
            _fail(requests, error)
        else:
            self._say_that_it_is_back()
            now = self._now()
            for one, granted, debt in zip(requests, taken[::2], taken[1::2], strict=True):
                if one.known is not None:
                    one.known.learn(debt, now)
                if one.answer is not None and not one.answer.done():
                    one.answer.set_result((granted, debt))

    def _now(self) -> int:
        """A moment of this process, in microseconds."""
        if self._clock is not None:
            return microseconds(self._clock.now())
        return int(asyncio.get_running_loop().time() * 1_000_000)

    def _leave_alone(self, error: BaseException) -> None:
        self._alone_until = asyncio.get_running_loop().time() + _ALONE_SECONDS
        if not self._is_away:
            _log.warning("Redis is away (%s): each process limits alone", type(error).__name__)
        self._is_away = True

    def _say_that_it_is_back(self) -> None:
        if self._is_away:
            _log.info("Redis is back: requests are counted together again")
        self._is_away = False


def _fail(requests: Sequence[_Request], error: Exception) -> None:
    for one in requests:
        if one.answer is not None and not one.answer.done():
            one.answer.set_exception(error)
