"""Signing in to the panel, and out: passwords, sessions, one-time links."""

import contextlib

from attrs import field, frozen
from ulid import ULID

from taskbot.application.ports import (
    Clock,
    PasswordHasher,
    Queries,
    StorageUnavailable,
    Transactions,
    UnitOfWork,
)
from taskbot.application.sign_in_limits import SignInLimits
from taskbot.application.transactions import transactional
from taskbot.domain.admin_account import AdminAccount, admin_name
from taskbot.domain.admin_session import AdminSession, admin_digest, new_admin_secret
from taskbot.domain.errors import (
    AdminNameUnusable,
    CurrentPasswordWrong,
    InvitationUnusable,
    NotSignedIn,
    SignInRefused,
)
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import Role
from taskbot.domain.passwords import chosen_password, normalized_password


@frozen
class NewAdminSession:
    """The one time that the secret is seen: it is the value of the cookie."""

    account: AdminAccount
    session: AdminSession
    secret: str = field(repr=False)


@frozen
class SignedInOperator:
    """Who asks, and by which session."""

    account: AdminAccount
    session: AdminSession


@frozen
class Invited:
    """*name*: None where it is to be chosen, too."""

    name: str | None
    role: Role


@frozen
class AdminSignInService:
    """*client*, wherever it is asked for: the address that the operator comes from."""

    _transactions: Transactions
    _queries: Queries
    _passwords: PasswordHasher
    _limits: SignInLimits
    _clock: Clock

    async def sign_in(self, name: str, password: str, *, client: str) -> NewAdminSession:
        """Begin a session. Raise `SignInRefused` or `TooManySignIns`.

        Which accounts there are is told by neither the answer nor the time that it takes.
        """
        await self._limits.take_of_address(client)
        known = _known_form(name)
        account = None
        if known is not None:
            account = await self._queries.admin_account_by_name(known)
            await self._limits.take_of_name(known, account, client)
        offered = normalized_password(password)
        checked = None if account is None else account.password_hash
        is_right = await self._passwords.is_right(offered, checked)
        if account is None or checked is None or not account.active or not is_right:
            raise SignInRefused
        renewed = checked
        if self._passwords.is_outdated(checked):
            renewed = await self._passwords.hash(offered)
        return await self._begin(account.id, checked, renewed, client)

    @transactional
    async def _begin(
        self, uow: UnitOfWork, account_id: AdminAccountId, checked: str, renewed: str, client: str
    ) -> NewAdminSession:
        account = await uow.admin_accounts.get(account_id)
        if account.password_hash != checked or not account.active:  # changed meanwhile
            raise SignInRefused
        return await self._signed_in(uow, account.with_password(renewed), client)

    async def _signed_in(
        self, uow: UnitOfWork, account: AdminAccount, client: str
    ) -> NewAdminSession:
        """Store the account as that of somebody who signs in, and their session."""
        now = self._clock.now()
        stored = await uow.admin_accounts.update(account.sign_in(now=now, address=client))
        return await self._new_session(uow, stored)

    async def _new_session(self, uow: UnitOfWork, account: AdminAccount) -> NewAdminSession:
        secret = new_admin_secret()
        session = AdminSession.for_secret(secret, account_id=account.id, now=self._clock.now())
        await uow.admin_sessions.add(session)
        return NewAdminSession(account, session, secret)

    async def authenticate(self, secret: str) -> SignedInOperator:
        """Whose session it is. Raise `NotSignedIn` without saying what is wrong with it."""
        found = await self._queries.admin_session(admin_digest(secret))
        if found is None:
            raise NotSignedIn
        session, account = found
        now = self._clock.now()
        session.require_going_on(now=now)
        if not account.may_sign_in:
            raise NotSignedIn
        used = session.use(now=now)
        if used is not session:
            with contextlib.suppress(StorageUnavailable):  # worth no more than a note
                await self._transactions.run(
                    lambda uow: uow.admin_sessions.note_use(session.digest, at=now)
                )
        return SignedInOperator(account, used)

    @transactional
    async def sign_out(self, uow: UnitOfWork, secret: str) -> None:
        """End the session, if there is one."""
        await uow.admin_sessions.end(admin_digest(secret))

    async def change_password(
        self, secret: str, *, current: str, new: str, client: str
    ) -> NewAdminSession:
        """Give who is signed in another password, and another session; all others end.

        Raise `NotSignedIn`, `CurrentPasswordWrong`, `TooManySignIns`, or what `chosen_password`
        does.
        """
        account = (await self.authenticate(secret)).account
        await self._limits.take_of_change(account.id)
        checked = account.password_hash
        if not await self._passwords.is_right(normalized_password(current), checked):
            raise CurrentPasswordWrong
        chosen = chosen_password(new, name=account.name)
        password_hash = await self._passwords.hash(chosen)
        return await self._change_password(account, password_hash)

    @transactional
    async def _change_password(
        self, uow: UnitOfWork, seen: AdminAccount, password_hash: str
    ) -> NewAdminSession:
        account = await uow.admin_accounts.get(seen.id)
        if account.password_hash != seen.password_hash or not account.active:
            raise NotSignedIn  # changed meanwhile, which has ended the session
        stored = await uow.admin_accounts.update(account.with_password(password_hash))
        await self._forget_ways_in(uow, stored.id)
        return await self._new_session(uow, stored)

    async def _forget_ways_in(self, uow: UnitOfWork, account_id: AdminAccountId) -> None:
        await uow.admin_sessions.end_all(account_id)
        await uow.invitations.withdraw(account_id)

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
        account = await self._invited(secret)
        name = admin_name(name) if account is None else account.name
        chosen = chosen_password(password, name=name)
        password_hash = await self._passwords.hash(chosen)
        digest = admin_digest(secret)
        if account is None:
            return await self._accept_first(digest, name, password_hash, client)
        return await self._accept(digest, account.id, password_hash, client)

    @transactional
    async def _accept_first(
        self, uow: UnitOfWork, digest: bytes, name: str, password_hash: str, client: str
    ) -> NewAdminSession:
        await self._take(uow, digest)
        if not await uow.admin_accounts.is_empty():  # somebody was quicker
            raise InvitationUnusable
        account = AdminAccount(
            id=AdminAccountId(ULID()), name=name, role=Role.EDITOR, created_at=self._clock.now()
        )
        await uow.admin_accounts.add(account)
        return await self._signed_in(uow, account.with_password(password_hash), client)

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
        await self._forget_ways_in(uow, account.id)
        return await self._signed_in(uow, account.with_password(password_hash), client)

    async def _take(self, uow: UnitOfWork, digest: bytes) -> None:
        invitation = await uow.invitations.take(digest)
        if invitation is None:
            raise InvitationUnusable
        invitation.require_usable(now=self._clock.now())


def _known_form(name: str) -> str | None:
    """The name as accounts have it; None for what no account is called."""
    try:
        return admin_name(name)
    except AdminNameUnusable:
        return None
