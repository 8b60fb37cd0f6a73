"""What operators sign in by: accounts, sessions, one-time links, and the hashing of passwords."""

from datetime import datetime
from typing import Protocol

from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation
from taskbot.domain.ids import AdminAccountId


class AdminAccountRepository(Protocol):
    async def get(self, account_id: AdminAccountId) -> AdminAccount:
        """Raise `AdminAccountNotFound` if there is none."""

    async def get_by_name(self, name: str) -> AdminAccount:
        """The account of exactly this name. Raise `AdminAccountNotFound` if there is none."""

    async def acting_editors(self) -> list[AdminAccount]:
        """All that are (`AdminAccount.is_acting_editor`), in the order of their ids.

        No other transaction makes it fewer before this one ends: so it is asked for first.
        """

    async def is_empty(self) -> bool:
        """Whether there is no account at all."""

    async def add(self, account: AdminAccount) -> None:
        """Raise `AdminNameTaken` if another account has this name."""

    async def update(self, account: AdminAccount) -> AdminAccount:
        """Store *account* and return it with its next version.

        Raise `StaleAdminAccount` if the stored version is not the one that *account* was read at.
        """


class AdminSessionRepository(Protocol):
    async def add(self, session: AdminSession) -> None: ...

    async def note_use(self, digest: bytes, *, at: datetime) -> None:
        """Store when the session was used last; one that has ended stays ended."""

    async def end(self, digest: bytes) -> bool:
        """End the session, whatever it is; return whether there was one."""

    async def end_all(self, account_id: AdminAccountId) -> None:
        """End all sessions of the account."""

    async def purge(self, *, unseen_since: datetime, begun_before: datetime) -> int:
        """Delete those not used after *unseen_since*, or begun at *begun_before* or earlier.

        Return how many it were.
        """


class InvitationRepository(Protocol):
    """One link for each account, and one for nobody's: the first."""

    async def put(self, invitation: Invitation) -> None:
        """Store it; it takes the place of the one for the same account."""

    async def take(self, digest: bytes) -> Invitation | None:
        """Take the link away, for good; of two that take it at once one gets it."""

    async def withdraw(self, account_id: AdminAccountId | None) -> None:
        """Delete the account's link, if there is one."""

    async def purge(self, *, made_before: datetime) -> int:
        """Delete those made at *made_before* or earlier; return how many it were."""


class AdminAccountQueries(Protocol):
    """Reads about accounts; part of `Queries`."""

    async def admin_account(self, account_id: AdminAccountId) -> AdminAccount:
        """Raise `AdminAccountNotFound` if there is none."""

    async def admin_account_by_name(self, name: str) -> AdminAccount | None: ...

    async def admin_accounts(self) -> list[AdminAccount]:
        """All of them, by name."""

    async def admin_session(self, digest: bytes) -> tuple[AdminSession, AdminAccount] | None:
        """The session kept under *digest*, and whose it is."""

    async def invitation(self, digest: bytes) -> tuple[Invitation, AdminAccount | None] | None:
        """The link kept under *digest*, and the account that it is for."""


class PasswordHasher(Protocol):
    """Slow on purpose, and heavy: it keeps to itself how many are hashed at a time."""

    async def hash(self, password: str) -> str:
        """A hash with a salt of its own, in a text that says how it was made."""

    async def is_right(self, password: str, password_hash: str | None) -> bool:
        """Whether *password* has this hash. None: it has not, and to say so takes as long."""

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made more cheaply than `hash` does it, and is to be made anew."""
