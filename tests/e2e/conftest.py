"""The running product: one `taskbot up` for the tests that only talk to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.product import Product, running_product


@pytest.fixture(scope="module")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    async with running_product(tmp_path_factory.mktemp("taskbot")) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
