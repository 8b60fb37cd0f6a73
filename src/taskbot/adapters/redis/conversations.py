"""What a chat adapter keeps. All of it expires by itself."""

import json
from datetime import datetime, timedelta
from typing import Final

from taskbot.adapters.redis.client import Redis, storage_errors
from taskbot.adapters.redis.moments import microseconds
from taskbot.application.ports import DIALOGUE_KEPT, UPDATE_KEPT, Dialogue

_MAY_STILL_BE_AT_WORK: Final = timedelta(minutes=1)
_FINISHED: Final = b"finished"

# KEYS: the update. ARGV: now, the latest beginning that was cut short, how long it is kept (ms).
# An update is as its value says: when it was begun, or finished.
_BEGIN: Final = """
local kept = redis.call('GET', KEYS[1])
if kept == 'finished' or (kept and tonumber(kept) > tonumber(ARGV[2])) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1
"""
_ABANDON: Final = """
if redis.call('GET', KEYS[1]) ~= 'finished' then redis.call('DEL', KEYS[1]) end
"""


class RedisDialogueStore:
    def __init__(self, redis: Redis, *, namespace: str = "taskbot") -> None:
        self._redis = redis
        self._prefix = f"{namespace}:dialogue"

    async def read(self, key: str) -> Dialogue:
        with storage_errors():
            kept = await self._redis.get(f"{self._prefix}:{key}")
        if kept is None:
            return Dialogue(None, {})
        fields = json.loads(kept)
        return Dialogue(fields["step"], fields["answers"])

    async def write(self, key: str, dialogue: Dialogue) -> None:
        name = f"{self._prefix}:{key}"
        if dialogue.step is None and not dialogue.answers:
            with storage_errors():
                await self._redis.delete(name)
            return
        text = json.dumps({"step": dialogue.step, "answers": dialogue.answers})
        with storage_errors():
            await self._redis.set(name, text, px=DIALOGUE_KEPT)

    async def forget(self, telegram_id: int) -> None:
        """Forget every dialogue of this person's: their keys end in a colon and this id.

        It looks through all keys, some at a time: for jobs, not for people who wait.
        """
        with storage_errors():
            async for name in self._redis.scan_iter(f"{self._prefix}:*:{telegram_id}", count=1000):
                await self._redis.delete(name)

    async def purge_expired(self) -> int:
        """It goes by itself."""
        return 0


class RedisUpdateLog:
    def __init__(self, redis: Redis, *, namespace: str = "taskbot") -> None:
        self._redis = redis
        self._prefix = f"{namespace}:update"
        self._begin = redis.register_script(_BEGIN)
        self._abandon = redis.register_script(_ABANDON)

    async def begin(
        self, update_id: int, *, now: datetime, cut_short_before: datetime | None = None
    ) -> bool:
        cut_short = microseconds(cut_short_before or now - _MAY_STILL_BE_AT_WORK)
        arguments = [microseconds(now), cut_short, UPDATE_KEPT // timedelta(milliseconds=1)]
        with storage_errors():
            return bool(await self._begin(keys=[self._key(update_id)], args=arguments))

    async def is_finished(self, update_id: int) -> bool:
        with storage_errors():
            return bool(await self._redis.get(self._key(update_id)) == _FINISHED)

    async def last_finished(self) -> int | None:
        """All keys would have to be looked through; to ask for one is quick."""
        return None

    async def finish(self, update_id: int, *, now: datetime) -> None:
        with storage_errors():
            await self._redis.set(self._key(update_id), _FINISHED, px=UPDATE_KEPT)

    async def abandon(self, update_id: int) -> None:
        with storage_errors():
            await self._abandon(keys=[self._key(update_id)])

    async def forget_before(self, moment: datetime) -> None:
        """It goes by itself."""

    def _key(self, update_id: int) -> str:
        return f"{self._prefix}:{update_id}"


class RedisApiTokenStore:
    """Keeps what it is given as it is: see `SealedApiTokens`."""

    def __init__(self, redis: Redis, *, namespace: str = "taskbot") -> None:
        self._redis = redis
        self._prefix = f"{namespace}:api-token"

    async def read(self, telegram_id: int) -> str | None:
        with storage_errors():
            kept = await self._redis.get(self._key(telegram_id))
        return kept.decode() if isinstance(kept, bytes) else kept

    async def write(self, telegram_id: int, secret: str, *, ttl: timedelta) -> None:
        with storage_errors():
            await self._redis.set(self._key(telegram_id), secret, px=ttl)

    async def forget(self, telegram_id: int) -> None:
        with storage_errors():
            await self._redis.delete(self._key(telegram_id))

    async def purge_expired(self) -> int:
        """It goes by itself."""
        return 0

    def _key(self, telegram_id: int) -> str:
        return f"{self._prefix}:{telegram_id}"
