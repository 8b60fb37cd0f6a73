"""What is found when databases and schemas are looked at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.backends import migrated_sqlite, outlasting_the_drivers_threads, require
from support.ports import a_free_port
from support.postgres import emptied_database, fresh_database
from taskbot.adapters.persistence import create_database, database_checks, migrate
from taskbot.adapters.persistence.migrate import HEAD
from taskbot.application.health import Finding, HealthService

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    require(request.param)
    return str(request.param)


async def _found(url: str) -> list[Finding]:
    database = create_database(url)
    with outlasting_the_drivers_threads():
        health = await HealthService(database_checks(database)).look()
        await database.dispose()
    assert all(finding.is_needed for finding in health.findings)
    return list(health.findings)


@pytest.fixture
async def unmigrated(backend: str, tmp_path: Path) -> AsyncIterator[str]:
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with fresh_database() as url:
            yield url


async def test_a_migrated_database_is_well(backend: str, tmp_path: Path) -> None:
    url = emptied_database() if backend == "postgresql" else migrated_sqlite(tmp_path)

    database, schema = await _found(url)

    assert (database.name, database.problem) == ("database", None)
    assert (schema.name, schema.problem) == ("schema", None)
    assert schema.facts == {"found": HEAD, "needed": HEAD}


async def test_a_schema_that_is_missing_is_not_the_databases_fault(unmigrated: str) -> None:
    database, schema = await _found(unmigrated)

    assert database.problem is None
    assert schema.problem == "cannot be read"
    assert schema.facts == {"found": None, "needed": HEAD}


async def test_a_schema_that_is_too_old_is_named(unmigrated: str) -> None:
    migrate(unmigrated, "0003")

    database, schema = await _found(unmigrated)

    assert database.problem is None
    assert schema.problem == "is older than this release needs"
    assert schema.facts == {"found": "0003", "needed": HEAD}


async def test_a_database_that_is_away_is_said_to_be_without_its_address(backend: str) -> None:
    url = (
        "sqlite:////nowhere/at-all/taskbot.db"
        if backend == "sqlite"
        else f"postgresql://root:hidden-password@127.0.0.1:{a_free_port()}/secret-name"
    )

    database, schema = await _found(url)

    assert (database.problem, schema.problem) == ("cannot be used", "cannot be read")
