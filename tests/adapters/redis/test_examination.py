"""Redis, for the doctor: a server of one's own, for what it is told to be."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from support import redis
from support.ports import a_free_port
from support.redis import OwnRedis
from taskbot.adapters.redis import Redis, create_redis
from taskbot.adapters.redis.examination import RedisExamination
from taskbot.application.doctor import ProblemKind, Seen

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def server() -> Iterator[OwnRedis]:
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    with OwnRedis() as server:
        yield server


@pytest.fixture
async def client(server: OwnRedis) -> AsyncIterator[Redis]:
    client = create_redis(server.url)
    yield client
    await client.config_set("maxmemory", 0)
    await client.config_set("maxmemory-policy", "noeviction")
    await client.config_set("requirepass", "")
    await client.aclose()


async def look(client: Redis) -> Seen:
    return await RedisExamination(redis=client, name="127.0.0.1:6379").look()


async def test_one_that_answers_is_told_with_its_version(client: Redis) -> None:
    seen = await look(client)

    assert seen.problems == ()
    assert str(seen.facts["version"])[0].isdigit()
    assert seen.facts["maxmemory_policy"] == "noeviction"


@pytest.mark.parametrize(
    ("most", "policy", "kinds"),
    [
        (100_000_000, "allkeys-lru", [ProblemKind.REDIS_EVICTS]),
        (100_000_000, "volatile-ttl", [ProblemKind.REDIS_EVICTS]),
        (100_000_000, "noeviction", []),
        (0, "allkeys-lru", []),
    ],
)
async def test_one_that_throws_keys_away_when_full_is_a_warning(
    client: Redis, most: int, policy: str, kinds: list[ProblemKind]
) -> None:
    await client.config_set("maxmemory", most)
    await client.config_set("maxmemory-policy", policy)

    problems = (await look(client)).problems

    assert [one.kind for one in problems] == kinds
    assert not any(one.is_grave for one in problems)


async def test_a_password_that_is_missing_or_wrong_is_told_without_repeating_it(
    client: Redis, server: OwnRedis
) -> None:
    wrong = create_redis(server.url.replace("//", "//:wrong-canary@"))
    none = create_redis(server.url)
    await client.config_set("requirepass", "the-right-one")
    try:
        for one in (wrong, none):
            seen = await look(one)
            assert [told.kind for told in seen.problems] == [ProblemKind.REDIS_LOGIN_REFUSED]
            assert "canary" not in str(seen)
    finally:
        await wrong.aclose()
        await none.aclose()


async def test_one_that_is_away_is_told_without_the_password() -> None:
    client = create_redis(f"redis://:canary@127.0.0.1:{a_free_port()}/0")

    seen = await look(client)

    await client.aclose()
    assert [(one.kind, one.values["error"]) for one in seen.problems] == [
        (ProblemKind.REDIS_AWAY, "Connection refused")
    ]
    assert "canary" not in str(seen)


async def test_its_clock_is_told(client: Redis) -> None:
    told = await RedisExamination(redis=client, name="here").clock()

    assert abs(told.at - datetime.now(UTC)) < timedelta(seconds=10)
