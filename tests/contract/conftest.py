"""The storages that keep the contracts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.backends import BACKENDS, Storage, two_processes
from support.kept import PLACES, Kept, kept_by_two_processes


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


@pytest.fixture(params=PLACES)
async def kept_by_both(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Kept, Kept]]:
    async with kept_by_two_processes(request.param, tmp_path) as both:
        yield both


@pytest.fixture
def kept(kept_by_both: tuple[Kept, Kept]) -> Kept:
    return kept_by_both[0]


@pytest.fixture
def kept_elsewhere(kept_by_both: tuple[Kept, Kept]) -> Kept:
    """What another process sees of it."""
    return kept_by_both[1]
