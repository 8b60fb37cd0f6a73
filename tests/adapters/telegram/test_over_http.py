"""What only a bot without the database can meet: an API that is away, or forgets it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from aiogram import Bot
from attrs import define

from support.backend import HttpBackend, over_http
from support.core import a_core
from support.simulator import RunningSimulator
from support.telegram import Stage
from taskbot.adapters.telegram import TelegramNotifier
from taskbot.application.task_commands import CreateTask

pytestmark = pytest.mark.anyio


@define
class Cable(httpx.AsyncBaseTransport):
    """Can be pulled out."""

    _inner: httpx.AsyncBaseTransport
    is_out: bool = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_out:
            raise httpx.ConnectError("the cable is out")
        return await self._inner.handle_async_request(request)


@pytest.fixture
async def backend(
    shared_simulator: tuple[RunningSimulator, Bot],
) -> AsyncIterator[tuple[HttpBackend, Cable]]:
    sim, bot = shared_simulator
    await sim.control.reset()
    core = a_core()
    core = a_core(clock=core.clock, notifier=TelegramNotifier(bot, core.clock))
    cables: list[Cable] = []

    def by_cable(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        cables.append(Cable(inner))
        return cables[0]

    async with over_http(core, through=by_cable) as backend:
        yield backend, cables[0]


@pytest.fixture
async def stage(
    shared_simulator: tuple[RunningSimulator, Bot], backend: tuple[HttpBackend, Cable]
) -> AsyncIterator[Stage]:
    stage = Stage(*shared_simulator, backend[0])
    stage.start()
    yield stage
    await stage.stop()


async def test_while_the_api_is_away_the_person_is_told_and_afterwards_it_goes_on(
    stage: Stage, backend: tuple[HttpBackend, Cable]
) -> None:
    _, cable = backend
    ada = await stage.started()
    await ada.send("/create")

    cable.is_out = True
    told = await ada.send("Buy milk")
    cable.is_out = False
    asked = await ada.send("Buy milk")

    assert "I cannot reach my memory just now" in told
    assert "Buy milk" in asked
    assert "memory" not in asked


async def test_a_token_that_was_revoked_elsewhere_interrupts_nobody(
    stage: Stage, backend: tuple[HttpBackend, Cable]
) -> None:
    ada = await stage.started()
    user = await stage.core.users.find_or_register(ada.id)
    for token in await stage.core.access_tokens.list(actor=user.id):
        await stage.core.access_tokens.revoke(token.id, actor=user.id)

    assert "Nothing" in await ada.send("/tasks")
    assert backend[0].requests.count("POST /auth/telegram") == 2


async def test_a_list_costs_three_requests(
    stage: Stage, backend: tuple[HttpBackend, Cable]
) -> None:
    ada = await stage.started()
    user = await stage.core.users.find_or_register(ada.id)
    await stage.core.tasks.create(CreateTask(actor=user.id, title="Buy milk"))
    backend[0].requests.clear()

    await ada.send("/tasks")

    assert backend[0].requests == ["GET /me", "GET /tasks", "GET /tasks/counts"]


async def test_the_list_of_categories_costs_two_requests(
    stage: Stage, backend: tuple[HttpBackend, Cable]
) -> None:
    ada = await stage.started()
    backend[0].requests.clear()

    await ada.send("/categories")

    assert backend[0].requests == ["GET /me", "GET /categories/counts"]
