"""Signing in to the panel by a password, and out."""

import contextlib

from attrs import evolve, frozen

from taskbot.application.admin_audit import AdminAudit, shown_name
from taskbot.application.admin_sessions import (
    NewAdminSession,
    begin_session,
    end_ways_in,
    new_session,
)
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
from taskbot.domain.admin_session import AdminSession, admin_digest
from taskbot.domain.audit import AuditEntry, AuditVerb
from taskbot.domain.errors import (
    AdminNameUnusable,
    CurrentPasswordWrong,
    DomainError,
    NotSignedIn,
    SignInRefused,
    TooManySignIns,
)
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.passwords import chosen_password, normalized_password


@frozen
class SignedInOperator:
    """Who asks, and by which session."""

    account: AdminAccount
    session: AdminSession


@frozen
class AdminSignInService:
    """*client*, wherever it is asked for: the address that the operator comes from.

    What is done and what is refused goes into the audit log; of those who ask too often, a little.
    """

    _transactions: Transactions
    _queries: Queries
    _passwords: PasswordHasher
    _limits: SignInLimits
    _audit: AdminAudit
    _clock: Clock

    async def sign_in(self, name: str, password: str, *, client: str) -> NewAdminSession:
        """Begin a session. Raise `SignInRefused` or `TooManySignIns`.

        Which accounts there are is told by neither the answer nor the time that it takes.
        """
        entry = self._audit.entry(AuditVerb.SIGN_IN, operator=shown_name(name), client=client)
        try:
            account = await self._account_to_try(name, client)
        except TooManySignIns as refusal:
            await self._note_now_and_then(entry, refusal, client)
            raise
        if account is not None:
            entry = evolve(entry, object_id=str(account.id))
        async with self._audit.refusals_of(entry):
            return await self._sign_in_to(account, normalized_password(password), entry, client)

    async def _account_to_try(self, name: str, client: str) -> AdminAccount | None:
        await self._limits.take_of_address(client)
        try:
            known = admin_name(name)
        except AdminNameUnusable:
            return None
        account = await self._queries.admin_account_by_name(known)
        await self._limits.take_of_name(known, account, client)
        return account

    async def _note_now_and_then(
        self, entry: AuditEntry, refusal: DomainError, client: str
    ) -> None:
        if await self._limits.may_note_refusal(client):
            await self._audit.note(entry, refusal)

    async def _sign_in_to(
        self, account: AdminAccount | None, offered: str, entry: AuditEntry, client: str
    ) -> NewAdminSession:
        checked = None if account is None else account.password_hash
        is_right = await self._passwords.is_right(offered, checked)
        if account is None or checked is None or not account.active or not is_right:
            raise SignInRefused
        renewed = checked
        if self._passwords.is_outdated(checked):
            renewed = await self._passwords.hash(offered)
        return await self._begin(account.id, checked, renewed, entry, client)

    @transactional
    async def _begin(
        self,
        uow: UnitOfWork,
        account_id: AdminAccountId,
        checked: str,
        renewed: str,
        entry: AuditEntry,
        client: str,
    ) -> NewAdminSession:
        account = await uow.admin_accounts.get(account_id)
        if account.password_hash != checked or not account.active:  # changed meanwhile
            raise SignInRefused
        await uow.audit.add(entry)
        return await begin_session(
            uow, account.with_password(renewed), client=client, now=self._clock.now()
        )

    async def authenticate(self, secret: str, *, is_use: bool = True) -> SignedInOperator:
        """Whose session it is. Raise `NotSignedIn` without saying what is wrong with it.

        *is_use*: somebody did something; what a page asks by itself makes no session longer.
        """
        found = await self._queries.admin_session(admin_digest(secret))
        if found is None:
            raise NotSignedIn
        session, account = found
        now = self._clock.now()
        session.require_going_on(now=now)
        if not account.may_sign_in:
            raise NotSignedIn
        used = session.use(now=now) if is_use else session
        if used is not session:
            with contextlib.suppress(StorageUnavailable):  # worth no more than a note
                await self._transactions.run(
                    lambda uow: uow.admin_sessions.note_use(session.digest, at=now)
                )
        return SignedInOperator(account, used)

    async def sign_out(self, secret: str, *, client: str) -> None:
        """End the session, if there is one."""
        digest = admin_digest(secret)
        found = await self._queries.admin_session(digest)
        if found is not None:
            await self._sign_out(digest, self._entry(AuditVerb.SIGN_OUT, found[1], client))

    @transactional
    async def _sign_out(self, uow: UnitOfWork, digest: bytes, entry: AuditEntry) -> None:
        if await uow.admin_sessions.end(digest):
            await uow.audit.add(entry)

    def _entry(self, verb: AuditVerb, account: AdminAccount, client: str) -> AuditEntry:
        return self._audit.entry(verb, operator=account.name, account_id=account.id, client=client)

    async def change_password(
        self, secret: str, *, current: str, new: str, client: str
    ) -> NewAdminSession:
        """Give who is signed in another password, and another session; all others end.

        Raise `NotSignedIn`, `CurrentPasswordWrong`, `TooManySignIns`, or what `chosen_password`
        does.
        """
        account = (await self.authenticate(secret)).account
        entry = self._entry(AuditVerb.ACCOUNT_PASSWORD, account, client)
        try:
            await self._limits.take_of_change(account.id)
        except TooManySignIns as refusal:
            await self._note_now_and_then(entry, refusal, client)
            raise
        async with self._audit.refusals_of(entry):
            offered = normalized_password(current)
            if not await self._passwords.is_right(offered, account.password_hash):
                raise CurrentPasswordWrong
            chosen = chosen_password(new, name=account.name)
            password_hash = await self._passwords.hash(chosen)
            return await self._change_password(account, password_hash, entry)

    @transactional
    async def _change_password(
        self, uow: UnitOfWork, seen: AdminAccount, password_hash: str, entry: AuditEntry
    ) -> NewAdminSession:
        account = await uow.admin_accounts.get(seen.id)
        if account.password_hash != seen.password_hash or not account.active:
            raise NotSignedIn  # changed meanwhile, which has ended the session
        stored = await uow.admin_accounts.update(account.with_password(password_hash))
        await end_ways_in(uow, stored.id)
        await uow.audit.add(entry)
        return await new_session(uow, stored, now=self._clock.now())
