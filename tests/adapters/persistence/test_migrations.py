"""The migrations: one line of them, to and fro, ending where the tables say, on both databases."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Table, column, create_engine, insert, inspect, select, table, text

from support.backends import require, sql_storage
from support.builders import (
    NOW,
    a_category,
    a_process,
    a_reminder,
    a_reminder_of,
    a_task,
    a_user,
    an_access_token,
    an_admin_account,
    an_admin_session,
    an_audit_entry,
    an_invitation,
)
from support.postgres import fresh_database
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.persistence import (
    SqlDialogueStore,
    create_database,
    migrate,
    operator_rows,
    rows,
    tables,
)
from taskbot.adapters.persistence.dialects import dialect_of
from taskbot.adapters.persistence.migrate import HEAD, current_revision, migration_config
from taskbot.application.ports import (
    DIALOGUE_KEPT,
    Alert,
    AlertKind,
    Dialogue,
    RequestKey,
    SignOfLife,
    StorageUnavailable,
    TaskFilter,
    TaskPageRequest,
    VanishingMessage,
)
from taskbot.application.search_words import search_terms
from taskbot.domain.ids import UserId
from taskbot.domain.reminder import ReminderKind
from taskbot.domain.undo import UndoableVerb

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    require(request.param)
    return str(request.param)


@contextlib.contextmanager
def _empty(backend: str, folder: Path) -> Iterator[str]:
    if backend == "postgresql":
        with fresh_database() as url:
            yield url
    else:
        yield f"sqlite:///{folder / 'taskbot.db'}"


@pytest.fixture
def url(backend: str, tmp_path: Path) -> Iterator[str]:
    with _empty(backend, tmp_path) as url:
        yield url


@contextlib.contextmanager
def _engine_of(url: str) -> Iterator[Engine]:
    engine = create_engine(dialect_of(url).driver_url(url, sync=True))
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    with _engine_of(url) as engine:
        yield engine


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def _revisions() -> list[str]:
    scripts = ScriptDirectory.from_config(migration_config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def test_there_is_one_newest_revision_and_the_code_knows_it() -> None:
    heads = ScriptDirectory.from_config(migration_config()).get_heads()

    assert heads == [HEAD]


def test_revisions_are_in_the_order_of_their_names() -> None:
    # Whoever meets a newer schema than its own knows by the name that it is newer.
    assert _revisions() == sorted(_revisions())


# It is none of SQLite's, which could not tell it again either.
@pytest.mark.filterwarnings("ignore:autogenerate skipping .* index 'ix_tasks_words'")
def test_the_migrated_schema_is_the_one_in_the_tables(url: str, engine: Engine) -> None:
    migrate(url)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, tables.metadata)

    assert differences == []


def test_the_migrated_schema_is_the_created_one_to_the_letter(
    backend: str, url: str, engine: Engine, tmp_path: Path
) -> None:
    # Partial indexes, cascades and collations are what a comparison of metadata does not see.
    migrate(url)
    elsewhere = tmp_path / "created"
    elsewhere.mkdir()

    with _empty(backend, elsewhere) as other, _engine_of(other) as created:
        tables.metadata.create_all(created)

        assert _statements(engine) == _statements(created)


_SQLITE_SCHEMA = """
    SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name != 'alembic_version'
"""
_POSTGRESQL_SCHEMA = """
    SELECT indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename != 'alembic_version'
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text != 'alembic_version'
    UNION ALL
    SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length,
                     is_nullable, column_default, collation_name)
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name != 'alembic_version'
    UNION ALL
    SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def _statements(engine: Engine) -> set[str]:
    query = _SQLITE_SCHEMA if engine.dialect.name == "sqlite" else _POSTGRESQL_SCHEMA
    with engine.connect() as connection:
        found = connection.exec_driver_sql(query).scalars()
        return {" ".join(sorted(sql.replace(",", " ").split())) for sql in found}


async def test_up_down_and_up_again_with_rows_in_every_table(url: str, engine: Engine) -> None:
    migrate(url)
    before = _tables(engine)
    await _fill(url)

    migrate(url, "base")
    assert _tables(engine) == {"alembic_version"}
    migrate(url)

    assert _tables(engine) == before == {*tables.metadata.tables, "alembic_version"}


