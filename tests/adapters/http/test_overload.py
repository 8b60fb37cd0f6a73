"""More than one process can work off: what is refused, what is served, who takes a place."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest
from attrs import define, field, frozen

from support.api import Api, Person, an_api
from support.builders import a_task
from support.core import a_core
from support.log_lines import log_lines
from support.simulator import eventually
from taskbot.adapters.admission import Admission, Reason
from taskbot.adapters.http import ApiPolicy
from taskbot.adapters.memory import MemoryDatabase, MemoryQueries, MemoryTransactions
from taskbot.application.export import PAGE

pytestmark = pytest.mark.anyio

LONG: Final = timedelta(hours=1)
TASKS: Final = "/api/v1/tasks"


@define
class Stall:
    """Where whoever asks for a list of tasks stays until `go_on` is set."""

    go_on: asyncio.Event = field(factory=asyncio.Event)
    inside: int = 0
    most_inside: int = 0
    asked: int = 0

    async def stay(self) -> None:
        self.asked += 1
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        try:
            await self.go_on.wait()
        finally:
            self.inside -= 1


@frozen
class Stalling(MemoryQueries):
    stall: Stall = field(factory=Stall)

    async def tasks(self, *args: Any, **more: Any) -> Any:
        await self.stall.stay()
        return await super().tasks(*args, **more)


@define
class Busy:
    """An API with few places, and somebody who asks it."""

    database: MemoryDatabase
    api: Api
    ada: Person
    stall: Stall
    admission: Admission
    shed: list[Reason]
    asking: list[asyncio.Task[httpx.Response]] = field(factory=list)

    def ask(self) -> asyncio.Task[httpx.Response]:
        """Ask for a list, which takes until `stall.go_on` is set."""
        self.asking.append(asyncio.create_task(self.ada.client.get(TASKS)))
        return self.asking[-1]

    def write_down(self, number: int) -> None:
        for _ in range(number):
            task = a_task(owner_id=self.ada.user.id)
            self.database.tables.tasks[task.id] = task

    async def filled(self, *, waiting: int = 0) -> None:
        for _ in range(self.admission.places + waiting):
            _ = self.ask()
        await until(
            lambda: self.stall.inside == self.admission.places and self.admission.waiting == waiting
        )

    async def answers(self) -> list[int]:
        self.stall.go_on.set()
        return [answer.status_code for answer in await asyncio.gather(*self.asking)]


async def until(is_so: Callable[[], bool]) -> None:
    async def holds() -> bool:
        return is_so()

    await eventually(holds)


async def a_busy_one(places: int = 1, queue: int = 1, patience: timedelta = LONG) -> Busy:
    database = MemoryDatabase()
    queries = Stalling(database)
    core = a_core(transactions=MemoryTransactions(database), queries=queries)
    admission, shed = Admission(places, queue, patience), list[Reason]()
    policy = ApiPolicy(admission=admission, shed=shed.append, origins=("https://app.test",))
    api = an_api(core=core, policy=policy)
    return Busy(database, api, await api.person(), queries.stall, admission, shed)


@pytest.fixture
async def busy() -> Busy:
    return await a_busy_one()


async def test_what_there_is_no_room_for_is_a_problem_that_says_when_to_come_back(
    busy: Busy,
) -> None:
    await busy.filled(waiting=1)

    refused = await busy.ada.client.post(
        TASKS, json={"title": "Milk"}, headers={"Origin": "https://app.test"}
    )

    assert refused.status_code == 503
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/overloaded"
    assert refused.json()["request_id"] == refused.headers["X-Request-Id"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert refused.headers["Access-Control-Allow-Origin"] == "https://app.test"
    assert busy.shed == [Reason.FULL]
    assert await busy.answers() == [200, 200]
    assert (await busy.ada.client.get(TASKS)).json()["items"] == [], "nothing was done"


async def test_it_recovers_by_itself(busy: Busy) -> None:
    await busy.filled(waiting=1)
    assert (await busy.ask()).status_code == 503

    assert await busy.answers() == [200, 200, 503]

    assert (await busy.ada.client.get(TASKS)).status_code == 200
    assert (busy.admission.inside, busy.admission.waiting) == (0, 0)


@pytest.mark.parametrize(("places", "queue"), [(1, 0), (3, 5), (16, 8)])
async def test_however_many_come_no_more_are_inside_and_each_gets_an_answer(
    places: int, queue: int
) -> None:
    busy = await a_busy_one(places, queue)
    await busy.filled()
    for _ in range(50):
        _ = busy.ask()
    await until(lambda: busy.admission.waiting + len(busy.shed) == 50)

    answers = await busy.answers()

    assert busy.stall.most_inside == places
    assert answers.count(200) == places + queue
    assert answers.count(503) == len(busy.shed) == 50 - queue


async def test_who_waits_longer_than_one_may_is_refused() -> None:
    busy = await a_busy_one(patience=timedelta(0))
    await busy.filled()

    assert (await busy.ask()).status_code == 503

    assert busy.shed == [Reason.WAITED]
    assert busy.admission.waiting == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200),
        ("GET", "/api/v1/health/live", 200),
        ("GET", "/api/v1/health/ready", 200),
        ("OPTIONS", TASKS, 204),
        ("GET", "/metrics", 200),
    ],
)
async def test_who_watches_over_it_is_always_served(
    busy: Busy, method: str, path: str, status: int
) -> None:
    operator = await busy.api.operator()
    await busy.filled(waiting=1)

    client = operator if path == "/metrics" else busy.ada.client
    answer = await client.request(method, path)

    assert answer.status_code == status
    await busy.answers()


async def test_a_body_that_comes_slowly_takes_no_place(busy: Busy) -> None:
    more = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"title":'
        await more.wait()
        yield b'"Milk"}'

    headers = {"Content-Type": "application/json"}
    slow = asyncio.create_task(busy.ada.client.post(TASKS, content=slowly(), headers=headers))
    busy.stall.go_on.set()

    assert (await busy.ada.client.get(TASKS)).status_code == 200
    assert busy.admission.inside == 0
    more.set()
    assert (await slow).status_code == 201


async def test_a_body_that_is_too_large_is_refused_as_ever(busy: Busy) -> None:
    async def endlessly() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000

    for content in (b"x" * 100_000, endlessly()):
        answer = await busy.ada.client.post(
            TASKS, content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 413


class Reader:
    """Asks as a server would, and takes what is sent when it is told to."""

    def __init__(self, busy: Busy, path: str) -> None:
        self.busy, self.path = busy, path
        self.sent: list[Any] = []
        self.is_offered, self.may_send, self.left = (asyncio.Event() for _ in range(3))
        self._waiting: list[Any] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def ask(self) -> None:
        authorization = self.busy.ada.client.headers["Authorization"].encode()
        scope: Any = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": self.path, "raw_path": self.path.encode(),
            "root_path": "", "query_string": b"", "headers": [(b"authorization", authorization)],
            "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8080), "state": {},
        }  # fmt: skip
        await self.busy.api.app(scope, self._receive, self._send)

    async def _receive(self) -> Any:
        if self._waiting:
            return self._waiting.pop()
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.is_offered.set()
        await self.may_send.wait()
        self.sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.left.set()  # as servers say it, too, once all is said

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


@pytest.mark.parametrize("path", [TASKS, "/api/v1/me/export"])
async def test_an_answer_that_is_taken_slowly_takes_no_place(busy: Busy, path: str) -> None:
    busy.write_down(2 * PAGE + 1)
    busy.stall.go_on.set()
    slow = Reader(busy, path)
    reading = asyncio.create_task(slow.ask())
    async with asyncio.timeout(10):
        await slow.is_offered.wait()

    assert (await busy.ada.client.get(TASKS)).status_code == 200
    assert busy.admission.inside == 0
    slow.may_send.set()
    await reading
    assert slow.body.count(b"Buy milk") == (20 if path == TASKS else 2 * PAGE + 1)
    assert busy.admission.inside == 0


async def test_a_stream_that_has_begun_is_finished_however_busy_it_gets(busy: Busy) -> None:
    busy.write_down(2 * PAGE + 1)
    busy.stall.go_on.set()
    stream = Reader(busy, "/api/v1/me/export")
    reading = asyncio.create_task(stream.ask())
    async with asyncio.timeout(10):
        await stream.is_offered.wait()
    busy.stall.go_on.clear()
    await busy.filled(waiting=1)

    stream.may_send.set()
    await until(lambda: busy.admission.waiting == 2)  # in its turn, like everybody
    assert await busy.answers() == [200, 200]
    await reading

    assert stream.body.count(b"Buy milk") == 2 * PAGE + 1
    assert busy.shed == []


async def test_who_goes_away_while_they_wait_is_not_worked_for(busy: Busy) -> None:
    await busy.filled()
    impatient = Reader(busy, TASKS)
    waiting = asyncio.create_task(impatient.ask())
    await until(lambda: busy.admission.waiting == 1)

    impatient.left.set()
    impatient.may_send.set()  # nobody hears it
    await waiting

    assert busy.shed == [Reason.GONE]
    assert busy.admission.waiting == 0
    assert await busy.answers() == [200]
    assert busy.stall.asked == 1


@pytest.mark.parametrize("which", [0, 1], ids=["inside", "in the queue"])
async def test_what_is_cancelled_frees_its_place(busy: Busy, which: int) -> None:
    await busy.filled(waiting=1)

    busy.asking[which].cancel()
    await asyncio.gather(busy.asking.pop(which), return_exceptions=True)

    await until(lambda: busy.stall.inside == 1 and busy.admission.waiting == 0)
    _ = busy.ask()
    assert await busy.answers() == [200, 200]
    assert busy.admission.inside == 0


async def test_it_is_told_in_the_log_once_and_not_for_each(busy: Busy) -> None:
    await busy.filled(waiting=1)

    with log_lines("taskbot.adapters.http") as lines:
        for _ in range(5):
            await busy.ada.client.post(TASKS, json={"title": "Milk"})

    loud = [line["event"] for line in lines if line["level"] != "debug"]
    assert loud == ["more is asked for than can be answered: requests refused since last told: 1"]
    await busy.answers()
