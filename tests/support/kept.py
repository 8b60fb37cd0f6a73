"""What the bot keeps, in every place where it may, and how time passes there."""

import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from attrs import frozen

from support.backends import migrated_sqlite, require
from support.builders import NOW
from support.postgres import emptied_database
from support.redis import ABSENT, server_url
from taskbot.adapters.memory import (
    ManualClock,
    MemoryApiTokenStore,
    MemoryDialogueStore,
    MemoryUpdateLog,
    MemoryVanishingMessages,
)
from taskbot.adapters.persistence import (
    SqlApiTokenStore,
    SqlDialogueStore,
    SqlUpdateLog,
    SqlVanishingMessages,
    create_database,
)
from taskbot.adapters.redis import (
    Redis,
    RedisApiTokenStore,
    RedisDialogueStore,
    RedisUpdateLog,
    RedisVanishingMessages,
    create_redis,
)
from taskbot.application.ports import (
    ApiTokenStore,
    DialogueStore,
    KeptForPeople,
    UpdateLog,
    VanishingMessages,
)

PLACES: Final = ("memory", "sqlite", "postgresql", "redis")


@frozen(kw_only=True)
class Kept:
    """What one process sees of it. *pass_time* is felt by all processes."""

    dialogues: DialogueStore
    update_log: UpdateLog
    api_tokens: ApiTokenStore
    vanishing: VanishingMessages
    expiring: tuple[KeptForPeople, KeptForPeople]
    pass_time: Callable[[timedelta], Awaitable[None]]


@contextlib.asynccontextmanager
async def kept_by_two_processes(place: str, folder: Path) -> AsyncIterator[tuple[Kept, Kept]]:
    """Two views of the same empty place, as two processes have them."""
    require(place)
    clock = ManualClock(NOW)
    async with contextlib.AsyncExitStack() as stack:
        match place:
            case "memory":
                one = _in_memory(clock)
                yield one, one
            case "redis":
                namespace = await stack.enter_async_context(a_namespace())
                clients = [await stack.enter_async_context(a_client()) for _ in range(2)]
                yield (_in_redis(clients[0], namespace), _in_redis(clients[1], namespace))
            case _:
                url = emptied_database() if place == "postgresql" else migrated_sqlite(folder)
                views = [await stack.enter_async_context(_in_database(url, clock)) for _ in "12"]
                yield views[0], views[1]


def _in_memory(clock: ManualClock) -> Kept:
    dialogues, api_tokens = MemoryDialogueStore(clock), MemoryApiTokenStore(clock)
    return Kept(
        dialogues=dialogues,
        update_log=MemoryUpdateLog(),
        api_tokens=api_tokens,
        vanishing=MemoryVanishingMessages(clock),
        expiring=(dialogues, api_tokens),
        pass_time=_by(clock),
    )


@contextlib.asynccontextmanager
async def _in_database(url: str, clock: ManualClock) -> AsyncIterator[Kept]:
    database = create_database(url)
    dialogues, api_tokens = SqlDialogueStore(database, clock), SqlApiTokenStore(database, clock)
    try:
        yield Kept(
            dialogues=dialogues,
            update_log=SqlUpdateLog(database),
            api_tokens=api_tokens,
            vanishing=SqlVanishingMessages(database, clock),
            expiring=(dialogues, api_tokens),
            pass_time=_by(clock),
        )
    finally:
        await database.dispose()


def _by(clock: ManualClock) -> Callable[[timedelta], Awaitable[None]]:
    async def pass_time(duration: timedelta) -> None:
        clock.advance(duration)

    return pass_time


def _in_redis(redis: Redis, namespace: str) -> Kept:
    async def pass_time(duration: timedelta) -> None:
        """Nobody can set the clock of Redis: so everything has so much less left to live."""
        async for key in redis.scan_iter(f"{namespace}*", count=1000):
            left = await redis.pttl(key)
            assert left > 0, f"{key!r} would stay for ever"
            await redis.pexpire(key, left - duration // timedelta(milliseconds=1))

    dialogues = RedisDialogueStore(redis, namespace=namespace)
    api_tokens = RedisApiTokenStore(redis, namespace=namespace)
    return Kept(
        dialogues=dialogues,
        update_log=RedisUpdateLog(redis, namespace=namespace),
        api_tokens=api_tokens,
        vanishing=RedisVanishingMessages(redis, namespace=namespace),
        expiring=(dialogues, api_tokens),
        pass_time=pass_time,
    )


@contextlib.asynccontextmanager
async def a_client(url: str | None = None) -> AsyncIterator[Redis]:
    """Give a client of the tests' Redis, or of the one at *url*; skip the test without one."""
    url = url or server_url()
    if url is None:
        pytest.skip(ABSENT)
    redis = create_redis(url)
    try:
        yield redis
    finally:
        await redis.aclose()


@contextlib.asynccontextmanager
async def a_namespace() -> AsyncIterator[str]:
    """Give a namespace of the tests' Redis that is nobody else's; nothing of it stays."""
    namespace = f"taskbot-test-{secrets.token_hex(6)}"
    async with a_client() as redis:
        try:
            yield namespace
        finally:
            async for key in redis.scan_iter(f"{namespace}*", count=1000):
                await redis.delete(key)