@pytest.mark.parametrize(("older", "newer"), list(pairwise(_revisions())))
async def test_a_step_up_and_down_keeps_the_rows_of_the_older_schema(
    url: str, engine: Engine, older: str, newer: str
) -> None:
    migrate(url, older)
    old_tables = _as_known_to_the_release_before(engine)
    _write_as_the_release_before(engine, old_tables)
    before = _contents(engine, old_tables)

    migrate(url, newer)
    assert _contents(engine, old_tables) == before
    migrate(url, older)

    assert _contents(engine, old_tables) == before
    assert _revision_of(url) == older


@pytest.mark.parametrize(("older", "newer"), list(pairwise(_revisions())))
async def test_the_release_before_goes_on_working_on_the_new_schema(
    url: str, engine: Engine, older: str, newer: str
) -> None:
    migrate(url, older)
    old_tables = _as_known_to_the_release_before(engine)
    migrate(url, newer)

    _write_as_the_release_before(engine, old_tables)
    contents = _contents(engine, old_tables)

    assert all(len(found) == 1 for found in contents.values())


def test_a_kind_that_the_release_before_does_not_know_is_a_snooze_to_it() -> None:
    row = rows.from_reminder(a_reminder(kind=ReminderKind.MOMENT))

    known = {"lead", "due", "day", "snooze"}
    assert {rows.from_reminder(a_reminder(kind=kind))["kind"] for kind in ReminderKind} == known
    assert row["kind"] == "snooze"


async def test_what_an_older_release_wrote_is_found_by_its_words_after_migrating(
    url: str, engine: Engine
) -> None:
    migrate(url, "0001")
    old_tables = _as_known_to_the_release_before(engine)
    migrate(url)
    owner_id = _write_as_the_release_before(engine, old_tables)
    where = TaskFilter(terms=search_terms("молоко"))
    database = create_database(url)
    storage = sql_storage(database)
    request = TaskPageRequest(owner_id=owner_id, where=where)
    before = await storage.queries.tasks(request)

    migrate(url)

    after = await storage.queries.tasks(request)
    await database.dispose()
    assert [len(page.items) for page in (before, after)] == [0, 1]


async def test_for_a_dialogue_of_the_release_before_time_runs_from_the_first_purge_on(
    url: str, engine: Engine
) -> None:
    migrate(url, "0004")
    old_tables = _as_known_to_the_release_before(engine)
    migrate(url)
    _write_as_the_release_before(engine, old_tables)
    database, clock = create_database(url), ManualClock(NOW)
    dialogues = SqlDialogueStore(database, clock)

    clock.advance(2 * DIALOGUE_KEPT)
    purged = [await dialogues.purge_expired()]
    found = [await dialogues.read("1:2")]
    clock.advance(DIALOGUE_KEPT)
    found += [await dialogues.read("1:2")]
    purged += [await dialogues.purge_expired()]

    await database.dispose()
    assert found == [Dialogue("title", {}), Dialogue(None, {})]
    assert purged == [0, 1]


async def test_a_dialogue_of_an_older_release_goes_with_its_person_after_migrating(
    url: str, engine: Engine
) -> None:
    migrate(url, "0004")
    old_tables = _as_known_to_the_release_before(engine)
    migrate(url)
    _write_as_the_release_before(engine, old_tables)
    database = create_database(url)
    storage = sql_storage(database)

    migrate(url)
    await storage.dialogues.forget(2)

    assert await storage.dialogues.read("1:2") == Dialogue(None, {})
    await database.dispose()


def _as_known_to_the_release_before(engine: Engine) -> list[Table]:
    """The tables with the columns that the database has now, in an order that parents lead."""
    columns = {
        name: inspect(engine).get_columns(name) for name in inspect(engine).get_table_names()
    }
    known = [one for one in tables.metadata.sorted_tables if one.name in columns]
    return [
        table(one.name, *(column(c["name"], one.c[c["name"]].type) for c in columns[one.name]))  # type: ignore[misc] # a light table does as well
        for one in known
    ]


