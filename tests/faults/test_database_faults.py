"""The database goes away under load, freezes, is not there yet, or takes no more."""

import asyncio
import contextlib
import resource
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from attrs import Factory, define

from support.ports import a_free_port
from support.postgres import ABSENT, OwnServer, binaries, fresh_database
from support.processes import RunningProcess, taskbot
from support.product import Product
from support.simulator import Control, eventually

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CLIENTS: Final = 6
RESTARTS: Final = 3


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    if binaries() is None:
        pytest.skip(ABSENT)
    with OwnServer() as server:
        yield server


@pytest.fixture
def database_url(server: OwnServer) -> Iterator[str]:
    with fresh_database(server.url) as url:
        yield url


@contextlib.asynccontextmanager
async def product_on(database_url: str, folder: Path) -> AsyncIterator[Product]:
    environment = {"TASKBOT_DATABASE_URL": database_url}
    async with taskbot("up", folder=folder, environment=environment) as process:
        page = await process.address("Chat page")
        docs = await process.address("API docs")
        async with Control(page.rstrip("/")) as control:
            yield Product(process, control, docs.removesuffix("/api/v1/docs"), folder, environment)


@define
class Traffic:
    """What clients saw who go on creating tasks, whatever happens."""

    program: httpx.AsyncClient
    acknowledged: set[str] = Factory(set)
    answers: Counter[int] = Factory(Counter)
    slowest_seconds: float = 0.0
    _numbers: Iterator[int] = Factory(count)

    @contextlib.asynccontextmanager
    async def flowing(self) -> AsyncIterator[None]:
        ending = asyncio.Event()
        async with asyncio.TaskGroup() as clients:
            for _ in range(CLIENTS):
                clients.create_task(self._client(ending))
            try:
                yield
            finally:
                ending.set()

    async def _client(self, ending: asyncio.Event) -> None:
        while not ending.is_set():
            await self.create()

    async def create(self) -> int:
        title = f"task {next(self._numbers)}"
        begun = time.monotonic()
        answer = await self.program.post("/tasks", json={"title": title})
        self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - begun)
        self.answers[answer.status_code] += 1
        if answer.status_code == 201:
            self.acknowledged.add(title)
        else:
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.json()["type"] == "/problems/storage-unavailable"
            await asyncio.sleep(0.01)  # less than it asks for, but not none at all
        return answer.status_code

    async def has_created(self, more: int) -> None:
        """Wait until so many more tasks are acknowledged."""
        wanted = len(self.acknowledged) + more
        await eventually(lambda: self._acknowledged(wanted))

    async def _acknowledged(self, number: int) -> bool:
        return len(self.acknowledged) >= number

    async def stored(self) -> set[str]:
        titles: set[str] = set()
        query: dict[str, Any] = {"limit": 200, "sort": "created"}
        while True:
            page = (await self.program.get("/tasks", params=query)).json()
            titles.update(task["title"] for task in page["items"])
            if page["next_cursor"] is None:
                return titles
            query["cursor"] = page["next_cursor"]


async def test_a_server_that_restarts_under_load_loses_nothing_that_was_acknowledged(
    server: OwnServer, database_url: str, tmp_path: Path
) -> None:
    async with product_on(database_url, tmp_path) as product:
        person = await product.a_person()
        async with product.program_of(person) as program:
            traffic = Traffic(program)
            due_at = datetime.now(UTC) + timedelta(seconds=4)
            promise = {"title": "Survivor", "due_at": due_at.isoformat()}
            assert (await program.post("/tasks", json=promise)).status_code == 201
            async with traffic.flowing():
                for _ in range(RESTARTS):
                    await traffic.has_created(50)
                    await asyncio.to_thread(server.stop, "immediate")
                    before = traffic.answers[503]
                    await eventually(lambda: _has_more(traffic, before))  # noqa: B023 - awaited here
                    await asyncio.to_thread(server.start)
                await traffic.has_created(50)  # without a restart of ours
            stored = await traffic.stored()

        await person.sees("🔔", "Survivor")
        lost = traffic.acknowledged - stored
        assert not lost, f"lost {len(lost)} of {len(traffic.acknowledged)}: {traffic.answers}"
        assert traffic.answers.keys() == {201, 503}
        assert sum("🔔" in text and "Survivor" in text for text in await person.transcript()) == 1
        print(f"{traffic.answers=} lost={len(lost)} {traffic.slowest_seconds=:.1f}")  # noqa: T201 - figures for whoever asks (-s)


async def _has_more(traffic: Traffic, refusals: int) -> bool:
    return traffic.answers[503] > refusals + CLIENTS


