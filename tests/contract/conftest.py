"""The storages that keep the contracts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.backends import BACKENDS, Storage, two_processes


@pytest.fixture(params=BACKENDS)
async def both(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Storage, Storage]]:
    async with two_processes(request.param, tmp_path) as both:
        yield both


@pytest.fixture
def storage(both: tuple[Storage, Storage]) -> Storage:
    return both[0]


@pytest.fixture
def rival(both: tuple[Storage, Storage]) -> Storage:
    """Another process that works on the same data."""
    return both[1]
