"""Telegram from outside, told by the simulator."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from support.core import a_core
from support.ports import a_free_port
from support.simulator import TOKEN, RunningSimulator, running_simulator, serving
from support.telegram import a_dispatcher
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.doctor import (
    ApiExamination,
    BotApi,
    TelegramExamination,
    WebhookExamination,
    WebhookWanted,
)
from taskbot.adapters.simulator import Simulator
from taskbot.adapters.telegram.webhook_address import KINDS
from taskbot.application.doctor import ProblemKind, Reason, Seen, Skipped, Verdict

pytestmark = pytest.mark.anyio

MINE = "https://bot.example.org/telegram"
WANTED = WebhookWanted(address=MINE, url=f"{MINE}?v=mark", kinds=KINDS)


@contextlib.asynccontextmanager
async def a_client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        yield client


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with a_client() as client:
        yield client


@pytest.fixture
async def sim() -> AsyncIterator[RunningSimulator]:
    async with running_simulator() as sim:
        yield sim


@pytest.fixture
def api(sim: RunningSimulator, client: httpx.AsyncClient) -> BotApi:
    return BotApi(client, TOKEN, sim.url)


def kinds(seen: Seen) -> list[ProblemKind]:
    return [one.kind for one in seen.problems]


async def webhook(api: BotApi, wanted: WebhookWanted | None = None) -> Seen:
    return await WebhookExamination(api=api, clock=SystemClock(), wanted=wanted).look()


async def set_webhook(client: httpx.AsyncClient, sim: RunningSimulator, **more: Any) -> None:
    (await client.post(f"{sim.url}/bot{TOKEN}/setWebhook", json=more)).raise_for_status()


async def test_a_token_that_is_accepted_is_told_with_the_bots_name(api: BotApi) -> None:
    seen = await TelegramExamination(api).look()

    assert kinds(seen) == []
    assert str(seen.facts["bot"]).startswith("@")


async def test_a_rejected_token_is_told_with_where_to_get_another() -> None:
    simulator = Simulator(accepted_token="4242:another-token")
    async with running_simulator(simulator=simulator) as sim, a_client() as client:
        api = BotApi(client, TOKEN, sim.url)
        seen = await TelegramExamination(api).look()

        (problem,) = seen.problems
        assert (problem.kind, problem.remedy) == (
            ProblemKind.TOKEN_REJECTED,
            "TASKBOT_BOT_TOKEN=NEW_TOKEN",
        )
        assert TOKEN not in f"{seen} {api}"
        for look in (webhook(api), TelegramExamination(api).chat(7)):
            with pytest.raises(Skipped):
                await look


async def test_a_telegram_that_is_away_is_told_without_the_token(
    client: httpx.AsyncClient,
) -> None:
    api = BotApi(client, TOKEN, f"http://127.0.0.1:{a_free_port()}")

    seen = await TelegramExamination(api).look()

    assert kinds(seen) == [ProblemKind.TELEGRAM_AWAY]
    assert TOKEN not in str(seen)
    for look in (webhook(api), TelegramExamination(api).chat(7)):
        with pytest.raises(Skipped) as skipped:
            await look
        assert (skipped.value.reason, skipped.value.name) == (Reason.NOT_ASKED, "telegram")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"ok": true, "result": true}'])
async def test_an_answer_that_cannot_be_read_is_told(
    client: httpx.AsyncClient, body: bytes
) -> None:
    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 502, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": body})  # type: ignore[operator]

    async with serving(app) as url:
        seen = await TelegramExamination(BotApi(client, TOKEN, url)).look()

    assert [(one.kind, one.values["status"]) for one in seen.problems] == [
        (ProblemKind.TELEGRAM_REFUSES, "502")
    ]


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        ({"Date": "Fri, 27 Nov 2026 10:00:00 GMT"}, datetime(2026, 11, 27, 10, tzinfo=UTC)),
        ({}, None),
    ],
)
async def test_the_clock_is_told_by_a_header_and_without_the_token(
    headers: dict[str, str], at: datetime | None
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers=headers)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        told = await BotApi(client, TOKEN).clock()

    assert asked == ["https://api.telegram.org"]
    assert (told and told.at) == at


async def test_a_webhook_that_is_left_keeps_news_from_a_bot_that_asks(
    api: BotApi, client: httpx.AsyncClient, sim: RunningSimulator
) -> None:
    assert kinds(await webhook(api)) == []
    await set_webhook(client, sim, url="https://other.example.org/hidden-path")

    seen = await webhook(api)

    (problem,) = seen.problems
    assert (problem.kind, problem.verdict) == (ProblemKind.WEBHOOK_LEFT, Verdict.FAILED)
    assert problem.remedy is not None
    assert "$TASKBOT_BOT_TOKEN/deleteWebhook" in problem.remedy
    assert "hidden-path" not in str(seen)


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({}, ProblemKind.WEBHOOK_MISSING),
        ({"url": "https://other.example.org/"}, ProblemKind.WEBHOOK_ELSEWHERE),
        ({"url": f"{MINE}?v=old", "allowed_updates": [*KINDS]}, ProblemKind.WEBHOOK_OUTDATED),
        ({"url": WANTED.url, "allowed_updates": ["message"]}, ProblemKind.WEBHOOK_OUTDATED),
        ({"url": WANTED.url, "allowed_updates": [*KINDS]}, None),
    ],
)
async def test_what_telegram_knows_of_the_webhook_is_compared_with_what_is_wanted(
    api: BotApi,
    client: httpx.AsyncClient,
    sim: RunningSimulator,
    known: dict[str, Any],
    kind: ProblemKind | None,
) -> None:
    if known:
        await set_webhook(client, sim, **known)

    assert kinds(await webhook(api, WANTED)) == ([kind] if kind else [])


class Answering:
    """Telegram, with this to say about the webhook."""

    def __init__(self, **info: Any) -> None:
        self.info = {"url": WANTED.url, "allowed_updates": [*KINDS]} | info

    def __call__(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"ok": True, "result": self.info})


async def asked(**info: Any) -> Seen:
    transport = httpx.MockTransport(Answering(**info))
    async with httpx.AsyncClient(transport=transport) as client:
        return await webhook(BotApi(client, TOKEN), WANTED)


async def test_trouble_that_telegram_had_lately_is_a_warning_and_what_is_over_is_none() -> None:
    now = datetime.now(UTC).timestamp()
    said = "Wrong response from the webhook: 502 Bad Gateway"

    recent = await asked(last_error_date=now - 60, last_error_message=said)
    over = await asked(last_error_date=now - 86400, last_error_message=said)

    assert [(one.kind, one.verdict, one.values) for one in recent.problems] == [
        (ProblemKind.WEBHOOK_FAILING, Verdict.WARNING, {"reason": said})
    ]
    assert kinds(over) == []


async def test_many_updates_that_wait_are_a_warning() -> None:
    assert kinds(await asked(pending_update_count=99)) == []
    assert kinds(await asked(pending_update_count=100)) == [ProblemKind.UPDATES_WAIT]


async def test_a_chat_that_the_bot_may_not_write_to_is_a_failure(
    api: BotApi, sim: RunningSimulator
) -> None:
    await api.ask("getMe")
    await sim.control.person(7)
    await sim.control.send(7, "/start")

    assert kinds(await TelegramExamination(api).chat(7)) == []
    assert kinds(await TelegramExamination(api).chat(99)) == [ProblemKind.ALERT_CHAT_UNKNOWN]


async def test_looking_takes_no_update_and_changes_nothing(
    api: BotApi, sim: RunningSimulator
) -> None:
    await TelegramExamination(api).look()
    await webhook(api)

    assert [call["method"] for call in await sim.control.calls()] == ["getMe", "getWebhookInfo"]


def test_the_kinds_are_those_that_the_bot_answers() -> None:
    assert set(a_dispatcher(a_core()).resolve_used_update_types()) == KINDS


@pytest.mark.parametrize(
    ("status", "kind"), [(200, None), (503, ProblemKind.API_UNWELL), (404, ProblemKind.API_UNWELL)]
)
async def test_an_api_is_asked_whether_it_is_ready(status: int, kind: ProblemKind | None) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status))
    async with httpx.AsyncClient(transport=transport) as client:
        seen = await ApiExamination(client, "https://tasks.example.org").look()

    assert kinds(seen) == ([kind] if kind else [])


async def test_an_api_that_is_away_is_told(client: httpx.AsyncClient) -> None:
    seen = await ApiExamination(client, f"http://127.0.0.1:{a_free_port()}").look()

    assert kinds(seen) == [ProblemKind.API_AWAY]
