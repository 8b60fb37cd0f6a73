"""What operators sign in by, in the transaction of one unit of work."""

from datetime import datetime
from typing import Any, Final

from attrs import evolve, frozen
from sqlalchemy import Executable, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from taskbot.adapters.persistence import operator_rows, tables
from taskbot.adapters.persistence.borrowed import Outcome
from taskbot.adapters.persistence.prepared import Prepared
from taskbot.adapters.persistence.statements import change_of, one, to_be_changed
from taskbot.adapters.persistence.transaction import Statements
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation
from taskbot.domain.errors import AdminAccountNotFound, AdminNameTaken, StaleAdminAccount
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import Role

_accounts: Final = tables.admin_accounts
_sessions: Final = tables.admin_sessions
_invitations: Final = tables.invitations

_ACCOUNT: Final = to_be_changed(_accounts.c.id)
_ACCOUNT_BY_NAME: Final = to_be_changed(_accounts.c.name)
_CHANGE: Final = change_of(_accounts)
# Locked in one order by everybody. Who waited for a row that has changed meanwhile is given it
# only if it is still one of these.
_ACTING_EDITORS: Final = (
    select(_accounts)
    .where(
        _accounts.c.active,
        _accounts.c.role == Role.EDITOR.value,
        _accounts.c.password_hash.is_not(None),
    )
    .order_by(_accounts.c.id)
    .with_for_update(key_share=True)
)


@frozen
class SqlAdminAccounts:
    _transaction: Statements

    async def get(self, account_id: AdminAccountId) -> AdminAccount:
        row = await one(self._transaction, _ACCOUNT, account_id)
        if row is None:
            raise AdminAccountNotFound(account_id)
        return operator_rows.to_admin_account(row)

    async def get_by_name(self, name: str) -> AdminAccount:
        row = await one(self._transaction, _ACCOUNT_BY_NAME, name)
        if row is None:
            raise AdminAccountNotFound(name)
        return operator_rows.to_admin_account(row)

    async def acting_editors(self) -> list[AdminAccount]:
        result = await self._transaction.execute(_ACTING_EDITORS)
        return [operator_rows.to_admin_account(row) for row in result.rows]

    async def is_empty(self) -> bool:
        result = await self._transaction.execute(select(_accounts.c.id).limit(1))
        return result.row is None

    async def add(self, account: AdminAccount) -> None:
        await self._write(insert(_accounts), operator_rows.from_admin_account(account))

    async def update(self, account: AdminAccount) -> AdminAccount:
        updated = evolve(account, version=account.version + 1)
        changed = await self._write(
            _CHANGE,
            {
                "changed": account.id,
                "was_at": account.version,
                **operator_rows.from_admin_account(updated),
            },
        )
        if changed.rowcount != 1:
            raise StaleAdminAccount(account.id)
        return updated

    async def _write(self, statement: Prepared | Executable, row: dict[str, Any]) -> Outcome:
        try:
            return await self._transaction.execute(statement, row)
        except IntegrityError as error:
            if self._transaction.broken_constraint(error) != "uq_admin_accounts_name":
                raise
            raise AdminNameTaken(row["name"]) from None


@frozen
class SqlAdminSessions:
    _transaction: Statements

    async def add(self, session: AdminSession) -> None:
        await self._transaction.execute(
            insert(_sessions).values(operator_rows.from_admin_session(session))
        )

    async def note_use(self, digest: bytes, *, at: datetime) -> None:
        await self._transaction.execute(
            update(_sessions).where(_sessions.c.digest == digest).values(seen_at=at)
        )

    async def end(self, digest: bytes) -> bool:
        gone = await self._transaction.execute(
            delete(_sessions).where(_sessions.c.digest == digest)
        )
        return gone.rowcount == 1

    async def end_all(self, account_id: AdminAccountId) -> None:
        await self._transaction.execute(
            delete(_sessions).where(_sessions.c.account_id == account_id)
        )

    async def purge(self, *, unseen_since: datetime, begun_before: datetime) -> int:
        gone = await self._transaction.execute(
            delete(_sessions).where(
                (_sessions.c.seen_at <= unseen_since) | (_sessions.c.created_at <= begun_before)
            )
        )
        return gone.rowcount


@frozen
class SqlInvitations:
    _transaction: Statements

    async def put(self, invitation: Invitation) -> None:
        row = operator_rows.from_invitation(invitation)
        await self._transaction.execute(
            self._transaction.insert(_invitations)
            .values(row)
            .on_conflict_do_update(
                index_elements=[_invitations.c.key],
                set_={"digest": row["digest"], "created_at": row["created_at"]},
            )
        )

    async def take(self, digest: bytes) -> Invitation | None:
        result = await self._transaction.execute(
            delete(_invitations).where(_invitations.c.digest == digest).returning(*_invitations.c)
        )
        row = result.row
        return None if row is None else operator_rows.to_invitation(row)

    async def withdraw(self, account_id: AdminAccountId | None) -> None:
        key = operator_rows.invitation_key(account_id)
        await self._transaction.execute(delete(_invitations).where(_invitations.c.key == key))

    async def purge(self, *, made_before: datetime) -> int:
        gone = await self._transaction.execute(
            delete(_invitations).where(_invitations.c.created_at <= made_before)
        )
        return gone.rowcount
