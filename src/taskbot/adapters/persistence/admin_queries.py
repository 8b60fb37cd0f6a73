"""Reading what operators sign in by; part of `SqlQueries`."""

from typing import Final

from sqlalchemy import bindparam, select

from taskbot.adapters.persistence import operator_rows, tables
from taskbot.adapters.persistence.engine import Database, read
from taskbot.adapters.persistence.statements import labelled
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation
from taskbot.domain.errors import AdminAccountNotFound
from taskbot.domain.ids import AdminAccountId

_accounts: Final = tables.admin_accounts
_ACCOUNT: Final = select(_accounts).where(_accounts.c.id == bindparam("account"))
_ACCOUNT_BY_NAME: Final = select(_accounts).where(_accounts.c.name == bindparam("name"))
_ACCOUNTS: Final = select(_accounts).order_by(_accounts.c.name)
_SESSION: Final = (
    select(*labelled(tables.admin_sessions), *labelled(_accounts))
    .join(_accounts, tables.admin_sessions.c.account_id == _accounts.c.id)
    .where(tables.admin_sessions.c.digest == bindparam("digest"))
)
_INVITATION: Final = (
    select(*labelled(tables.invitations), *labelled(_accounts))
    .outerjoin(_accounts, tables.invitations.c.account_id == _accounts.c.id)
    .where(tables.invitations.c.digest == bindparam("digest"))
)


class SqlAdminAccountQueries:
    __slots__ = ()

    _database: Database

    async def admin_account(self, account_id: AdminAccountId) -> AdminAccount:
        found = await read(self._database, _ACCOUNT, {"account": account_id})
        if not found:
            raise AdminAccountNotFound(account_id)
        return operator_rows.to_admin_account(found[0])

    async def admin_account_by_name(self, name: str) -> AdminAccount | None:
        found = await read(self._database, _ACCOUNT_BY_NAME, {"name": name})
        return operator_rows.to_admin_account(found[0]) if found else None

    async def admin_accounts(self) -> list[AdminAccount]:
        found = await read(self._database, _ACCOUNTS)
        return [operator_rows.to_admin_account(row) for row in found]

    async def admin_session(self, digest: bytes) -> tuple[AdminSession, AdminAccount] | None:
        found = await read(self._database, _SESSION, {"digest": digest})
        if not found:
            return None
        return (
            operator_rows.to_admin_session(found[0], prefix="admin_sessions_"),
            operator_rows.to_admin_account(found[0], prefix="admin_accounts_"),
        )

    async def invitation(self, digest: bytes) -> tuple[Invitation, AdminAccount | None] | None:
        found = await read(self._database, _INVITATION, {"digest": digest})
        if not found:
            return None
        row = found[0]
        invitation = operator_rows.to_invitation(row, prefix="invitations_")
        if invitation.account_id is None:
            return invitation, None
        return invitation, operator_rows.to_admin_account(row, prefix="admin_accounts_")
