"""Updates that Telegram brings: who may bring them, what is acknowledged, and when."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import httpx
import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Message

from support.builders import NOW
from support.core import a_core
from support.log_lines import log_lines
from support.recording_session import RecordingSession
from support.simulator import TOKEN, eventually
from support.telegram import a_dispatcher
from taskbot.adapters.admission import Reason, Shed, tell_nobody
from taskbot.adapters.memory import ManualClock, MemoryUpdateLog
from taskbot.adapters.telegram import Webhook
from taskbot.adapters.telegram.webhook_address import CONNECTIONS
from taskbot.application.health import Check, Facts, HealthService, Unwell

pytestmark = pytest.mark.anyio

SECRET: Final = "s3cret_-"
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


def an_update(number: int, text: str = "/start") -> dict[str, Any]:
    ada = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    chat = {"id": 7, "type": "private", "first_name": "Ada"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": ada, "text": text}
    return {"update_id": number, "message": message}


def listening(hear: Callable[[Message], Awaitable[None]]) -> Dispatcher:
    dispatcher = Dispatcher()
    dispatcher.message.register(hear)
    return dispatcher


class Copy:
    """One process with a webhook, as whoever calls it sees it."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        seconds: float = 5.0,
        problem: str | None = None,
        shed: Shed = tell_nobody,
    ) -> None:
        async def look() -> Facts:
            if problem is not None:
                raise Unwell(problem)
            return {}

        self.session = RecordingSession()
        self.bot = Bot(TOKEN, session=self.session)
        app: Any = Webhook(
            self.bot,
            dispatcher,
            HealthService([Check(name="database", look=look)]),
            path="/telegram",
            secret=SECRET,
            seconds=seconds,
            shed=shed,
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://bot.test"
        )

    async def bring(
        self, content: bytes | dict[str, Any], *headers: tuple[bytes, bytes]
    ) -> httpx.Response:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        given = headers or ((HEADER.encode(), SECRET.encode()),)
        return await self.http.post("/telegram", content=body, headers=list(given))


@pytest.fixture
async def heard() -> list[str]:
    return []


@pytest.fixture
async def copy(heard: list[str]) -> Copy:
    async def hear(message: Message) -> None:
        if message.text == "break down":
            raise RuntimeError("what people wrote")
        if message.text == "hang":
            await asyncio.Event().wait()
        heard.append(message.text or "")

    return Copy(listening(hear), seconds=0.1)


async def test_what_telegram_brings_is_handled_and_acknowledged(
    copy: Copy, heard: list[str]
) -> None:
    answer = await copy.bring(an_update(1, "one"))

    assert answer.status_code == 200
    assert answer.json() == {}, "no method that Telegram would carry out"
    assert heard == ["one"]


@pytest.mark.parametrize(
    "headers",
    [
        [(b"x-other", b"x")],
        [(HEADER.encode(), b"")],
        [(HEADER.encode(), b"wrong")],
        [(HEADER.encode(), SECRET.encode() + b"x")],
        [(HEADER.encode(), "пароль".encode())],
        [(HEADER.encode(), b"\xff\xfe")],
        [(HEADER.encode(), SECRET.encode()), (HEADER.encode(), b"wrong")],
    ],
)
async def test_who_does_not_know_the_secret_is_turned_away(
    copy: Copy, heard: list[str], headers: list[tuple[bytes, bytes]]
) -> None:
    answer = await copy.bring(an_update(1, "one"), *headers)

    assert answer.status_code == 401
    assert SECRET not in answer.text
    assert heard == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/telegram", 405),
        ("PUT", "/telegram", 405),
        ("POST", "/", 404),
        ("POST", "/telegram/", 404),
        ("GET", "/docs", 404),
        ("POST", "/health/live", 405),
        ("GET", "/health/live", 200),
        ("HEAD", "/health/ready", 200),
    ],
)
async def test_other_requests_are_told_what_they_are(
    copy: Copy, method: str, path: str, status: int
) -> None:
    answer = await copy.http.request(method, path, headers={HEADER: SECRET})

    assert answer.status_code == status
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("is_announced", [True, False])
async def test_a_body_that_is_too_large_is_refused(
    copy: Copy, heard: list[str], *, is_announced: bool
) -> None:
    large = json.dumps(an_update(1, "x" * 2**20)).encode()

    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 2**16):
            yield large[start : start + 2**16]

    answer = await copy.http.post(
        "/telegram", content=large if is_announced else parts(), headers={HEADER: SECRET}
    )

    assert answer.status_code == 413
    assert heard == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"update_id": 1'])
