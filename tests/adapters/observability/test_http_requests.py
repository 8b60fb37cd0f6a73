"""Requests are counted by what they are, never by what they say."""

import asyncio
from typing import Any

import httpx
import pytest
from aiogram import Bot, Dispatcher
from prometheus_client import CollectorRegistry

from support.api import Api, Person
from support.recording_session import RecordingSession
from support.simulator import TOKEN
from taskbot.adapters.observability import MeasuredRequests
from taskbot.adapters.telegram import Webhook
from taskbot.application.health import HealthService

pytestmark = pytest.mark.anyio

NUMBER = "taskbot_http_requests_total"
SECONDS = "taskbot_http_request_duration_seconds_count"
UNDER_WAY = "taskbot_http_requests_in_progress"


def _client(app: Any, registry: CollectorRegistry) -> httpx.AsyncClient:
    measured: Any = MeasuredRequests(app, registry)
    transport = httpx.ASGITransport(measured, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://taskbot.test")


def _numbers(registry: CollectorRegistry) -> dict[tuple[str, str, str], float]:
    return {
        (labels["method"], labels["route"], labels["status"]): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name == NUMBER
        for labels in [sample.labels]
    }


async def test_requests_are_counted_by_method_route_and_class_of_status(
    api: Api, ada: Person
) -> None:
    registry = CollectorRegistry()
    task = await ada.creates()
    client = _client(api.app, registry)
    client.headers["Authorization"] = f"Bearer {ada.secret}"

    await client.get(f"/api/v1/tasks/{task['id']}")
    await client.get("/api/v1/tasks/none-such")
    await client.get("/api/v1/tasks?limit=0")
    await client.post("/api/v1/tasks", json={"title": "x"})

    one = "/api/v1/tasks/{task_id}"
    assert _numbers(registry) == {
        ("GET", one, "2xx"): 1,
        ("GET", one, "4xx"): 1,
        ("GET", "/api/v1/tasks", "4xx"): 1,
        ("POST", "/api/v1/tasks", "2xx"): 1,
    }
    assert registry.get_sample_value(SECONDS, {"method": "GET", "route": one}) == 2


async def test_whatever_is_sent_there_are_few_labels(api: Api) -> None:
    registry = CollectorRegistry()
    client = _client(api.app, registry)

    for number in range(50):
        await client.request(f"METHOD{number}", f"/nowhere/{number}")
        await client.get(f"/api/v1/{number}?{number}")
        await client.put(f"/api/v1/tasks/{number}/complete")

    assert {route for _, route, _ in _numbers(registry)} == {"unknown"}
    assert {method for method, _, _ in _numbers(registry)} == {"unknown", "GET", "PUT"}


async def test_an_application_that_breaks_off_counts_as_an_error() -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError

    registry = CollectorRegistry()
    await _client(broken, registry).get("/")

    assert _numbers(registry) == {("GET", "unknown", "5xx"): 1}
    assert registry.get_sample_value(UNDER_WAY) == 0


async def test_what_is_under_way_is_counted_meanwhile() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        begun.set()
        await go_on.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    registry = CollectorRegistry()
    asking = asyncio.create_task(_client(slow, registry).get("/"))
    await begun.wait()

    assert registry.get_sample_value(UNDER_WAY) == 1
    assert _numbers(registry) == {}
    go_on.set()
    await asking
    assert registry.get_sample_value(UNDER_WAY) == 0
    assert _numbers(registry) == {("GET", "unknown", "2xx"): 1}


async def test_what_is_no_request_is_passed_on() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> None:
        raise AssertionError("nothing is sent or received")

    registry = CollectorRegistry()
    await MeasuredRequests(app, registry)({"type": "lifespan"}, nothing, nothing)

    assert seen == ["lifespan"]
    assert _numbers(registry) == {}


async def test_the_webhooks_path_is_not_told() -> None:
    bot = Bot(TOKEN, session=RecordingSession())
    health = HealthService([])
    webhook: Any = Webhook(bot, Dispatcher(), health, path="/hard-to-guess", secret="s")
    registry = CollectorRegistry()
    client = _client(webhook, registry)

    await client.post("/hard-to-guess", content=b"{}")
    await client.get("/health/live")
    await client.get("/hard-to-guess/and-more")

    assert _numbers(registry) == {
        ("POST", "webhook", "4xx"): 1,
        ("GET", "/health/live", "2xx"): 1,
        ("GET", "unknown", "4xx"): 1,
    }
