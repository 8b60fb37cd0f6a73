"""What is kept in Redis: where it stands, and what is said when Redis is away."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from support.builders import NOW
from support.kept import a_client, a_namespace
from support.ports import a_free_port
from taskbot.adapters.redis import (
    Redis,
    RedisApiTokenStore,
    RedisDialogueStore,
    RedisUpdateLog,
    create_redis,
)
from taskbot.application.ports import Dialogue, StorageUnavailable

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)

CALLS: dict[str, Callable[[Redis], Awaitable[object]]] = {
    "read a dialogue": lambda redis: RedisDialogueStore(redis).read("1:2"),
    "write one": lambda redis: RedisDialogueStore(redis).write("1:2", Dialogue("title", {})),
    "forget one": lambda redis: RedisDialogueStore(redis).write("1:2", Dialogue(None, {})),
    "forget a person's": lambda redis: RedisDialogueStore(redis).forget(7),
    "begin an update": lambda redis: RedisUpdateLog(redis).begin(1, now=NOW),
    "finish it": lambda redis: RedisUpdateLog(redis).finish(1, now=NOW),
    "abandon it": lambda redis: RedisUpdateLog(redis).abandon(1),
    "read a token": lambda redis: RedisApiTokenStore(redis).read(7),
    "write a token": lambda redis: RedisApiTokenStore(redis).write(7, "tb_x", ttl=HOUR),
    "forget a token": lambda redis: RedisApiTokenStore(redis).forget(7),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
async def test_a_redis_that_is_away_is_a_storage_that_is_away(
    call: Callable[[Redis], Awaitable[object]],
) -> None:
    nowhere = create_redis(f"redis://127.0.0.1:{a_free_port()}/0")

    with pytest.raises(StorageUnavailable, match="Redis"):
        await call(nowhere)

    await nowhere.aclose()


async def test_everything_stands_under_the_namespace_and_goes_by_itself() -> None:
    async with a_namespace() as namespace, a_client() as redis:
        await RedisDialogueStore(redis, namespace=namespace).write("1:2", Dialogue("title", {}))
        await RedisUpdateLog(redis, namespace=namespace).begin(1, now=NOW)
        await RedisApiTokenStore(redis, namespace=namespace).write(7, "tb_x", ttl=HOUR)

        found = {key.decode() async for key in redis.scan_iter(f"{namespace}*", count=1000)}
        lives = [await redis.pttl(key) for key in found]

    assert found == {f"{namespace}:{one}" for one in ("dialogue:1:2", "update:1", "api-token:7")}
    assert all(left > 0 for left in lives)


async def test_a_persons_dialogues_are_forgotten_and_no_others() -> None:
    keys = ("1:2", "7:2:2", "other", "2:22", "2:-2", "1:2:22")
    async with a_namespace() as namespace, a_client() as redis:
        dialogues = RedisDialogueStore(redis, namespace=namespace)
        for key in keys:
            await dialogues.write(key, Dialogue("title", {}))

        await dialogues.forget(2)
        await dialogues.forget(404)

        left = [key for key in keys if (await dialogues.read(key)).step is not None]
    assert left == ["other", "2:22", "2:-2", "1:2:22"]
