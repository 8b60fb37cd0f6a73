"""The doctor as a process of its own, and asked in the chat, beside what is at work."""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from support import postgres, redis
from support.postgres import fresh_migrated_database
from support.processes import taskbot
from support.product import Product, running_product
from support.redis import OwnRedis
from support.simulator import TOKEN, running_simulator

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

OPERATOR = 4711
GROUP = -1001


@pytest.fixture(scope="module")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    folder = tmp_path_factory.mktemp("doctor")
    settings = {"TASKBOT_ALERT_CHAT_ID": str(OPERATOR), "TASKBOT_CANARY_CHAT_ID": str(GROUP)}
    async with running_product(folder, settings) as product:
        group = {"id": GROUP, "title": "Is taskbot well?"}
        await product.control.request("POST", "/sim/groups", json=group)
        yield product


async def doctor(
    folder: Path, environment: Mapping[str, str], *options: str
) -> tuple[int, list[str], str]:
    """Its exit status, what it says, and what is in its log."""
    async with taskbot("doctor", *options, folder=folder, environment=environment) as running:
        status = await running.process.wait()
        await running.read_to_the_end()
        return status, running.lines, running.log()


async def checks(folder: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    _, lines, _ = await doctor(folder, environment, "--json")
    return {one["name"]: one for one in json.loads("\n".join(lines))["checks"]}


async def test_beside_what_is_at_work_all_is_well(product: Product) -> None:
    status, lines, log = await doctor(product.folder, product.environment)

    assert (status, log) == (0, ""), lines
    assert lines[-1] == "7 well, 6 skipped", lines
    assert "Canary" in (await product.control.last(GROUP))["text"]


async def test_warnings_alone_are_told_from_failures_if_that_is_asked_for(
    product: Product,
) -> None:
    mistyped = {**product.environment, "TASKBOT_PROT": "80"}

    assert (await doctor(product.folder, mistyped))[0] == 0
    assert (await doctor(product.folder, mistyped, "--strict"))[0] == 3


async def test_an_operator_asks_in_the_chat_and_others_do_not(product: Product) -> None:
    for person, answer in ((OPERATOR, "All is well"), (4712, "do not know this command")):
        await product.control.person(person, "Ann", language_code="en")
        await product.control.ask(person, "/start")
        assert answer in (await product.control.ask(person, "/doctor"))["text"]


async def test_processes_of_their_own_are_looked_for_where_there_are_none(
    tmp_path: Path,
) -> None:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    with fresh_migrated_database() as url, OwnRedis() as server:
        async with running_simulator() as sim:
            found = await checks(
                tmp_path,
                {
                    "TASKBOT_DATABASE_URL": url,
                    "TASKBOT_REDIS_URL": server.url,
                    "TASKBOT_BOT_TOKEN": TOKEN,
                    "TASKBOT_TELEGRAM_API_URL": sim.url,
                    "TASKBOT_CANARY_CHAT_ID": str(GROUP),
                },
            )

    verdicts = {name: one["verdict"] for name, one in found.items()}
    assert verdicts | {"files": "ok"} == {
        "configuration": "ok",
        "files": "ok",
        "database": "ok",
        "schema": "ok",
        "redis": "ok",
        "api": "skipped",
        "clock": "ok",
        "telegram": "ok",
        "webhook": "ok",
        "alerts": "warning",
        "mail": "skipped",
        "reminders": "failed",
        "canary": "failed",
    }
    assert [one["remedy"] for one in found["reminders"]["problems"]] == [
        "taskbot scheduler",
        "taskbot worker",
        "taskbot bot",
    ]
    assert {*found["clock"]["facts"]} == {"ahead_of_database_seconds", "ahead_of_redis_seconds"}


async def test_servers_that_swallow_everything_are_given_up_in_time_and_in_silence(
    tmp_path: Path,
) -> None:
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    with OwnRedis() as server:
        server.freeze()
        place = server.url.removeprefix("redis://").removesuffix("/0")
        status, lines, log = await doctor(
            tmp_path,
            {
                "TASKBOT_DATABASE_URL": f"postgresql://taskbot@{place}/tasks",
                "TASKBOT_REDIS_URL": server.url,
                "TASKBOT_BOT_TOKEN": TOKEN,
                "TASKBOT_TELEGRAM_API_URL": f"http://{place}",
            },
        )

    assert (status, log) == (1, "")
    failed = {line.split()[1] for line in lines if line[:1] == "✗"}
    assert failed >= {"database", "redis", "telegram"}
