"""The way to Redis."""

from typing import Final, TypeAlias

import redis.asyncio
import redis.exceptions

# The names of the driver; everything else here speaks of these.
Redis: TypeAlias = redis.asyncio.Redis
RedisAway: Final = (redis.exceptions.RedisError, OSError, TimeoutError)

_CONNECT_SECONDS: Final = 2.0
_ANSWER_SECONDS: Final = 2.0
_CONNECTIONS: Final = 32
_LOOK_AFTER_SECONDS: Final = 30


def create_redis(redis_url: str) -> Redis:
    """Give a client of the server at *redis_url*. Nothing is connected yet.

    Whoever creates it closes it: `await client.aclose()`.
    """
    client: Redis = redis.asyncio.Redis.from_url(
        redis_url,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        max_connections=_CONNECTIONS,
        health_check_interval=_LOOK_AFTER_SECONDS,
        client_name="taskbot",
    )
    return client
