"""One panel for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.panel import Panel, a_panel


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """A test whose statements differ by database says so, by `on_each_database`."""
    return str(request.param)


@pytest.fixture
async def panel(tmp_path: Path, backend: str) -> AsyncIterator[Panel]:
    async with a_panel(tmp_path, backend) as made:
        yield made
