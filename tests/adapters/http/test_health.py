"""Health: alive is one thing, ready another."""

import asyncio

import pytest

from support.api import Api, an_api
from taskbot.application.ports import StorageUnavailable

pytestmark = pytest.mark.anyio


async def test_a_process_that_answers_is_alive_and_ready(api: Api) -> None:
    live = await api.anonymous.get("/api/v1/health/live")
    ready = await api.anonymous.get("/api/v1/health/ready")

    assert (live.status_code, live.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def not_ready() -> bool:
    return False


async def broken() -> bool:
    raise StorageUnavailable("no such file")


async def silent() -> bool:
    await asyncio.Event().wait()
    return True


@pytest.mark.parametrize("ready", [not_ready, broken, silent])
async def test_without_its_storage_it_is_alive_but_not_ready(
    ready: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taskbot.adapters.http.health._PATIENCE_SECONDS", 0.05)
    api = an_api(ready=ready)  # type: ignore[arg-type]  # one of the three above

    live = await api.anonymous.get("/api/v1/health/live")
    answer = await api.anonymous.get("/api/v1/health/ready")

    assert live.status_code == 200
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/storage-unavailable"
