"""What a process stands on, asked when a scrape comes."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from prometheus_client.core import Metric

from taskbot.adapters.api_client import Connection
from taskbot.adapters.api_client.health import api_check
from taskbot.adapters.observability import DependencySource, QueueSource, SchemaSource
from taskbot.application.health import Check, Facts, Unwell
from taskbot.application.ports import StorageUnavailable

pytestmark = pytest.mark.anyio


def _values(metrics: Any) -> dict[tuple[str, ...], float]:
    found: list[Metric] = list(metrics)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for metric in found
        for sample in metric.samples
    }


def _check(name: str, look: Callable[[], Awaitable[Facts]]) -> Check:
    return Check(name=name, look=look)


async def _answers() -> Facts:
    return {}


@pytest.mark.parametrize("error", [Unwell("gone"), StorageUnavailable("gone")])
async def test_what_is_away_is_shown_beside_what_is_there(error: Exception) -> None:
    async def fails() -> Facts:
        raise error

    source = DependencySource([_check("database", _answers), _check("redis", fails)])

    shown = _values(await source.collect())

    assert shown["taskbot_dependency_up", "database"] == 1
    assert shown["taskbot_dependency_up", "redis"] == 0
    assert shown["taskbot_dependency_latency_seconds", "database"] >= 0
    assert ("taskbot_dependency_latency_seconds", "redis") not in shown


@pytest.mark.parametrize("is_old", [False, True])
async def test_the_schema_is_shown_although_it_is_too_old(is_old: bool) -> None:  # noqa: FBT001 - a parameter of the test
    async def look() -> Facts:
        facts: Facts = {"found": "0007", "needed": "0012"}
        if is_old:
            raise Unwell("is older than this release needs", facts)
        return facts

    shown = _values(await SchemaSource(_check("schema", look)).collect())

    assert shown == {("taskbot_database_schema_revision",): 7}


async def test_without_a_schema_nothing_is_shown_of_it() -> None:
    async def look() -> Facts:
        raise Unwell("cannot be read", {"found": None})

    assert await SchemaSource(_check("schema", look)).collect() == []


async def test_queues_are_shown_by_their_names() -> None:
    async def look() -> dict[str, tuple[int, int]]:
        return {"reminders": (3, 0), "alerts": (0, 1)}

    assert _values(await QueueSource(look).collect()) == {
        ("taskbot_queue_length", "reminders"): 3,
        ("taskbot_queue_length", "alerts"): 0,
        ("taskbot_queue_dead_messages", "reminders"): 0,
        ("taskbot_queue_dead_messages", "alerts"): 1,
    }


@pytest.mark.parametrize(("status", "is_up"), [(200, 1), (404, 0), (500, 0), (503, 0)])
async def test_an_api_is_there_if_it_is_this_one_and_well(status: int, is_up: int) -> None:
    async def no_pause(_: float) -> None: ...

    async def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/v1/health/live"
        return httpx.Response(status, json={})

    transport = httpx.MockTransport(answer)
    connection = Connection.to("http://api.test", transport=transport, sleep=no_pause)

    async with connection:
        shown = _values(await DependencySource([api_check(connection)]).collect())

    assert shown["taskbot_dependency_up", "api"] == is_up
