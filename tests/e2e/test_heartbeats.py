"""Processes that nobody can ask over HTTP say how they are."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from support import postgres, redis
from support.fleet import Fleet, a_fleet
from support.processes import RunningProcess
from support.simulator import eventually
from taskbot.entrypoints.heartbeat import problems_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

FILE: Final = "heartbeat"
"""In the folder in which each process was started."""


@pytest.fixture
async def fleet(tmp_path: Path) -> AsyncIterator[Fleet]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_fleet(tmp_path) as fleet:
        fleet.environment["TASKBOT_HEARTBEAT_FILE"] = FILE
        yield fleet


def problems(process: RunningProcess) -> list[str]:
    return list(problems_of(process.log_file.parent / FILE, datetime.now(UTC)))


async def until(process: RunningProcess, *expected: str) -> None:
    async def is_so() -> bool:
        return problems(process) == list(expected)

    await eventually(is_so, within=40)


async def test_every_role_says_what_keeps_it_from_its_work_and_when_that_is_over(
    fleet: Fleet,
) -> None:
    roles = ("scheduler", "worker", "bot", "api")
    processes = await asyncio.gather(*map(fleet.start, roles))
    assert [problems(process) for process in processes] == [[], [], [], []]

    fleet.redis.stop()
    for process in processes[:2]:
        await until(process, "redis: does not answer")
    assert [problems(process) for process in processes[2:]] == [[], []]  # they can do without

    fleet.redis.start()
    for process in processes[:2]:
        await until(process)
    for process in processes:
        assert await process.ask_to_stop() == 0, process.log()
        assert "no heartbeat" in "".join(problems(process))
