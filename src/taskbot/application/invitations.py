"""One-time links: by them operators choose their password, and the first one their name."""

from typing import Final

from attrs import evolve, frozen
from ulid import ULID

from taskbot.application.admin_audit import AdminAudit, shown_state
from taskbot.application.admin_sessions import NewAdminSession, begin_session, end_ways_in
from taskbot.application.ports import Clock, PasswordHasher, Queries, Transactions, UnitOfWork
from taskbot.application.sign_in_limits import SignInLimits
from taskbot.application.transactions import transactional
from taskbot.domain.admin_account import AdminAccount, admin_name
from taskbot.domain.admin_session import admin_digest
from taskbot.domain.audit import AuditEntry, AuditVerb, difference
from taskbot.domain.errors import InvitationUnusable
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import Role
from taskbot.domain.passwords import chosen_password

_BY_LINK: Final = "one-time link"
"""Who comes by one that is no good has no name; no account can have this one."""


@frozen
class Invited:
    """*name*: None where it is to be chosen, too."""

    name: str | None
    role: Role


@frozen
class InvitationService:
    """Who makes links is `AdminAccountService`.

    That one is used goes into the audit log; of what is no link of ours, a little.
    """

    _transactions: Transactions
    _queries: Queries
    _passwords: PasswordHasher
    _limits: SignInLimits
    _audit: AdminAudit
    _clock: Clock

    async def look_at(self, secret: str) -> Invited:
        """Whom a one-time link is for. It stays good. Raise `InvitationUnusable`."""
        account = await self._invited(secret)
        return (
            Invited(None, Role.EDITOR) if account is None else Invited(account.name, account.role)
        )

    async def _invited(self, secret: str) -> AdminAccount | None:
        found = await self._queries.invitation(admin_digest(secret))
        if found is None:
            raise InvitationUnusable
        invitation, account = found
        invitation.require_usable(now=self._clock.now())
        return account

    async def accept(
        self, secret: str, *, name: str = "", password: str, client: str
    ) -> NewAdminSession:
        """Choose a password by a one-time link, which is used up, and begin a session.

        All other sessions of the account end. *name* is looked at where the link leaves it to be
        chosen. Raise `InvitationUnusable`, `AdminNameUnusable`, or what `chosen_password` does:
        then the link stays good.
        """
        try:
            account = await self._invited(secret)
            name = admin_name(name) if account is None else account.name
            chosen = chosen_password(password, name=name)
            password_hash = await self._passwords.hash(chosen)
            digest = admin_digest(secret)
            if account is None:
                return await self._accept_first(digest, name, password_hash, client)
            return await self._accept(digest, account.id, password_hash, client)
        except InvitationUnusable as refusal:
            entry = self._audit.entry(AuditVerb.SIGN_IN, operator=_BY_LINK, client=client)
            if await self._limits.may_note_refusal(client):
                await self._audit.note(entry, refusal)
            raise

    @transactional
    async def _accept_first(
        self, uow: UnitOfWork, digest: bytes, name: str, password_hash: str, client: str
    ) -> NewAdminSession:
        await self._take(uow, digest)
        if not await uow.admin_accounts.is_empty():  # somebody was quicker
            raise InvitationUnusable
        account = AdminAccount(
            id=AdminAccountId(ULID()), name=name, role=Role.EDITOR, created_at=self._clock.now()
        ).with_password(password_hash)
        await uow.admin_accounts.add(account)
        made = self._entry(AuditVerb.ACCOUNT_CREATE, account, client)
        await uow.audit.add(
            evolve(made, diff=difference({}, shown_state(account))),
            self._entry(AuditVerb.SIGN_IN, account, client),
        )
        return await begin_session(uow, account, client=client, now=self._clock.now())

    @transactional
    async def _accept(
        self,
        uow: UnitOfWork,
        digest: bytes,
        account_id: AdminAccountId,
        password_hash: str,
        client: str,
    ) -> NewAdminSession:
        account = await uow.admin_accounts.get(account_id)
        await self._take(uow, digest)
        if not account.active:
            raise InvitationUnusable
        await end_ways_in(uow, account.id)
        await uow.audit.add(
            self._entry(AuditVerb.ACCOUNT_PASSWORD, account, client),
            self._entry(AuditVerb.SIGN_IN, account, client),
        )
        return await begin_session(
            uow, account.with_password(password_hash), client=client, now=self._clock.now()
        )

    async def _take(self, uow: UnitOfWork, digest: bytes) -> None:
        invitation = await uow.invitations.take(digest)
        if invitation is None:
            raise InvitationUnusable
        invitation.require_usable(now=self._clock.now())

    def _entry(self, verb: AuditVerb, account: AdminAccount, client: str) -> AuditEntry:
        return self._audit.entry(verb, operator=account.name, account_id=account.id, client=client)
