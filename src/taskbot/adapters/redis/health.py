"""Whether Redis answers."""

from taskbot.adapters.redis.client import Redis, RedisAway
from taskbot.application.health import Check, Facts, Unwell


def redis_check(redis: Redis, *, is_needed: bool) -> Check:
    async def look() -> Facts:
        try:
            await redis.ping()
        except RedisAway:
            raise Unwell("does not answer") from None
        return {}

    return Check(name="redis", look=look, is_needed=is_needed)
