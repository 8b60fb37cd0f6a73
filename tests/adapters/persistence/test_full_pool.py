"""When all connections are in use: whoever finds none is told so, in the end."""

import contextlib
from pathlib import Path

import pytest
from sqlalchemy import select

from support.backends import migrated_sqlite
from taskbot.adapters.persistence import create_database, engine, tables
from taskbot.adapters.persistence.engine import connections_in_use, most_connections, read
from taskbot.application.ports import StorageUnavailable

pytestmark = pytest.mark.anyio


async def test_who_finds_no_connection_in_time_is_told_that_the_storage_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_POOL_TIMEOUT_SECONDS", 0)
    database = create_database(migrated_sqlite(tmp_path))
    anything = select(tables.users.c.id)
    async with contextlib.AsyncExitStack() as in_use:
        for _ in range(most_connections(database)):
            _ = await in_use.enter_async_context(database.reading.connect())

        with pytest.raises(StorageUnavailable, match="all connections are in use"):
            await read(database, anything)
        assert connections_in_use(database) == most_connections(database)

    assert await read(database, anything) == []
    await database.dispose()
