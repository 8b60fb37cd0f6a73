"""Messages that are not to stay: a set in the order in which they go."""

from datetime import UTC, datetime
from typing import Any, Final

from taskbot.adapters.redis.client import Redis, storage_errors
from taskbot.adapters.redis.moments import MICROSECOND, microseconds
from taskbot.application.ports import GIVEN_UP_AFTER, VanishingMessage

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class RedisVanishingMessages:
    def __init__(self, redis: Redis, *, namespace: str = "taskbot") -> None:
        self._redis = redis
        self._key = f"{namespace}:vanishing"

    async def add(self, message: VanishingMessage) -> None:
        with storage_errors():
            await self._redis.zadd(self._key, {_name(message): microseconds(message.delete_at)})
            # Nothing of it outlives what comes last: so it all goes by itself.
            await self._redis.pexpire(self._key, GIVEN_UP_AFTER)

    async def earliest(self, *, limit: int) -> list[VanishingMessage]:
        with storage_errors():
            found: Any = await self._redis.zrange(self._key, 0, limit - 1, withscores=True)
        return [_message(name, score) for name, score in found]

    async def drop(self, message: VanishingMessage) -> None:
        with storage_errors():
            await self._redis.zrem(self._key, _name(message))

    async def forget(self, telegram_id: int) -> None:
        with storage_errors():
            async for name, _ in self._redis.zscan_iter(self._key, f"{telegram_id}:*"):
                await self._redis.zrem(self._key, name)

    async def purge_expired(self) -> int:
        """It goes by itself, together with the last."""
        return 0


def _name(message: VanishingMessage) -> str:
    return f"{message.chat_id}:{message.message_id}"


def _message(name: bytes, score: float) -> VanishingMessage:
    chat_id, _, message_id = name.decode().partition(":")
    return VanishingMessage(int(chat_id), int(message_id), _EPOCH + int(score) * MICROSECOND)
