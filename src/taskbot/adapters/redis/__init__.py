"""What many processes share by Redis.

Losing all of it loses no promise and no task: those are stored. Half-finished dialogues are lost.
"""

from taskbot.adapters.redis.client import Redis, create_redis
from taskbot.adapters.redis.conversations import (
    RedisApiTokenStore,
    RedisDialogueStore,
    RedisUpdateLog,
)
from taskbot.adapters.redis.health import redis_check
from taskbot.adapters.redis.limiter import RedisSendLimiter
from taskbot.adapters.redis.locks import RedisPersonLocks
from taskbot.adapters.redis.rate_limits import RedisRateLimiter
from taskbot.adapters.redis.vanishing import RedisVanishingMessages

__all__ = [
    "Redis",
    "RedisApiTokenStore",
    "RedisDialogueStore",
    "RedisPersonLocks",
    "RedisRateLimiter",
    "RedisSendLimiter",
    "RedisUpdateLog",
    "RedisVanishingMessages",
    "create_redis",
    "redis_check",
]
