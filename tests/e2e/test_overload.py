"""A process of the API of which more is asked than it can do, and what becomes of that."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from attrs import frozen

from support import postgres
from support.postgres import fresh_database
from support.processes import RunningProcess, taskbot, taskbot_says
from support.scrapes import Scrape
from support.simulator import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

AT_ONCE: Final = 120
"""Requests; of these the process works at one, and lets eight wait."""


@frozen
class Overloaded:
    process: RunningProcess
    client: httpx.AsyncClient
    watching: httpx.AsyncClient
    """On a connection of its own: who asks for health does not wait for what others have sent."""

    async def write_down(self, title: str) -> httpx.Response:
        return await self.client.post("/api/v1/tasks", json={"title": title})

    async def titles(self) -> list[str]:
        found: list[str] = []
        path: str | None = "/api/v1/tasks?limit=200"
        while path is not None:
            answer = (await self.client.get(path)).raise_for_status()
            found += [task["title"] for task in answer.json()["items"]]
            path = answer.links["next"]["url"] if "next" in answer.links else None
        return found


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Overloaded]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    with fresh_database() as url:
        settings = {"TASKBOT_DATABASE_URL": url, "TASKBOT_API_REQUESTS_AT_ONCE": "1"}
        async with taskbot("migrate", folder=tmp_path, environment=settings) as migration:
            assert await migration.process.wait() == 0, migration.log()
        settings["TASKBOT_METRICS_PORT"] = "0"
        async with taskbot("api", folder=tmp_path, environment=settings) as process:
            secret = await taskbot_says(
                *("token", "create", "--telegram-id", "7"), folder=tmp_path, environment=settings
            )
            address = (await process.address("API docs")).removesuffix("/api/v1/docs")
            limits = httpx.Limits(max_connections=AT_ONCE)
            headers = {"Authorization": f"Bearer {secret}"}
            async with (
                httpx.AsyncClient(
                    base_url=address, headers=headers, limits=limits, timeout=60, trust_env=False
                ) as client,
                httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as watching,
            ):
                yield Overloaded(process, client, watching)


async def test_what_is_too_much_is_refused_what_is_accepted_is_kept_and_it_recovers(
    api: Overloaded,
) -> None:
    asked: dict[str, int] = {}
    healthy: list[int] = []

    async def write_down(title: str) -> None:
        answer = await api.write_down(title)
        asked[title] = answer.status_code
        if answer.status_code == 503:
            assert answer.json()["type"] == "/problems/overloaded"
            assert int(answer.headers["Retry-After"]) >= 1

    async def look() -> None:
        healthy.append((await api.watching.get("/health/ready")).status_code)

    async def is_too_much() -> bool:
        first = len(asked)
        titles = [f"Task {number}" for number in range(first, first + AT_ONCE)]
        await asyncio.gather(*map(write_down, titles), look())
        return 503 in asked.values()

    await eventually(is_too_much)

    found = Counter(asked.values())
    assert set(found) == {201, 503}, found
    assert set(healthy) == {200}
    afterwards = await asyncio.gather(*(api.write_down(f"Later {n}") for n in range(3)))
    assert [answer.status_code for answer in afterwards] == [201, 201, 201]
    kept = [title for title, status in asked.items() if status == 201]
    assert sorted(await api.titles()) == sorted([*kept, "Later 0", "Later 1", "Later 2"])
    metrics = await Scrape.of(api.process)
    assert metrics.sum("http_requests_shed_total") == found[503]