def _write_as_the_release_before(engine: Engine, old_tables: list[Table]) -> UserId:
    """Add one row to each table, of the columns that it had."""
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(owner_id=owner.id, category_id=category.id, title="Купить молока")
    account = an_admin_account()
    values: dict[str, dict[str, Any]] = {
        "users": rows.from_user(owner),
        "categories": rows.from_category(category),
        "tasks": rows.from_task(task),
        "reminders": rows.from_reminder(a_reminder_of(task)),
        "access_tokens": rows.from_access_token(an_access_token(owner_id=owner.id)),
        "undos": {
            "task_id": task.id,
            "owner_id": owner.id,
            "verb": "complete",
            "task": {"id": str(task.id)},
            "reminders": [],
            "made_at": NOW,
        },
        "dialogues": {
            "key": "1:2",
            "step": "title",
            "answers": {},
            "written_at": NOW,
            "telegram_id": 2,
        },
        "api_tokens": {"telegram_id": 7, "secret": "sealed", "expires_at": NOW},
        "idempotency_keys": {
            "owner_id": owner.id,
            "name": "a key",
            "fingerprint": bytes(32),
            "expires_at": NOW,
            "answer": b"answer",
        },
        "vanishing_messages": {"chat_id": 7, "message_id": 1, "delete_at": NOW},
        "updates": {"update_id": 1, "begun_at": NOW, "finished_at": None},
        "signing_keys": {"purpose": "tests", "secret": bytes(32)},
        "alerts": {
            "kind": "dead-letter",
            "subject": "no route",
            "text": "reminder 1",
            "raised_at": NOW,
            "untold": 1,
            "told_at": None,
        },
        "jobs": {"name": "purge", "next_at": NOW},
        "admin_accounts": operator_rows.from_admin_account(account),
        "admin_sessions": operator_rows.from_admin_session(an_admin_session(account)),
        "invitations": operator_rows.from_invitation(an_invitation(account)),
        "audit_entries": operator_rows.from_audit_entry(an_audit_entry()),
        "signs_of_life": {
            "name": "a:1",
            "part": "worker",
            "release": "1.2",
            "started_at": NOW,
            "given_at": NOW,
        },
    }
    with engine.begin() as connection:
        for old in old_tables:
            known = {c.name: values[old.name][c.name] for c in old.columns}
            connection.execute(insert(old).values(known))
    return owner.id


def _contents(engine: Engine, old_tables: list[Table]) -> dict[str, list[tuple[Any, ...]]]:
    with engine.connect() as connection:
        return {old.name: [tuple(r) for r in connection.execute(select(old))] for old in old_tables}


def _revision_of(url: str) -> str | None:
    with _engine_of(url) as engine, engine.connect() as connection:
        return current_revision(connection)


async def test_migrating_again_loses_nothing(url: str, engine: Engine) -> None:
    migrate(url)
    await _fill(url)

    migrate(url)

    with engine.connect() as connection:
        assert current_revision(connection) == HEAD
        for name in tables.metadata.tables:
            assert connection.scalar(text(f"SELECT count(*) FROM {name}")) == 1  # noqa: S608 - ours


async def _fill(url: str) -> None:
    """Leave one row in each table."""
    database = create_database(url)
    storage = sql_storage(database)
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(owner_id=owner.id, category_id=category.id)
    account = an_admin_account()
    await storage.keep(
        owner, category, task, a_reminder_of(task), an_access_token(owner_id=owner.id)
    )
    await storage.keep(account, an_admin_session(account), an_invitation(account))
    await storage.transactions.run(
        lambda uow: uow.undos.keep(task.id, verb=UndoableVerb.DELETE, now=NOW)
    )
    await storage.dialogues.write("1:2", Dialogue("title", {}))
    await storage.api_tokens.write(7, "sealed", ttl=timedelta(days=1))
    await storage.vanishing.add(VanishingMessage(7, 1, NOW))
    await storage.signs_of_life(ManualClock(NOW)).give(SignOfLife(a_process(), NOW))
    await storage.idempotency(ManualClock(NOW)).begin(RequestKey(owner.id, "a key"), bytes(32))
    await storage.update_log.begin(1, now=NOW)
    await storage.keys.secret("tests")
    alert = Alert(AlertKind.DEAD_LETTER, "no route", "reminder 1")
    await storage.transactions.run(lambda uow: uow.alerts.add(alert, now=NOW))
    await storage.transactions.run(lambda uow: uow.jobs.take("purge", now=NOW, next_at=NOW))
    await storage.transactions.run(lambda uow: uow.audit.add(an_audit_entry()))
    await database.dispose()


def test_processes_that_start_together_do_not_collide(url: str, engine: Engine) -> None:
    with ThreadPoolExecutor(max_workers=4) as processes:
        for finished in [processes.submit(migrate, url) for _ in range(4)]:
            finished.result(timeout=60)

    assert _tables(engine) == {*tables.metadata.tables, "alembic_version"}


def test_a_migration_that_fails_leaves_nothing_behind(url: str, engine: Engine) -> None:
    with engine.begin() as stranger:  # in the way of the last table
        stranger.execute(text("CREATE TABLE reminders (id INTEGER)"))

    with pytest.raises(StorageUnavailable, match="already exists"):
        migrate(url)

    assert _tables(engine) == {"reminders"}
