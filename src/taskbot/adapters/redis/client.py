"""The way to Redis."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

import redis.asyncio
import redis.exceptions
from redis.asyncio import connection as redis_connection
from redis.commands.core import AsyncScript

from taskbot.application.ports import StorageUnavailable

# The names of the driver; everything else here speaks of these.
Redis: TypeAlias = redis.asyncio.Redis
RedisAway: Final = (redis.exceptions.RedisError, OSError, TimeoutError)

_CONNECT_SECONDS: Final = 2.0
_ANSWER_SECONDS: Final = 2.0
_CONNECTIONS: Final = 32
_TURN_SECONDS: Final = 2.0
"""How long a command waits for a connection where all are in use."""
_LOOK_AFTER_SECONDS: Final = 30


class KeepsCancellations(redis_connection.AbstractConnection):
    """Loses no cancellation of who asks.

    The driver writes under `asyncio.wait_for`, which until Python 3.12 swallows a cancellation
    that comes just as it is done: a lock was renewed for ever by a task that had been cancelled.
    """

    async def send_packed_command(self, *args: Any, **kwargs: Any) -> None:
        asking = asyncio.current_task()
        before = 0 if asking is None else asking.cancelling()
        await super().send_packed_command(*args, **kwargs)
        if asking is not None and asking.cancelling() > before:
            await self.disconnect(nowait=True)  # nobody reads the answer
            raise asyncio.CancelledError


class _Pool(redis.asyncio.BlockingConnectionPool):
    """Whoever finds a connection free goes without the lock and the timer that it takes to wait.

    They are a sixth of a small command.
    """

    async def get_connection(
        self, command_name: str | None = None, *keys: Any, **options: Any
    ) -> Any:
        if not self.can_get_connection():
            return await super().get_connection()  # type: ignore[no-untyped-call]
        connection = self.get_available_connection()  # type: ignore[no-untyped-call]
        try:
            await self.ensure_connection(connection)
        except BaseException:
            await self.release(connection)
            raise
        return connection


def create_redis(redis_url: str) -> Redis:
    """Give a client of the server at *redis_url*. Nothing is connected yet.

    What fails is not tried again: a script that did its work unheard would refuse the second time.
    Who finds all connections in use waits for one: many at once are no sign that Redis is away.
    Whoever creates it closes it: `await client.aclose()`.
    """
    pool = _Pool.from_url(
        redis_url,
        timeout=_TURN_SECONDS,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        max_connections=_CONNECTIONS,
        health_check_interval=_LOOK_AFTER_SECONDS,
        client_name="taskbot",
    )
    kind = pool.connection_class
    pool.connection_class = type(kind.__name__, (KeepsCancellations, kind), {})
    client: Redis = redis.asyncio.Redis.from_pool(pool)
    return client


class KeptConnection:
    """One that stays out of the pool, for whoever asks time and again, one thing after the other.

    To take one out of the pool and to give it back, with all that the driver measures of it, costs
    three times what the command does. It ends with the pool; where it breaks, the next command
    connects anew.
    """

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._connection: redis_connection.AbstractConnection | None = None

    async def run(self, script: AsyncScript, *, keys: Sequence[str], args: Sequence[int]) -> Any:
        """Give what *script* returns; raise one of `RedisAway`. Waits without end: limit it."""
        rest = (len(keys), *keys, *args)
        try:
            return await self._ask("EVALSHA", script.sha, *rest)
        except redis.exceptions.NoScriptError:  # Redis was started anew
            return await self._ask("EVAL", script.script, *rest)

    async def _ask(self, *words: Any) -> Any:
        if self._connection is None:
            found = await self._pool.get_connection()  # type: ignore[no-untyped-call]
            found.socket_timeout = None  # whoever asks has a limit for all of it
            self._connection = found
        await self._connection.send_command(*words)
        return await self._connection.read_response()


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    """Say in the port's words that Redis is away, full, or starting."""
    try:
        yield
    except RedisAway as error:
        raise StorageUnavailable(f"Redis: {type(error).__name__}") from error
