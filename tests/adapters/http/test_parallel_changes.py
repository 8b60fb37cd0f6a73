"""Many clients change one task at once, each with what it has seen: no change is lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from attrs import frozen

from support.api import an_api
from support.backends import BACKENDS, two_processes
from support.core import a_core

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

AT_ONCE: Final = 100
CLIENTS: Final = 10
CHANGES: Final = 3
"""Of each client: all of them again and again, until each has had its turn."""


@frozen
class Shared:
    """One task, and the same person's clients of two processes on one database."""

    path: str
    clients: list[httpx.AsyncClient]

    def client(self, number: int) -> httpx.AsyncClient:
        return self.clients[number % len(self.clients)]


@pytest.fixture(params=BACKENDS)
async def shared(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shared]:
    async with two_processes(request.param, tmp_path) as storages:
        apis = [
            an_api(core=a_core(transactions=one.transactions, queries=one.queries))
            for one in storages
        ]
        ada = await apis[0].person()
        task = await ada.creates(description="")
        headers = {"Authorization": f"Bearer {ada.secret}"}
        yield Shared(f"/api/v1/tasks/{task['id']}", [api.client(**headers) for api in apis])


async def test_of_many_changes_to_what_all_have_seen_one_is_made(shared: Shared) -> None:
    seen = await shared.client(0).get(shared.path)

    async def change(number: int) -> int:
        answer = await shared.client(number).patch(
            shared.path,
            json={"title": f"by {number}"},
            headers={"If-Match": seen.headers["ETag"]},
        )
        return answer.status_code

    statuses = await asyncio.gather(*(change(number) for number in range(AT_ONCE)))

    assert Counter(statuses) == {200: 1, 412: AT_ONCE - 1}
    winner = statuses.index(200)
    after = (await shared.client(0).get(shared.path)).json()
    assert (after["title"], after["version"]) == (f"by {winner}", seen.json()["version"] + 1)


async def test_no_change_is_lost_when_each_begins_anew_from_what_it_finds(shared: Shared) -> None:
    before = (await shared.client(0).get(shared.path)).json()

    async def add(mark: int, client: httpx.AsyncClient) -> None:
        for _ in range(CLIENTS * CHANGES):  # at each attempt somebody else was quicker
            seen = await client.get(shared.path)
            changed = await client.patch(
                shared.path,
                json={"description": f"{seen.json()['description']} {mark}".strip()},
                headers={"If-Match": seen.headers["ETag"]},
            )
            if changed.status_code == 200:
                return
            assert changed.status_code == 412, changed.text
        raise AssertionError(f"mark {mark} never had its turn")

    async def add_marks(number: int) -> None:
        for change in range(CHANGES):
            await add(number * CHANGES + change, shared.client(number))

    await asyncio.gather(*(add_marks(number) for number in range(CLIENTS)))

    after = (await shared.client(0).get(shared.path)).json()
    marks = [int(mark) for mark in after["description"].split()]
    assert sorted(marks) == list(range(CLIENTS * CHANGES))
    assert after["version"] == before["version"] + len(marks)
