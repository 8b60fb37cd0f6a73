"""One panel for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.panel import Panel, a_panel


@pytest.fixture
async def panel(tmp_path: Path) -> AsyncIterator[Panel]:
    async with a_panel(tmp_path) as made:
        yield made
