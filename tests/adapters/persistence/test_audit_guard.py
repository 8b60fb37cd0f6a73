"""The database itself holds the audit log to being added to, whoever asks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from support.backends import migrated_sqlite, require
from support.builders import NOW, an_audit_entry
from support.postgres import fresh_migrated_database
from taskbot.adapters.persistence import operator_rows
from taskbot.adapters.persistence.dialects import dialect_of
from taskbot.adapters.persistence.tables import audit_entries
from taskbot.domain.audit import AUDIT_KEPT, AuditEntry

OTHERWISE = operator_rows.from_audit_entry(
    an_audit_entry(
        at=NOW + timedelta(days=1),
        operator="boris",
        verb="task.delete",
        object_kind="person",
        refusal="task-not-found",
        diff={},
        client="192.0.2.8",
    )
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    require(request.param)
    if request.param == "sqlite":
        yield from _engine_of(migrated_sqlite(tmp_path))
        return
    with fresh_migrated_database() as url:
        yield from _engine_of(url)


def _engine_of(url: str) -> Iterator[Engine]:
    engine = create_engine(dialect_of(url).driver_url(url, sync=True))
    yield engine
    engine.dispose()


def _kept(engine: Engine, entry: AuditEntry) -> AuditEntry:
    with engine.begin() as connection:
        connection.execute(insert(audit_entries).values(operator_rows.from_audit_entry(entry)))
    return entry


def _all(engine: Engine) -> list[AuditEntry]:
    with engine.connect() as connection:
        return [
            operator_rows.to_audit_entry(dict(row)) for row in connection.execute(_ALL).mappings()
        ]


_ALL = select(audit_entries)


def _refused(engine: Engine, statement: Any) -> bool:
    try:
        with engine.begin() as connection:
            connection.execute(statement)
    except IntegrityError as error:
        return "entries of the audit log are added, never changed" in str(error)
    return False


def test_no_column_is_changed_be_it_with_the_diff_taken_away(engine: Engine) -> None:
    entry = _kept(engine, an_audit_entry())

    for column, value in OTHERWISE.items():
        changed = update(audit_entries).values({column: value})

        assert _refused(engine, changed), column
        assert column == "diff" or _refused(engine, changed.values(diff=None)), column

    assert set(OTHERWISE) == set(audit_entries.columns.keys())
    assert _all(engine) == [entry]


def test_a_diff_is_taken_away(engine: Engine) -> None:
    entry = _kept(engine, an_audit_entry())

    assert not _refused(engine, update(audit_entries).values(diff=None))
    assert _all(engine) == [entry.without_diff()]
    assert _refused(engine, update(audit_entries).values(diff=OTHERWISE["diff"]))


def test_the_diff_of_what_is_nobodys_stays(engine: Engine) -> None:
    entry = _kept(engine, an_audit_entry(owner_id=None))

    assert _refused(engine, update(audit_entries).values(diff=None))
    assert _all(engine) == [entry]


def test_nothing_is_deleted_in_two_years(engine: Engine) -> None:
    now = datetime.now(UTC)
    young = _kept(engine, an_audit_entry(at=now - AUDIT_KEPT + timedelta(days=2)))
    old = _kept(engine, an_audit_entry(at=now - AUDIT_KEPT))

    assert _refused(engine, delete(audit_entries))
    assert not _refused(engine, delete(audit_entries).where(audit_entries.c.id == old.id))
    assert _all(engine) == [young]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # the other knows no TRUNCATE
def test_it_is_not_emptied_at_a_stroke_either(engine: Engine) -> None:
    entry = _kept(engine, an_audit_entry())

    assert _refused(engine, text("TRUNCATE audit_entries"))
    assert _all(engine) == [entry]