async def test_a_server_that_freezes_keeps_nobody_waiting_for_ever(
    server: OwnServer, database_url: str, tmp_path: Path
) -> None:
    async with product_on(database_url, tmp_path) as product:
        person = await product.a_person()
        async with product.program_of(person) as program:
            traffic = Traffic(program)
            assert await traffic.create() == 201

            server.pause()
            try:
                answers = await asyncio.gather(*(traffic.create() for _ in range(CLIENTS)))
            finally:
                server.resume()

            assert set(answers) == {503}
            await traffic.has_created(0)
            await eventually(lambda: _is_back(traffic))


async def _is_back(traffic: Traffic) -> bool:
    return await traffic.create() == 201


async def test_a_start_waits_for_its_database_and_says_so(
    server: OwnServer, database_url: str, tmp_path: Path
) -> None:
    server.stop()
    try:
        environment = {"TASKBOT_DATABASE_URL": database_url}
        async with taskbot("migrate", folder=tmp_path, environment=environment) as process:
            await eventually(lambda: _says(process, "waiting for the database"))
            assert process.process.returncode is None
            server.start()
            assert await process.process.wait() == 0, process.log()
    finally:
        with contextlib.suppress(RuntimeError):
            server.start()


async def _says(process: RunningProcess, words: str) -> bool:
    return words in process.log()


@pytest.mark.parametrize("command", ["up", "api", "migrate"])
async def test_a_start_does_not_wait_for_ever(command: str, tmp_path: Path) -> None:
    environment = {
        "TASKBOT_DATABASE_URL": f"postgresql://anna:hidden@127.0.0.1:{a_free_port()}/tasks",
        "TASKBOT_DATABASE_WAIT": "1",
    }
    async with taskbot(command, folder=tmp_path, environment=environment) as process:
        assert await process.process.wait() == 1
    last = process.log().splitlines()[-1]
    assert last.startswith("Error: the database 127.0.0.1/tasks cannot be used:")
    assert "hidden" not in process.log()


async def test_a_start_that_waits_can_be_stopped(tmp_path: Path) -> None:
    environment = {"TASKBOT_DATABASE_URL": f"postgresql://anna@127.0.0.1:{a_free_port()}/tasks"}
    async with taskbot("up", folder=tmp_path, environment=environment) as process:
        await eventually(lambda: _says(process, "waiting for the database"))

        assert await process.ask_to_stop() == 0


async def test_a_process_of_its_own_refuses_an_old_schema_and_says_what_to_do(
    database_url: str, tmp_path: Path
) -> None:
    environment = {"TASKBOT_DATABASE_URL": database_url}
    async with taskbot("api", folder=tmp_path, environment=environment) as process:
        assert await process.process.wait() == 1
    assert 'run "taskbot migrate" first' in process.log()

    async with taskbot("migrate", folder=tmp_path, environment=environment) as migration:
        assert await migration.process.wait() == 0
    async with taskbot("api", folder=tmp_path, environment=environment) as process:
        docs = await process.address("API docs")
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(docs)).status_code == 200
        assert await process.ask_to_stop() == 0


async def test_a_disk_that_is_full_refuses_new_tasks_and_keeps_the_old_ones(
    tmp_path: Path,
) -> None:
    async with taskbot("up", folder=tmp_path) as process:
        page = await process.address("Chat page")
        docs = await process.address("API docs")
        async with Control(page.rstrip("/")) as control:
            product = Product(process, control, docs.removesuffix("/api/v1/docs"), tmp_path)
            person = await product.a_person()
            async with product.program_of(person) as program:
                traffic = Traffic(program)
                for _ in range(5):
                    assert await traffic.create() == 201
                with _no_file_may_grow(process, tmp_path / "data"):
                    await eventually(lambda: _is_refused(traffic))
                    assert traffic.acknowledged <= await traffic.stored()  # reading goes on

                await eventually(lambda: _is_back(traffic))
                assert traffic.acknowledged <= await traffic.stored()
        assert "the storage is unavailable" in process.log()


@contextlib.contextmanager
def _no_file_may_grow(process: RunningProcess, folder: Path) -> Iterator[None]:
    """As on a full disk: no file of the process gets longer than the longest is now."""
    limit = max(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    pid = process.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


async def _is_refused(traffic: Traffic) -> bool:
    return await traffic.create() == 503


async def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for name, place in (("folder", tmp_path / "a folder"), ("away", Path("/proc/nothing/x.db"))):
        if name == "folder":
            place.mkdir()
        environment = {"TASKBOT_DATABASE_URL": f"sqlite:///{place}"}
        async with taskbot("up", folder=tmp_path, environment=environment) as process:
            assert await process.process.wait() == 1
        assert process.log().splitlines()[-1] == (
            f"Error: the database {place} cannot be used: unable to open database file"
        )
