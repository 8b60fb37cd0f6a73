"""A bot on the simulator for every test; one simulator for all of them, emptied in between."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from support.backend import KINDS
from support.simulator import RunningSimulator, running_simulator
from support.telegram import Stage, a_bot, a_stage


@pytest.fixture(scope="session")
async def shared_simulator() -> AsyncIterator[tuple[RunningSimulator, Bot]]:
    """Starting these takes longer than most conversations."""
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        yield sim, bot


@pytest.fixture(params=KINDS)
async def stage(
    request: pytest.FixtureRequest, shared_simulator: tuple[RunningSimulator, Bot]
) -> AsyncIterator[Stage]:
    sim, bot = shared_simulator
    await sim.control.reset()
    async with a_stage(sim, bot, kind=request.param) as stage:
        yield stage
