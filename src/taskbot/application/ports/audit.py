"""What operators did: adding to the audit log, and what only operators ask."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from attrs import frozen
from ulid import ULID

from taskbot.domain.audit import AuditedKind, AuditEntry
from taskbot.domain.ids import UserId


class AuditLog(Protocol):
    """Entries are added, and never changed: what is not offered here the storage refuses.

    But for one thing: with a person go the diffs of what was theirs (see `UserRepository.erase`).
    """

    async def add(self, *entries: AuditEntry) -> None: ...

    async def purge(self, *, before: datetime, limit: int) -> int:
        """Forget up to *limit* entries from before *before*; say how many.

        Two years are kept by the storage itself: it refuses, by its own clock, to forget sooner.
        """


@frozen(kw_only=True)
class AuditQuery:
    """The newest entries of the audit log, and of these only the ones to which all of it applies.

    *object_id*: the thing's, of the kind *object_kind*. *before*: only those that follow this
    entry, from the newest to the oldest.
    """

    operator: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    owner_id: UserId | None = None
    before: AuditEntry | None = None
    limit: int = 50


class OperatorQueries(Protocol):
    """Part of `Queries`: whoever asks sees what is other people's."""

    async def audit_entries(self, query: AuditQuery) -> list[AuditEntry]:
        """The newest first; those of one moment in the order of their ids, the last first."""

    async def owners(self, kind: AuditedKind, ids: Collection[ULID]) -> dict[ULID, UserId]:
        """Whose these things are; a thing that is not there is left out.

        *kind*: a task, a category, a reminder or an access token.
        """
