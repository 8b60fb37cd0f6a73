"""Operators, and what the audit log has of what they did."""

from typing import Final

from taskbot.application.ports import AuditQuery, Queries
from taskbot.domain.audit import AuditEntry
from taskbot.domain.operator import Operator, Role

EDITOR: Final = Operator("olga", Role.EDITOR)
VIEWER: Final = Operator("victor", Role.VIEWER)
ADDRESS: Final = "192.0.2.7"


async def entries(queries: Queries) -> list[AuditEntry]:
    """All that there are, the newest first."""
    return await queries.audit_entries(AuditQuery(limit=10_000))


async def last_entry(queries: Queries) -> AuditEntry:
    (entry,) = await queries.audit_entries(AuditQuery(limit=1))
    return entry
