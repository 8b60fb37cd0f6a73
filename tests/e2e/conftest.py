"""One running product for the tests that only talk to it, in each way to run it."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support import redis
from support.backends import require
from support.fleet import BOT_OVER_HTTP, running_as
from support.postgres import fresh_database
from support.product import Product
from support.redis import OwnRedis


@pytest.fixture(autouse=True)
def uncounted_here(no_cover: None) -> None:
    """Nothing of taskbot runs in the tests' own process; the lines of the others are counted."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql", BOT_OVER_HTTP])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param != BOT_OVER_HTTP:
        require(request.param)
    elif redis.program() is None:
        pytest.skip(redis.ABSENT)
    else:
        require("postgresql")
    return str(request.param)


@contextlib.contextmanager
def _new_storage(backend: str) -> Iterator[dict[str, str]]:
    """Give what a host sets for what is kept: nothing, or addresses."""
    with contextlib.ExitStack() as stack:
        settings = {}
        if backend != "sqlite":
            settings["TASKBOT_DATABASE_URL"] = stack.enter_context(fresh_database())
        if backend == BOT_OVER_HTTP:
            settings["TASKBOT_REDIS_URL"] = stack.enter_context(OwnRedis()).url
        yield settings


@pytest.fixture
def storage_settings(backend: str) -> Iterator[dict[str, str]]:
    with _new_storage(backend) as settings:
        yield settings


@pytest.fixture(scope="module")
async def product(tmp_path_factory: pytest.TempPathFactory, backend: str) -> AsyncIterator[Product]:
    folder = tmp_path_factory.mktemp("taskbot")
    with _new_storage(backend) as settings:
        async with running_as(backend, folder, settings) as started:
            yield started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
