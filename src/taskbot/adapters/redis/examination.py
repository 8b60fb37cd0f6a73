"""Redis, for the doctor."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Final

import redis.exceptions
from attrs import frozen

from taskbot.adapters.causes import cause_of
from taskbot.adapters.redis.client import Redis, RedisAway
from taskbot.application.clock_skew import Told
from taskbot.application.doctor import Problem, ProblemKind, Seen

_ADDRESS: Final = "TASKBOT_REDIS_URL=redis://:password@host:6379/0"
_KEEPS_ALL: Final = "noeviction"
_REFUSED: Final = ("NOAUTH", "WRONGPASS", "NOPERM", "invalid password", "invalid username")


@frozen(kw_only=True)
class RedisExamination:
    """*name*: where it is, without the password."""

    redis: Redis
    name: str
    timer: Callable[[], float] = perf_counter

    async def look(self) -> Seen:
        try:
            await self.redis.ping()  # which connects
            begun = self.timer()
            await self.redis.ping()
            latency = round((self.timer() - begun) * 1000, 1)
            info: dict[str, Any] = await self.redis.info()
        except RedisAway as error:
            return Seen({"name": self.name}, [self._problem(error)])
        policy, most = str(info.get("maxmemory_policy")), int(info.get("maxmemory", 0))
        facts: dict[str, str | float | None] = {
            "name": self.name,
            "version": str(info.get("redis_version")),
            "latency_ms": latency,
            "maxmemory_policy": policy,
            "maxmemory_bytes": most,
        }
        if most == 0 or policy == _KEEPS_ALL:  # without a limit nothing is thrown away
            return Seen(facts)
        evicts = Problem(
            kind=ProblemKind.REDIS_EVICTS,
            values={"policy": policy},
            remedy=f"redis-cli CONFIG SET maxmemory-policy {_KEEPS_ALL}",
            is_grave=False,
        )
        return Seen(facts, [evicts])

    async def clock(self) -> Told:
        seconds, microseconds = await self.redis.time()
        at = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=microseconds)
        return Told(at)

    def _problem(self, error: BaseException) -> Problem:
        """Its own words may quote the address: they are looked at, and not repeated."""
        values = {"name": self.name, "error": cause_of(error)}
        refused = isinstance(error, redis.exceptions.AuthenticationError)
        is_login = refused or any(word in str(error) for word in _REFUSED)
        kind = ProblemKind.REDIS_LOGIN_REFUSED if is_login else ProblemKind.REDIS_AWAY
        return Problem(kind=kind, values=values, remedy=_ADDRESS)
