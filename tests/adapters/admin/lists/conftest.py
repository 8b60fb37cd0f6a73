"""A panel over an empty database, on each that we have."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.backends import (
    Storage,
    migrated_sqlite,
    outlasting_the_drivers_threads,
    require,
    sql_storage,
)
from support.panel_lists import Panel, a_panel
from support.postgres import emptied_database
from taskbot.adapters.persistence import Database, create_database


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """A module whose statements differ by database says so: `on_each_database`."""
    require(request.param)
    return str(request.param)


@pytest.fixture
def database_url(backend: str, tmp_path: Path) -> str:
    return emptied_database() if backend == "postgresql" else migrated_sqlite(tmp_path)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = create_database(database_url)
    yield database
    await database.dispose()


@pytest.fixture
def storage(database: Database) -> Storage:
    return sql_storage(database)


@pytest.fixture
async def panel(database: Database) -> AsyncIterator[Panel]:
    async with a_panel(database) as panel:
        yield panel


@pytest.fixture(autouse=True)
def _driver() -> Iterator[None]:
    with outlasting_the_drivers_threads():
        yield
