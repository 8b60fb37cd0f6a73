"""The way to Redis."""

import contextlib
from collections.abc import Iterator
from typing import Final, TypeAlias

import redis.asyncio
import redis.exceptions

from taskbot.application.ports import StorageUnavailable

# The names of the driver; everything else here speaks of these.
Redis: TypeAlias = redis.asyncio.Redis
RedisAway: Final = (redis.exceptions.RedisError, OSError, TimeoutError)

_CONNECT_SECONDS: Final = 2.0
_ANSWER_SECONDS: Final = 2.0
_CONNECTIONS: Final = 32
_LOOK_AFTER_SECONDS: Final = 30


def create_redis(redis_url: str) -> Redis:
    """Give a client of the server at *redis_url*. Nothing is connected yet.

    What fails is not tried again: a script that did its work unheard would refuse the second time.
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


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    """Say in the port's words that Redis is away, full, or starting."""
    try:
        yield
    except RedisAway as error:
        raise StorageUnavailable(f"Redis: {type(error).__name__}") from error
