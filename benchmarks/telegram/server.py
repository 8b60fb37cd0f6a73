"""The stub as the benchmark sees it: an address, and what came there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
from attrs import frozen

from benchmarks.place import FOLDER
from benchmarks.processes import benchmarks_own, running


@frozen
class Moment:
    """*at*: Unix time; *number*: of the message, or the id of the update."""

    at: float
    number: int


@frozen
class Stub:
    url: str
    _http: httpx.AsyncClient

    async def arrivals(self, number: int, *, within: float) -> list[Moment]:
        """Wait until so many messages have arrived; give them in their order."""
        async with asyncio.timeout(within):
            while (await self.counts())["taken"] < number:  # noqa: ASYNC110 - a process of its own
                await asyncio.sleep(0.2)
        return await self.arrived()

    async def arrived(self) -> list[Moment]:
        return await self._moments("arrivals")

    async def handed_out(self) -> list[Moment]:
        return await self._moments("handed")

    async def counts(self) -> dict[str, int]:
        found: dict[str, int] = (await self._http.get("/counts")).json()
        return found

    async def last(self) -> dict[str, str]:
        found: dict[str, str] = (await self._http.get("/last")).json()
        return found

    async def offer(self, updates: list[dict[str, Any]]) -> None:
        await self._http.post("/updates", json=updates)

    async def forget(self) -> None:
        await self._http.post("/forget")

    async def _moments(self, path: str) -> list[Moment]:
        lines = (await self._http.get(f"/{path}")).text.splitlines()
        return [Moment(float(at), int(number)) for at, number in map(str.split, lines)]


@contextlib.asynccontextmanager
async def telegram(*, per_second: float | None = None) -> AsyncIterator[Stub]:
    """Run the stub; *per_second*: refuse what is more."""
    options = [] if per_second is None else ["--per-second", str(per_second)]
    command = benchmarks_own("telegram.stub", *options)
    async with running(*command, folder=FOLDER / "telegram") as process:
        url = (await process.line(r"(http://\S+)")).group(1)
        async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as http:
            yield Stub(url, http)
