"""A bot on the simulator for every test; one simulator for all of them, emptied in between."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from support.backend import IN_PROCESS, OVER_HTTP
from support.simulator import RunningSimulator, running_simulator
from support.telegram import Stage, a_bot, a_stage


@pytest.fixture(scope="session")
async def shared_simulator() -> AsyncIterator[tuple[RunningSimulator, Bot]]:
    """Starting these takes longer than most conversations."""
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        yield sim, bot


# Counting lines makes a conversation twice as long; over HTTP it comes by the same ones again.
@pytest.fixture(params=[IN_PROCESS, pytest.param(OVER_HTTP, marks=pytest.mark.no_cover)])
async def stage(
    request: pytest.FixtureRequest, shared_simulator: tuple[RunningSimulator, Bot]
) -> AsyncIterator[Stage]:
    sim, bot = shared_simulator
    await sim.control.reset()
    async with a_stage(sim, bot, kind=request.param) as stage:
        yield stage
