"""The running product: one `taskbot up` for the tests that only talk to it."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.backends import require
from support.postgres import fresh_database
from support.product import Product, running_product


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    require(request.param)
    return str(request.param)


@contextlib.contextmanager
def _new_database(backend: str) -> Iterator[dict[str, str]]:
    """Give what a host sets for the database: nothing, or an address."""
    if backend == "sqlite":
        yield {}
    else:
        with fresh_database() as url:
            yield {"TASKBOT_DATABASE_URL": url}


@pytest.fixture
def database_settings(backend: str) -> Iterator[dict[str, str]]:
    with _new_database(backend) as settings:
        yield settings


@pytest.fixture(scope="module")
async def product(tmp_path_factory: pytest.TempPathFactory, backend: str) -> AsyncIterator[Product]:
    folder = tmp_path_factory.mktemp("taskbot")
    with _new_database(backend) as settings:
        async with running_product(folder, settings) as running:
            yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
