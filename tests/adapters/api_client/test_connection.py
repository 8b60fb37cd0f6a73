"""What is tried again, for how long, and what is said when it is of no use."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from attrs import define, field
from ulid import ULID

from taskbot.adapters.api_client import ApiFailed, ApiRefused, ApiUnavailable, TooManyRequests
from taskbot.adapters.api_client.connection import Connection, Request, pieces_of
from taskbot.application.traces import traced
from taskbot.domain.errors import TaskNotFound

pytestmark = pytest.mark.anyio

SECRET = "tb_made-up"
FINE = httpx.Response(200, json={})
NOTHING_SENT = [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")]
UNKNOWN = [
    httpx.ReadTimeout("x"),
    httpx.ReadError("x"),
    httpx.WriteError("x"),
    httpx.RemoteProtocolError("x"),
]
GET = Request(method="GET", path="/tasks")
POST = Request(method="POST", path="/tasks", body={"title": "x"})
PATCH = Request(method="PATCH", path="/tasks/1", body={"title": "x"})
DELETE = Request(method="DELETE", path="/tasks/1")


@define
class Server:
    """Does what *script* says, one thing for each request, the last one over and over."""

    script: list[httpx.Response | Exception]
    requests: list[httpx.Request] = field(factory=list)
    waits: list[float] = field(factory=list)
    counted: list[tuple[str, str]] = field(factory=list)

    def call_ended(self, method: str, outcome: str, *, seconds: float) -> None:
        assert seconds >= 0
        self.counted.append((method, outcome))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        step = self.script[min(len(self.requests), len(self.script) - 1)]
        self.requests.append(request)
        if isinstance(step, Exception):
            raise step
        return step

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def ask(self, request: Request, *, patience: float = 15) -> httpx.Response:
        async with Connection.to(
            "https://tasks.example.org/",
            patience=timedelta(seconds=patience),
            transport=httpx.MockTransport(self._handle),
            sleep=self._sleep,
            meter=self,
        ) as connection:
            return await connection.ask(request, secret=SECRET)


def _refused(status: int, code: str = "", **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    problem = {"type": f"/problems/{code}", "detail": "no", "request_id": "R1", **more}
    return httpx.Response(status, json=problem, headers=headers)


async def test_a_request_says_who_asks_and_what_for() -> None:
    server = Server([FINE])
    request = Request(method="PATCH", path="/tasks/1", body={"title": "Ё\ud800"}, version=3)

    await server.ask(request)

    (sent,) = server.requests
    assert str(sent.url) == "https://tasks.example.org/api/v1/tasks/1"
    assert sent.headers["Authorization"] == f"Bearer {SECRET}"
    assert sent.headers["If-Match"] == '"3"'
    assert sent.headers["User-Agent"].startswith("taskbot-api-client/")
    assert sent.content == '{"title":"Ё"}'.encode()
    assert "Idempotency-Key" not in sent.headers
    assert "X-Request-Id" not in sent.headers


async def test_a_request_is_named_after_what_it_came_of() -> None:
    server = Server([httpx.ConnectError("x"), FINE])

    with traced(trace_id="update-7", update_id="7"):
        await server.ask(POST)

    assert [sent.headers["X-Request-Id"] for sent in server.requests] == ["update-7", "update-7"]


@pytest.mark.parametrize("request_", [GET, POST, PATCH, DELETE], ids=lambda one: str(one.method))
@pytest.mark.parametrize("error", [*NOTHING_SENT, _refused(429)], ids=repr)
async def test_what_was_not_done_is_asked_again(
    request_: Request, error: httpx.Response | Exception
) -> None:
    server = Server([error, error, FINE])

    answer = await server.ask(request_)

    assert answer.status_code == 200
    assert len(server.requests) == 3
    assert len(server.waits) == 2
    assert all(0 <= wait <= 2 for wait in server.waits)


@pytest.mark.parametrize("request_", [GET, DELETE, POST], ids=lambda one: str(one.method))
@pytest.mark.parametrize("error", [*UNKNOWN, *map(_refused, (502, 503, 504))], ids=repr)
async def test_what_may_have_been_done_is_asked_again_where_twice_is_as_good_as_once(
    request_: Request, error: httpx.Response | Exception
) -> None:
    server = Server([error, FINE])

    assert (await server.ask(request_)).status_code == 200


async def test_a_change_that_was_not_begun_is_asked_for_again() -> None:
    problem = {"type": "/problems/overloaded", "detail": "", "request_id": "x"}
    refused = httpx.Response(503, json=problem, headers={"Retry-After": "2"})
    server = Server([refused, FINE])

    assert (await server.ask(PATCH)).status_code == 200
    assert server.waits == [2]


@pytest.mark.parametrize("error", [*UNKNOWN, *map(_refused, (502, 503, 504))], ids=repr)
async def test_a_change_that_may_have_been_made_is_not_asked_for_again(
    error: httpx.Response | Exception,
) -> None:
    server = Server([error, FINE])

    with pytest.raises(ApiUnavailable):
        await server.ask(PATCH)

    assert len(server.requests) == 1


async def test_a_post_that_is_repeated_has_the_same_key() -> None:
    server = Server([_refused(503), httpx.ConnectError("x"), FINE])

    await server.ask(POST)

    keys = [sent.headers["Idempotency-Key"] for sent in server.requests]
    assert keys == [POST.key] * 3
    assert str(ULID.from_str(POST.key)) == POST.key
    assert Request(method="POST", path="/tasks").key != POST.key


async def test_a_first_try_that_is_still_under_way_is_waited_for() -> None:
    busy = _refused(409, "idempotency-key-in-use", headers={"Retry-After": "1"})
    server = Server([_refused(503), busy, FINE])

    assert (await server.ask(POST)).status_code == 200
    assert server.waits[1] == 1


async def test_each_try_is_counted_by_what_came_of_it() -> None:
    server = Server([*NOTHING_SENT[:1], _refused(503), FINE])

    await server.ask(GET)

    assert server.counted == [("GET", "no_answer"), ("GET", "5xx"), ("GET", "2xx")]


async def test_there_is_an_end_to_it() -> None:
    server = Server([httpx.ConnectError("x")])

    with pytest.raises(ApiUnavailable) as refusal:
        await server.ask(GET)

    assert len(server.requests) == 4
    assert "ConnectError" in str(refusal.value)
    assert SECRET not in repr(refusal.value)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_wait_that_is_asked_for_is_kept(status: int) -> None:
    server = Server([_refused(status, headers={"Retry-After": "3"}), FINE])

    await server.ask(GET)

    assert server.waits == [3.0]


async def test_a_date_to_wait_for_is_understood() -> None:
    gone_by = {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}
    server = Server([_refused(503, headers=gone_by), FINE])

    await server.ask(GET)

    assert server.waits == [0.0]


@pytest.mark.parametrize("nonsense", ["soon", "-5", "٣", "1e3", ""])
async def test_a_wait_that_makes_no_sense_is_none(nonsense: str) -> None:
    headers = [(b"Retry-After", nonsense.encode())]
    server = Server([httpx.Response(503, headers=headers), FINE])

    await server.ask(GET)

    assert all(wait <= 2 for wait in server.waits)


async def test_nobody_waits_longer_than_they_have_patience_for() -> None:
    server = Server([_refused(429, headers={"Retry-After": "60"}), FINE])

    with pytest.raises(TooManyRequests) as refusal:
        await server.ask(GET, patience=5)

    assert refusal.value.retry_after == timedelta(minutes=1)
    assert server.waits == []


async def test_what_an_unanswered_delete_has_deleted_is_deleted() -> None:
    server = Server([httpx.ReadTimeout("x"), _refused(404, "task-not-found")])

    await server.ask(DELETE)

    with pytest.raises(ApiRefused):
        await Server([_refused(404, "task-not-found")]).ask(DELETE)


async def test_a_refusal_is_not_asked_again() -> None:
    task_id = str(ULID())
    refusal = _refused(404, "task-not-found", facts={"task_id": task_id})
    server = Server([refusal, FINE])

    with pytest.raises(TaskNotFound) as raised:
        await server.ask(GET)

    assert str(raised.value.task_id) == task_id
    assert len(server.requests) == 1


async def test_a_refusal_that_the_domain_has_no_name_for_says_all_that_is_known() -> None:
    errors = [{"field": "limit", "code": "parameter-invalid", "detail": "too much"}]

    with pytest.raises(ApiRefused) as raised:
        await Server([_refused(400, "parameters-invalid", errors=errors)]).ask(GET)

    refusal = raised.value
    assert (refusal.status, refusal.code, refusal.request_id) == (400, "parameters-invalid", "R1")
    assert [(one.field, one.code) for one in refusal.errors] == [("limit", "parameter-invalid")]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: _refused(500, "internal-error"),
        lambda: httpx.Response(404, text="<html>"),
        lambda: httpx.Response(302, headers={"Location": "/elsewhere"}),
        lambda: httpx.Response(418, json=[]),
    ],
)
async def test_what_is_no_answer_of_this_api_fails(answer: Callable[[], httpx.Response]) -> None:
    with pytest.raises(ApiFailed):
        await Server([answer()]).ask(GET)


STREAM = Request(method="GET", path="/me/export", is_streamed=True)


class BreakingOff(httpx.AsyncByteStream):
    def __init__(self) -> None:
        self.is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"format":'
        raise httpx.ReadError("x")

    async def aclose(self) -> None:
        self.is_closed = True


async def test_an_answer_that_breaks_off_is_told_and_let_go() -> None:
    stream = BreakingOff()
    response = await Server([httpx.Response(200, stream=stream)]).ask(STREAM)
    pieces = pieces_of(response)

    assert await anext(pieces) == b'{"format":'
    with pytest.raises(ApiUnavailable, match="broke off"):
        await anext(pieces)
    assert stream.is_closed


async def test_an_answer_that_nobody_reads_to_its_end_is_let_go() -> None:
    stream = BreakingOff()
    pieces = pieces_of(await Server([httpx.Response(200, stream=stream)]).ask(STREAM))
    await anext(pieces)

    await pieces.aclose()

    assert stream.is_closed


async def test_what_is_refused_is_read_although_it_was_to_be_streamed() -> None:
    refused = httpx.Response(404, json={"type": "/problems/task-not-found", "detail": "x"})

    with pytest.raises(ApiRefused) as refusal:
        await Server([refused]).ask(STREAM)

    assert refusal.value.code == "task-not-found"
