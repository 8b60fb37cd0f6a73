"""Access token: a credential for the API, shown once and kept as a hash."""

import hashlib
import hmac
import secrets
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from attrs import evolve, field, frozen

from taskbot.domain.deadline import LAST_YEAR
from taskbot.domain.errors import (
    AccessTokenNotFound,
    ExpiryInPast,
    ExpiryTooLate,
    InsufficientScope,
    InvalidAccessToken,
    NoScope,
)
from taskbot.domain.ids import AccessTokenId, UserId
from taskbot.domain.text import shortened
from taskbot.domain.timezone import aware_utc, aware_utc_or_none

_PREFIX: Final = "tb_"
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_LENGTH: Final = 30  # of 62 letters: 178 bits
_CHECKSUM_LENGTH: Final = 6  # a CRC-32 in base 62: tells a mistyped token from a revoked one
SHOWN_LENGTH: Final = len(_PREFIX) + 5
NAME_LIMIT: Final = 100
_NOTED_EVERY: Final = timedelta(minutes=1)


class Scope(StrEnum):
    """What an access token is good for."""

    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    ACCOUNT = "account"
    """Who one is, how one is reminded, and one's access tokens."""
    OPERATOR = "operator"
    """How the whole of taskbot is doing. No person has it by being one: who runs it gives it."""


PERSONAL_SCOPES: Final = frozenset(Scope) - {Scope.OPERATOR}
"""Everything that a person may do with what is their own."""


def _scopes(given: Iterable[str]) -> frozenset[Scope]:
    scopes = frozenset(Scope(scope) for scope in given)
    if not scopes:
        raise NoScope
    return scopes


def _checksum(random: str) -> str:
    number = zlib.crc32(random.encode("ascii"))
    letters = ""
    while len(letters) < _CHECKSUM_LENGTH:
        number, remainder = divmod(number, len(_ALPHABET))
        letters = _ALPHABET[remainder] + letters
    return letters


def _name(raw: str) -> str:
    return shortened(raw, NAME_LIMIT)


def new_secret() -> str:
    """A fresh secret: `tb_`, 30 random letters, a checksum of 6."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    return f"{_PREFIX}{random}{_checksum(random)}"


def digest_of(secret: str) -> bytes:
    """The SHA-256 under which *secret* is kept, or `InvalidAccessToken` if it is none of ours.

    The secret is random and long, so that a slow password hash would add nothing.
    """
    body = secret.removeprefix(_PREFIX)
    random, checksum = body[:_RANDOM_LENGTH], body[_RANDOM_LENGTH:]
    if (
        not secret.startswith(_PREFIX)
        or not random.isascii()
        or not checksum.isascii()
        or len(body) != _RANDOM_LENGTH + _CHECKSUM_LENGTH
        or not hmac.compare_digest(_checksum(random), checksum)
    ):
        raise InvalidAccessToken
    return hashlib.sha256(secret.encode("ascii")).digest()


@frozen(kw_only=True)
class AccessToken:
    """*prefix* is the beginning of the secret: enough to recognise it in a list, useless alone."""

    id: AccessTokenId
    owner_id: UserId
    name: str = field(converter=_name)
    prefix: str
    digest: bytes = field(repr=False)
    created_at: datetime = field(converter=aware_utc)
    expires_at: datetime | None = field(default=None, converter=aware_utc_or_none)
    scopes: frozenset[Scope] = field(default=PERSONAL_SCOPES, converter=_scopes)
    last_used_at: datetime | None = field(default=None, converter=aware_utc_or_none)

    @classmethod
    def for_secret(
        cls,
        secret: str,
        *,
        id: AccessTokenId,
        owner_id: UserId,
        name: str,
        scopes: Iterable[Scope] = PERSONAL_SCOPES,
        expires_at: datetime | None = None,
        now: datetime,
    ) -> Self:
        """Raise `ExpiryInPast` for a token that would never be good for anything.

        And `ExpiryTooLate` near the end of the calendar, where not every moment has its UTC.
        """
        if expires_at is not None:
            if expires_at <= now:
                raise ExpiryInPast
            if expires_at.year > LAST_YEAR:
                raise ExpiryTooLate(LAST_YEAR)
        return cls(
            id=id,
            owner_id=owner_id,
            name=name,
            prefix=secret[:SHOWN_LENGTH],
            digest=digest_of(secret),
            created_at=now,
            scopes=scopes,
            expires_at=expires_at,
        )

    def end(self, *, at: datetime) -> Self:
        """Be good until *at* at most."""
        ends = at if self.expires_at is None else min(self.expires_at, at)
        return evolve(self, expires_at=ends)

    def use(self, *, now: datetime) -> Self:
        """Note the use, to the minute or so: a note at every one would cost too much."""
        if self.last_used_at is not None and now - self.last_used_at < _NOTED_EVERY:
            return self
        return evolve(self, last_used_at=now)

    def require_scope(self, scope: Scope) -> None:
        """Raise `InsufficientScope` unless the token is good for *scope*."""
        if scope not in self.scopes:
            raise InsufficientScope(scope.value)

    def require_scopes(self, scopes: Iterable[Scope]) -> None:
        """Raise `InsufficientScope` unless the token is good for all of *scopes*."""
        for scope in sorted(set(scopes)):
            self.require_scope(scope)

    def require_owner(self, actor: UserId) -> None:
        """Raise `AccessTokenNotFound` for anybody else: others must not learn that it exists."""
        if actor != self.owner_id:
            raise AccessTokenNotFound(self.id)

    def is_over(self, *, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def require_valid(self, *, now: datetime) -> None:
        if self.is_over(now=now):
            raise InvalidAccessToken
