"""The migrations: one line of them, to and fro, and ending where the tables say."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.exc import OperationalError

from support.backends import sql_storage
from support.builders import NOW, a_category, a_reminder_of, a_task, a_user, an_access_token
from taskbot.adapters.persistence import create_database, migrate, tables
from taskbot.adapters.persistence.dialects import dialect_of
from taskbot.adapters.persistence.migrate import HEAD, current_revision, migration_config
from taskbot.application.ports import Dialogue

pytestmark = pytest.mark.anyio


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'taskbot.db'}"


@pytest.fixture
def engine(url: str) -> Engine:
    return create_engine(dialect_of(url).driver_url(url, sync=True))


def _tables(engine: Engine) -> set[str]:
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_there_is_one_newest_revision_and_the_code_knows_it() -> None:
    heads = ScriptDirectory.from_config(migration_config()).get_heads()

    assert heads == [HEAD]


def test_the_migrated_schema_is_the_one_in_the_tables(url: str, engine: Engine) -> None:
    migrate(url)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, tables.metadata)
    engine.dispose()

    assert differences == []


def test_the_migrated_schema_is_the_created_one_to_the_letter(
    url: str, engine: Engine, tmp_path: Path
) -> None:
    # Partial indexes and cascades are what a comparison of metadata does not see.
    migrate(url)
    created = create_engine(f"sqlite+pysqlite:///{tmp_path / 'created.db'}")
    tables.metadata.create_all(created)

    def statements(engine: Engine) -> set[str]:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(
                "SELECT sql FROM sqlite_master"
                " WHERE sql IS NOT NULL AND tbl_name != 'alembic_version'"
            ).scalars()
            normal = {" ".join(sorted(sql.replace(",", " ").split())) for sql in found}
        engine.dispose()
        return normal

    assert statements(engine) == statements(created)


async def test_up_down_and_up_again_with_rows_in_every_table(url: str, engine: Engine) -> None:
    migrate(url)
    before = _tables(engine)
    await _fill(url)

    migrate(url, "base")
    assert _tables(engine) == {"alembic_version"}
    migrate(url)

    assert _tables(engine) == before == {*tables.metadata.tables, "alembic_version"}


async def test_migrating_again_loses_nothing(url: str, engine: Engine) -> None:
    migrate(url)
    await _fill(url)

    migrate(url)

    with engine.connect() as connection:
        assert current_revision(connection) == HEAD
        for table in tables.metadata.tables:
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 1  # noqa: S608 - our names
    engine.dispose()


async def _fill(url: str) -> None:
    """Leave one row in each table."""
    database = create_database(url)
    storage = sql_storage(database)
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(owner_id=owner.id, category_id=category.id)
    await storage.keep(
        owner, category, task, a_reminder_of(task), an_access_token(owner_id=owner.id)
    )
    await storage.dialogues.write("1:2", Dialogue("title", {}))
    await storage.update_log.begin(1, now=NOW)
    await storage.keys.secret("tests")
    await database.dispose()


def test_processes_that_start_together_do_not_collide(url: str, engine: Engine) -> None:
    with ThreadPoolExecutor(max_workers=4) as processes:
        for finished in [processes.submit(migrate, url) for _ in range(4)]:
            finished.result(timeout=60)

    assert _tables(engine) == {*tables.metadata.tables, "alembic_version"}


def test_a_migration_that_fails_leaves_nothing_behind(url: str, tmp_path: Path) -> None:
    path = tmp_path / "taskbot.db"
    with sqlite3.connect(path) as stranger:  # in the way of the last table
        stranger.execute("CREATE TABLE reminders (id INTEGER)")
    stranger.close()

    with pytest.raises(OperationalError, match="already exists"):
        migrate(url)

    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert found == [("reminders",)]
