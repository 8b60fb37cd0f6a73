"""The table of the audit log, and its guard; part of `tables`."""

from typing import Final

from sqlalchemy import DDL, JSON, Column, Index, String, Table, event

from taskbot.adapters.persistence.column_types import Ulid, UtcDateTime
from taskbot.adapters.persistence.dialects import PostgreSQL, SQLite
from taskbot.adapters.persistence.schema import metadata

# What operators did. No key of the owner's: entries outlive people, but for their diffs, which are
# null from then on. Each index is for one question, the newest first.
audit_entries: Final = Table(
    "audit_entries",
    metadata,
    Column("id", Ulid, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("operator", String(100), nullable=False),
    Column("verb", String(32), nullable=False),
    Column("object_kind", String(32), nullable=False),
    Column("object_id", String(32)),
    Column("owner_id", Ulid),
    Column("refusal", String(64)),
    Column("diff", JSON(none_as_null=True)),
    Column("client", String(64)),
    Index(None, "at", "id"),
    Index(None, "operator", "at", "id"),
    Index(None, "object_kind", "object_id", "at", "id"),
    Index(None, "owner_id", "at", "id"),
)
for _dialect in (PostgreSQL(), SQLite()):
    for _statement in _dialect.audit_guard:
        _guard = DDL(_statement)  # type: ignore[no-untyped-call] # it is not annotated
        event.listen(audit_entries, "after_create", _guard.execute_if(dialect=_dialect.name))
