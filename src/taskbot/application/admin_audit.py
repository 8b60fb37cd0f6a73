"""What of admin accounts and of signing in goes into the audit log."""

import contextlib
from collections.abc import AsyncIterator
from typing import Final

from attrs import frozen
from ulid import ULID

from taskbot.application.ports import Clock, Transactions
from taskbot.domain.admin_account import NAME_LIMIT, AdminAccount, admin_name
from taskbot.domain.audit import AuditedKind, AuditEntry, AuditVerb, State
from taskbot.domain.errors import AdminNameUnusable, DomainError
from taskbot.domain.ids import AdminAccountId, AuditEntryId
from taskbot.domain.text import shortened

_SHOWN: Final = 8
"""Characters of what is no name: it may be a password, typed in the wrong place."""


@frozen
class AdminAudit:
    _transactions: Transactions
    _clock: Clock

    def entry(
        self,
        verb: AuditVerb,
        *,
        operator: str,
        account_id: AdminAccountId | None = None,
        client: str | None = None,
    ) -> AuditEntry:
        """*operator*: who acts, by name. *client*: the address that they come from."""
        return AuditEntry(
            id=AuditEntryId(ULID()),
            at=self._clock.now(),
            operator=operator,
            verb=verb,
            object_kind=AuditedKind.ADMIN_ACCOUNT,
            object_id=None if account_id is None else str(account_id),
            client=client,
        )

    @contextlib.asynccontextmanager
    async def refusals_of(self, entry: AuditEntry) -> AsyncIterator[None]:
        """Note what the block refuses, in a transaction of its own."""
        try:
            yield
        except DomainError as refusal:
            await self.note(entry, refusal)
            raise

    async def note(self, entry: AuditEntry, refusal: DomainError) -> None:
        refused = entry.refused(refusal)
        await self._transactions.run(lambda uow: uow.audit.add(refused))


def shown_state(account: AdminAccount) -> State:
    """What the log says of an account: nothing that would let anybody in."""
    return {"name": account.name, "role": account.role.value, "active": account.active}


def shown_name(given: str) -> str:
    """Under which name the log has who tried to sign in."""
    try:
        return admin_name(given)
    except AdminNameUnusable:
        return f"{shortened(given[:NAME_LIMIT], _SHOWN)}…"