async def test_what_is_no_json_is_refused(copy: Copy, body: bytes) -> None:
    assert (await copy.bring(body)).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'{"update_id": "x"}',
        b'{"update_id": 17, "message": {"chat": "of a future version", "text": "a secret"}}',
        b'{"update_id": 17, "a_kind_of_the_future": {"text": "a secret"}}',
    ],
)
async def test_an_update_that_cannot_be_read_is_acknowledged_or_it_would_come_for_ever(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    copy = Copy(a_dispatcher(a_core()))

    assert (await copy.bring(body)).status_code == 200

    assert "update " in caplog.text
    assert "a secret" not in caplog.text


async def test_a_failure_is_acknowledged_and_logged_without_what_people_wrote(
    copy: Copy, heard: list[str]
) -> None:
    with log_lines() as lines:
        assert (await copy.bring(an_update(1, "break down"))).status_code == 200
        assert (await copy.bring(an_update(2, "two"))).status_code == 200

    assert heard == ["two"]
    (failed,) = (line for line in lines if "RuntimeError" in line.get("exception", ""))
    assert (failed["trace_id"], failed["update_id"]) == ("update-1", "1")
    assert "what people wrote" not in str(lines)


async def test_what_takes_too_long_is_given_up_before_telegram_does(
    copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await copy.bring(an_update(1, "hang"))).status_code == 200

    assert "took too long and was given up" in caplog.text


async def test_nothing_is_acknowledged_before_it_was_handled() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def hear(_: Message) -> None:
        begun.set()
        await go_on.wait()

    copy = Copy(listening(hear))
    bringing = asyncio.create_task(copy.bring(an_update(1)))
    async with asyncio.timeout(5):
        await begun.wait()
    assert not bringing.done()

    go_on.set()

    assert (await bringing).status_code == 200


async def test_an_update_that_two_copies_get_has_one_effect_and_no_early_acknowledgement() -> None:
    log, clock = MemoryUpdateLog(), ManualClock(NOW)
    core = a_core(clock=clock)
    one, other = (Copy(a_dispatcher(core, update_log=log, is_only_reader=False)) for _ in range(2))
    one.session.hang = asyncio.Event()
    first = asyncio.create_task(one.bring(an_update(1)))
    async with asyncio.timeout(5):
        await one.session.hang.wait()

    meanwhile = await other.bring(an_update(1))
    assert meanwhile.status_code == 503
    assert meanwhile.headers["retry-after"] == "2"
    first.cancel()  # this copy is stopped
    await asyncio.gather(first, return_exceptions=True)
    again = await other.bring(an_update(1))
    afterwards = await other.bring(an_update(1))

    assert (again.status_code, afterwards.status_code) == (200, 200)
    assert len(other.session.calls) == 1


@pytest.mark.parametrize(
    ("problem", "status", "told"),
    [(None, 200, "ready"), ("cannot be reached", 503, "failing")],
)
async def test_whether_it_is_ready_is_told_to_anybody(
    problem: str | None, status: int, told: str
) -> None:
    copy = Copy(a_dispatcher(a_core()), problem=problem)

    answer = await copy.http.get("/health/ready")

    assert answer.status_code == status
    assert answer.json()["status"] == told
    assert answer.json()["checks"] == [{"name": "database", "needed": True, "problem": problem}]


async def test_what_is_beyond_what_telegram_may_bring_at_once_is_asked_for_again() -> None:
    at_work, go_on = 0, asyncio.Event()

    async def hear(_: Message) -> None:
        nonlocal at_work
        at_work += 1
        await go_on.wait()
        at_work -= 1

    shed: list[Reason] = []
    copy = Copy(listening(hear), shed=shed.append)
    first = [asyncio.create_task(copy.bring(an_update(n))) for n in range(CONNECTIONS)]

    async def all_are_at_work() -> bool:
        return at_work == CONNECTIONS

    await eventually(all_are_at_work)
    refused = await copy.bring(an_update(1000))
    health = await copy.http.get("/health/ready")
    go_on.set()
    taken = await asyncio.gather(*first)
    again = await copy.bring(an_update(1000))

    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "2"
    assert shed == [Reason.FULL]
    assert health.status_code == again.status_code == 200
    assert {answer.status_code for answer in taken} == {200}
