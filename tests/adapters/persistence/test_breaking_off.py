"""What takes longer than it was given is broken off, on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from support.backends import migrated_sqlite, require
from support.postgres import migrated_database
from taskbot.adapters.persistence import Database, TookTooLong, create_database

pytestmark = pytest.mark.anyio

ENDLESS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    require(request.param)
    is_sqlite = request.param == "sqlite"
    database = create_database(migrated_sqlite(tmp_path) if is_sqlite else migrated_database())
    yield database
    await database.dispose()


async def test_what_takes_too_long_is_broken_off(database: Database) -> None:
    async with database.reading.connect() as connection:
        with pytest.raises(TookTooLong):
            async with database.no_longer_than(0.05, connection):
                await connection.execute(ENDLESS)

        assert await connection.scalar(text("SELECT 1")) == 1


async def test_what_is_done_in_time_is_left_alone(database: Database) -> None:
    async with database.reading.connect() as connection:
        async with database.no_longer_than(60, connection):
            assert await connection.scalar(text("SELECT 1")) == 1

        assert not connection.invalidated


async def test_a_connection_that_may_still_be_broken_off_is_thrown_away(
    database: Database,
) -> None:
    async with database.reading.connect() as connection:
        async with database.no_longer_than(0, connection):
            await connection.scalar(text("SELECT 1"))
            # The loop has its turn: the time is over while nothing is asked.
            async with database.reading.connect() as another:
                assert await another.scalar(text("SELECT 1")) == 1

        assert connection.invalidated
