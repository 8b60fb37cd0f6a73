"""What operators sign in by, in dictionaries."""

from datetime import datetime

from attrs import evolve, frozen

from taskbot.adapters.memory.database import MemoryDatabase, Tables
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation
from taskbot.domain.errors import AdminAccountNotFound, AdminNameTaken, StaleAdminAccount
from taskbot.domain.ids import AdminAccountId


def _account(tables: Tables, account_id: AdminAccountId) -> AdminAccount:
    try:
        return tables.admin_accounts[account_id]
    except KeyError:
        raise AdminAccountNotFound(account_id) from None


def _by_name(tables: Tables, name: str) -> AdminAccount | None:
    named = (one for one in tables.admin_accounts.values() if one.name == name)
    return next(named, None)


@frozen
class MemoryAdminAccounts:
    _tables: Tables

    async def get(self, account_id: AdminAccountId) -> AdminAccount:
        return _account(self._tables, account_id)

    async def get_by_name(self, name: str) -> AdminAccount:
        found = _by_name(self._tables, name)
        if found is None:
            raise AdminAccountNotFound(name)
        return found

    async def acting_editors(self) -> list[AdminAccount]:
        editors = [one for one in self._tables.admin_accounts.values() if one.is_acting_editor]
        return sorted(editors, key=lambda one: one.id)

    async def is_empty(self) -> bool:
        return not self._tables.admin_accounts

    async def add(self, account: AdminAccount) -> None:
        if _by_name(self._tables, account.name) is not None:
            raise AdminNameTaken(account.name)
        self._tables.admin_accounts[account.id] = account

    async def update(self, account: AdminAccount) -> AdminAccount:
        stored = self._tables.admin_accounts.get(account.id)
        if stored is None or stored.version != account.version:
            raise StaleAdminAccount(account.id)
        updated = evolve(account, version=account.version + 1)
        self._tables.admin_accounts[account.id] = updated
        return updated


@frozen
class MemoryAdminSessions:
    _tables: Tables

    async def add(self, session: AdminSession) -> None:
        self._tables.admin_sessions[session.digest] = session

    async def note_use(self, digest: bytes, *, at: datetime) -> None:
        known = self._tables.admin_sessions.get(digest)
        if known is not None:
            self._tables.admin_sessions[digest] = evolve(known, seen_at=at)

    async def end(self, digest: bytes) -> bool:
        return self._tables.admin_sessions.pop(digest, None) is not None

    async def end_all(self, account_id: AdminAccountId) -> None:
        for session in list(self._tables.admin_sessions.values()):
            if session.account_id == account_id:
                del self._tables.admin_sessions[session.digest]

    async def purge(self, *, unseen_since: datetime, begun_before: datetime) -> int:
        over = [
            session.digest
            for session in self._tables.admin_sessions.values()
            if session.seen_at <= unseen_since or session.created_at <= begun_before
        ]
        for digest in over:
            del self._tables.admin_sessions[digest]
        return len(over)


@frozen
class MemoryInvitations:
    _tables: Tables

    async def put(self, invitation: Invitation) -> None:
        self._tables.invitations[invitation.account_id] = invitation

    async def take(self, digest: bytes) -> Invitation | None:
        for account_id, invitation in self._tables.invitations.items():
            if invitation.digest == digest:
                return self._tables.invitations.pop(account_id)
        return None

    async def withdraw(self, account_id: AdminAccountId | None) -> None:
        self._tables.invitations.pop(account_id, None)

    async def purge(self, *, made_before: datetime) -> int:
        invitations = self._tables.invitations
        old = [one for one, made in invitations.items() if made.created_at <= made_before]
        for account_id in old:
            del invitations[account_id]
        return len(old)


class MemoryAdminAccountQueries:
    """Part of `MemoryQueries`."""

    __slots__ = ()

    _database: MemoryDatabase

    async def admin_account(self, account_id: AdminAccountId) -> AdminAccount:
        return _account(self._database.tables, account_id)

    async def admin_account_by_name(self, name: str) -> AdminAccount | None:
        return _by_name(self._database.tables, name)

    async def admin_accounts(self) -> list[AdminAccount]:
        accounts = self._database.tables.admin_accounts.values()
        return sorted(accounts, key=lambda account: account.name)

    async def admin_session(self, digest: bytes) -> tuple[AdminSession, AdminAccount] | None:
        session = self._database.tables.admin_sessions.get(digest)
        if session is None:
            return None
        return session, self._database.tables.admin_accounts[session.account_id]

    async def invitation(self, digest: bytes) -> tuple[Invitation, AdminAccount | None] | None:
        tables = self._database.tables
        for invitation in tables.invitations.values():
            if invitation.digest == digest:
                account_id = invitation.account_id
                return invitation, None if account_id is None else tables.admin_accounts[account_id]
        return None
