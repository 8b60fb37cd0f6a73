"""A bot on the simulator for every test."""

from collections.abc import AsyncIterator

import pytest

from support.telegram import Stage, a_stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as stage:
        yield stage
