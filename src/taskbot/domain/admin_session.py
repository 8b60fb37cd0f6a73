"""What lets an operator in without the password: sessions, and one-time links.

Both are 256 random bits, shown once and kept as their SHA-256: so much chance needs no slow hash.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final, Self

from attrs import evolve, field, frozen

from taskbot.domain.errors import InvitationUnusable, NotSignedIn
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.timezone import aware_utc

IDLE_LIMIT: Final = timedelta(hours=1)
"""How long a session lasts from its last use on."""
ABSOLUTE_LIMIT: Final = timedelta(hours=12)
"""How long a session lasts at most, from its beginning on."""
INVITATION_LIMIT: Final = timedelta(hours=24)
"""How long a one-time link is good."""
_NOTED_EVERY: Final = timedelta(minutes=1)
_SECRET_BYTES: Final = 32


def new_admin_secret() -> str:
    """A fresh secret: 43 letters that are safe in cookies and addresses."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def admin_digest(secret: str) -> bytes:
    """The SHA-256 under which *secret* is kept, whatever it is that was offered."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


@frozen(kw_only=True)
class AdminSession:
    """Known by its *digest*. *seen_at*: when it was used last, to the minute or so."""

    digest: bytes = field(repr=False)
    account_id: AdminAccountId
    created_at: datetime = field(converter=aware_utc)
    seen_at: datetime = field(converter=aware_utc)

    @classmethod
    def for_secret(cls, secret: str, *, account_id: AdminAccountId, now: datetime) -> Self:
        return cls(digest=admin_digest(secret), account_id=account_id, created_at=now, seen_at=now)

    @property
    def ends_at(self) -> datetime:
        """Until when it lasts if it is not used again."""
        return min(self.seen_at + IDLE_LIMIT, self.created_at + ABSOLUTE_LIMIT)

    def require_going_on(self, *, now: datetime) -> None:
        """Raise `NotSignedIn` if it is over."""
        if self.ends_at <= now:
            raise NotSignedIn

    def use(self, *, now: datetime) -> Self:
        """Note the use, to the minute or so: a note at every one would cost too much."""
        return self if now - self.seen_at < _NOTED_EVERY else evolve(self, seen_at=now)


@frozen(kw_only=True)
class Invitation:
    """A one-time link by which a password is chosen.

    *account_id*: whose password; None for the first link, whose holder chooses a name as well and
    becomes the first editor.
    """

    digest: bytes = field(repr=False)
    account_id: AdminAccountId | None
    created_at: datetime = field(converter=aware_utc)

    @classmethod
    def for_secret(cls, secret: str, *, account_id: AdminAccountId | None, now: datetime) -> Self:
        return cls(digest=admin_digest(secret), account_id=account_id, created_at=now)

    @property
    def expires_at(self) -> datetime:
        return self.created_at + INVITATION_LIMIT

    def require_usable(self, *, now: datetime) -> None:
        """Raise `InvitationUnusable` if it is too old."""
        if self.expires_at <= now:
            raise InvitationUnusable
