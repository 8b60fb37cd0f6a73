"""A migrated SQLite file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.backends import Storage, migrated_sqlite, sql_storage
from taskbot.adapters.persistence import Database, create_database


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return migrated_sqlite(tmp_path)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = create_database(database_url)
    yield database
    await database.dispose()


@pytest.fixture
def storage(database: Database) -> Storage:
    return sql_storage(database)
