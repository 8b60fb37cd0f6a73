"""The audit log, in the transaction of one unit of work, and what only operators ask."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from attrs import frozen
from sqlalchemy import Select, delete, insert, literal, null, select, tuple_, update
from ulid import ULID

from taskbot.adapters.persistence import operator_rows, tables
from taskbot.adapters.persistence.audit_tables import audit_entries
from taskbot.adapters.persistence.column_types import Ulid, UtcDateTime
from taskbot.adapters.persistence.engine import Database, read
from taskbot.adapters.persistence.transaction import Statements
from taskbot.application.ports import AuditQuery
from taskbot.domain.audit import AuditedKind, AuditEntry
from taskbot.domain.ids import UserId

_ADD: Final = insert(audit_entries)
_OWNED: Final = {
    AuditedKind.TASK: tables.tasks,
    AuditedKind.CATEGORY: tables.categories,
    AuditedKind.REMINDER: tables.reminders,
    AuditedKind.ACCESS_TOKEN: tables.access_tokens,
}


@frozen
class SqlAuditLog:
    """What is added stays: the database's own guard sees to it, see `Dialect.audit_guard`."""

    _transaction: Statements

    async def add(self, *entries: AuditEntry) -> None:
        if entries:
            await self._transaction.execute(
                _ADD, [operator_rows.from_audit_entry(one) for one in entries]
            )

    async def purge(self, *, before: datetime, limit: int) -> int:
        old = select(audit_entries.c.id).where(audit_entries.c.at < before).limit(limit)
        gone = await self._transaction.execute(
            delete(audit_entries).where(audit_entries.c.id.in_(old))
        )
        return gone.rowcount


async def take_diffs_away(transaction: Statements, owner_id: UserId, *, limit: int) -> int:
    """Take the diffs of up to *limit* entries about things of this person; say how many."""
    about = (
        select(audit_entries.c.id)
        .where(audit_entries.c.owner_id == owner_id, audit_entries.c.diff.is_not(None))
        .limit(limit)
    )
    changed = await transaction.execute(
        update(audit_entries).where(audit_entries.c.id.in_(about)).values(diff=null())
    )
    return changed.rowcount


class SqlBackOfficeQueries:
    """Part of `SqlQueries`."""

    __slots__ = ()

    _database: Database

    async def audit_entries(self, query: AuditQuery) -> list[AuditEntry]:
        found = await read(self._database, _newest_entries(query))
        return [operator_rows.to_audit_entry(row) for row in found]

    async def owners(self, kind: AuditedKind, ids: Collection[ULID]) -> dict[ULID, UserId]:
        table = _OWNED[kind]
        found = await read(
            self._database, select(table.c.id, table.c.owner_id).where(table.c.id.in_(ids))
        )
        return {row["id"]: row["owner_id"] for row in found}


def _newest_entries(query: AuditQuery) -> Select[Any]:
    """One index answers each question alone: by operator, by thing, by owner, or none of them."""
    columns = audit_entries.c
    newest_first = (
        select(audit_entries).order_by(columns.at.desc(), columns.id.desc()).limit(query.limit)
    )
    for column, wanted in (
        (columns.operator, query.operator),
        (columns.object_kind, query.object_kind),
        (columns.object_id, query.object_id),
        (columns.owner_id, query.owner_id),
    ):
        if wanted is not None:
            newest_first = newest_first.where(column == wanted)
    if query.before is None:
        return newest_first
    place = literal(query.before.at, UtcDateTime), literal(query.before.id, Ulid)
    return newest_first.where(tuple_(columns.at, columns.id) < tuple_(*place))
