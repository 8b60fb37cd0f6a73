"""The audit log, in a dictionary, and what only operators ask."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from ulid import ULID

from taskbot.adapters.memory.database import MemoryDatabase, Tables
from taskbot.application.ports import AuditQuery
from taskbot.domain.audit import AuditedKind, AuditEntry
from taskbot.domain.ids import UserId


@frozen
class MemoryAuditLog:
    _tables: Tables

    async def add(self, *entries: AuditEntry) -> None:
        self._tables.audit.update((entry.id, entry) for entry in entries)

    async def purge(self, *, before: datetime, limit: int) -> int:
        old = [entry.id for entry in self._tables.audit.values() if entry.at < before][:limit]
        for entry_id in old:
            del self._tables.audit[entry_id]
        return len(old)


def take_diffs_away(tables: Tables, owner_id: UserId, *, limit: int) -> int:
    """Take the diffs of up to *limit* entries about things of this person; say how many."""
    about = [
        entry
        for entry in tables.audit.values()
        if entry.owner_id == owner_id and entry.diff is not None
    ][:limit]
    tables.audit.update((entry.id, entry.without_diff()) for entry in about)
    return len(about)


class MemoryOperatorQueries:
    """Part of `MemoryQueries`."""

    __slots__ = ()

    _database: MemoryDatabase

    async def audit_entries(self, query: AuditQuery) -> list[AuditEntry]:
        entries = self._database.tables.audit.values()
        found = [entry for entry in entries if _matches(entry, query)]
        return sorted(found, key=_place, reverse=True)[: query.limit]

    async def owners(self, kind: AuditedKind, ids: Collection[ULID]) -> dict[ULID, UserId]:
        things = _owned(self._database.tables)[kind]
        return {one: things[one].owner_id for one in ids if one in things}


def _owned(tables: Tables) -> Mapping[AuditedKind, Mapping[Any, Any]]:
    return {
        AuditedKind.TASK: tables.tasks,
        AuditedKind.CATEGORY: tables.categories,
        AuditedKind.REMINDER: tables.reminders,
        AuditedKind.ACCESS_TOKEN: tables.access_tokens,
    }


def _place(entry: AuditEntry) -> tuple[datetime, bytes]:
    return entry.at, entry.id.bytes


def _matches(entry: AuditEntry, query: AuditQuery) -> bool:
    return (
        query.operator in {None, entry.operator}
        and query.object_kind in {None, entry.object_kind}
        and query.object_id in {None, entry.object_id}
        and query.owner_id in {None, entry.owner_id}
        and (query.before is None or _place(entry) < _place(query.before))
    )
