"""A running simulator, an unmodified aiogram bot, and a person who pressed Start."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from support.simulator import RunningSimulator, SettableClock, running_simulator
from taskbot.adapters.simulator import Simulator

ADA = 7


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
async def sim(clock: SettableClock) -> AsyncIterator[RunningSimulator]:
    async with running_simulator(simulator=Simulator(clock=clock, webhook_pause=0.01)) as sim:
        yield sim


@pytest.fixture
async def bot(sim: RunningSimulator) -> AsyncIterator[Bot]:
    async with sim.bot() as bot:
        yield bot


@pytest.fixture
async def ada(sim: RunningSimulator) -> int:
    await sim.control.person(ADA, "Ada", username="ada_l", language_code="en")
    await sim.control.send(ADA, "/start")
    return ADA
