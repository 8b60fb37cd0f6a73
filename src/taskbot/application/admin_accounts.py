"""Admin accounts: who may sign in to the panel, and as what."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from attrs import evolve, frozen
from ulid import ULID

from taskbot.application.admin_audit import AdminAudit, shown_state
from taskbot.application.admin_sessions import end_ways_in
from taskbot.application.ports import Clock, PasswordHasher, Queries, Transactions, UnitOfWork
from taskbot.application.transactions import transactional
from taskbot.domain.admin_account import AdminAccount, admin_name
from taskbot.domain.admin_session import (
    ABSOLUTE_LIMIT,
    IDLE_LIMIT,
    INVITATION_LIMIT,
    Invitation,
    new_admin_secret,
)
from taskbot.domain.audit import AuditEntry, AuditVerb, difference
from taskbot.domain.errors import AdminAccountNotFound, AdminNameUnusable
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import Operator, Role
from taskbot.domain.passwords import chosen_password

_Change: TypeAlias = Callable[[AdminAccount, Sequence[AdminAccount]], AdminAccount]


@frozen
class AdminAccountService:
    """*by*, wherever it is asked for: an editor, or `RoleInsufficient`.

    *client*: the address that they come from; None: they are at the machine itself. All changes,
    and attempts at them, go into the audit log.
    """

    _transactions: Transactions
    _queries: Queries
    _passwords: PasswordHasher
    _audit: AdminAudit
    _clock: Clock

    async def list(self) -> Sequence[AdminAccount]:
        """All of them, by name."""
        return await self._queries.admin_accounts()

    async def get(self, account_id: AdminAccountId) -> AdminAccount:
        """Raise `AdminAccountNotFound`."""
        return await self._queries.admin_account(account_id)

    async def find(self, name: str) -> AdminAccount:
        """The account of this name, however it is written. Raise `AdminAccountNotFound`."""
        try:
            found = await self._queries.admin_account_by_name(admin_name(name))
        except AdminNameUnusable:
            found = None
        if found is None:
            raise AdminAccountNotFound(name)
        return found

    @transactional
    async def first_link(self, uow: UnitOfWork) -> str | None:
        """The secret of a one-time link that makes the first editor; the one before is void.

        None where there is any account.
        """
        if not await uow.admin_accounts.is_empty():
            return None
        return await self._invite(uow, None)

    async def create(
        self,
        name: str,
        role: Role,
        password: str | None,
        *,
        by: Operator,
        client: str | None = None,
    ) -> AdminAccount:
        """Make an account. *password*: None where it is to be chosen by a link: see `invite`.

        Raise `AdminNameUnusable`, `AdminNameTaken`, or what `chosen_password` does.
        """
        entry = self._entry(AuditVerb.ACCOUNT_CREATE, None, by, client)
        async with self._audit.refusals_of(entry):
            by.require_editor()
            account = AdminAccount(
                id=AdminAccountId(ULID()), name=name, role=role, created_at=self._clock.now()
            )
            if password is not None:
                chosen = chosen_password(password, name=account.name)
                account = account.with_password(await self._passwords.hash(chosen))
            await self._add(account, entry)
        return account

    @transactional
    async def _add(self, uow: UnitOfWork, account: AdminAccount, entry: AuditEntry) -> None:
        await uow.admin_accounts.add(account)
        await uow.invitations.withdraw(None)  # there is a first one now
        diff = difference({}, shown_state(account))
        await uow.audit.add(evolve(entry, object_id=str(account.id), diff=diff))

    async def invite(
        self, account_id: AdminAccountId, *, by: Operator, client: str | None = None
    ) -> str:
        """The secret of a one-time link to choose a password by; the one before is void.

        Until it is used the old password stays. Raise `AdminAccountNotFound` or
        `AdminAccountInactive`.
        """
        entry = self._entry(AuditVerb.ACCOUNT_INVITE, account_id, by, client)
        async with self._audit.refusals_of(entry):
            by.require_editor()
            return await self._invite_again(account_id, entry)

    @transactional
    async def _invite_again(
        self, uow: UnitOfWork, account_id: AdminAccountId, entry: AuditEntry
    ) -> str:
        account = await uow.admin_accounts.get(account_id)
        account.require_active()
        await uow.audit.add(entry)
        return await self._invite(uow, account.id)

    async def _invite(self, uow: UnitOfWork, account_id: AdminAccountId | None) -> str:
        secret = new_admin_secret()
        now = self._clock.now()
        await uow.invitations.put(Invitation.for_secret(secret, account_id=account_id, now=now))
        return secret

    async def change_role(
        self, account_id: AdminAccountId, role: Role, *, by: Operator, client: str | None = None
    ) -> AdminAccount:
        """Raise `LastEditor` or `AdminAccountNotFound`."""
        entry = self._entry(AuditVerb.ACCOUNT_ROLE, account_id, by, client)
        return await self._change_by(
            by, entry, account_id, lambda one, editors: one.change_role(role, editors=editors)
        )

    async def deactivate(
        self, account_id: AdminAccountId, *, by: Operator, client: str | None = None
    ) -> AdminAccount:
        """Let nobody in by the account; its sessions end. Raises as `change_role` does."""
        entry = self._entry(AuditVerb.ACCOUNT_DEACTIVATE, account_id, by, client)
        return await self._change_by(
            by, entry, account_id, lambda one, editors: one.deactivate(editors=editors)
        )

    async def reactivate(
        self, account_id: AdminAccountId, *, by: Operator, client: str | None = None
    ) -> AdminAccount:
        """Let it in again, by its old password. Raise `AdminAccountNotFound`."""
        entry = self._entry(AuditVerb.ACCOUNT_REACTIVATE, account_id, by, client)
        return await self._change_by(by, entry, account_id, lambda one, _: one.reactivate())

    def _entry(
        self, verb: AuditVerb, account_id: AdminAccountId | None, by: Operator, client: str | None
    ) -> AuditEntry:
        return self._audit.entry(verb, operator=by.name, account_id=account_id, client=client)

    async def _change_by(
        self, by: Operator, entry: AuditEntry, account_id: AdminAccountId, change: _Change
    ) -> AdminAccount:
        async with self._audit.refusals_of(entry):
            by.require_editor()
            return await self._change(entry, account_id, change)

    @transactional
    async def _change(
        self, uow: UnitOfWork, entry: AuditEntry, account_id: AdminAccountId, change: _Change
    ) -> AdminAccount:
        editors = await uow.admin_accounts.acting_editors()  # before any of them is changed
        account = await uow.admin_accounts.get(account_id)
        changed = change(account, editors)
        if changed == account:
            return account
        stored = await uow.admin_accounts.update(changed)
        if not stored.active:
            await end_ways_in(uow, account_id)
        diff = difference(shown_state(account), shown_state(stored))
        await uow.audit.add(evolve(entry, diff=diff))
        return stored

    @transactional
    async def purge_expired(self, uow: UnitOfWork) -> int:
        """Delete sessions and links that are over; return how many they were."""
        now = self._clock.now()
        return await uow.admin_sessions.purge(
            unseen_since=now - IDLE_LIMIT, begun_before=now - ABSOLUTE_LIMIT
        ) + await uow.invitations.purge(made_before=now - INVITATION_LIMIT)
