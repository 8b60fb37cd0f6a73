"""The running product: one `taskbot up` for the tests that only talk to it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.backends import require
from support.postgres import fresh_database
from support.product import Product, running_product


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_settings(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What a host sets for the database: nothing, or the address of a new one."""
    require(request.param)
    if request.param == "sqlite":
        yield {}
    else:
        with fresh_database() as url:
            yield {"TASKBOT_DATABASE_URL": url}


@pytest.fixture(scope="module")
async def product(
    tmp_path_factory: pytest.TempPathFactory, database_settings: dict[str, str]
) -> AsyncIterator[Product]:
    async with running_product(tmp_path_factory.mktemp("taskbot"), database_settings) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
