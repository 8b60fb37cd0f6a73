"""What many processes share by Redis. Losing all of it loses no promise: those are stored."""

from taskbot.adapters.redis.client import Redis, create_redis
from taskbot.adapters.redis.limiter import RedisSendLimiter

__all__ = ["Redis", "RedisSendLimiter", "create_redis"]
