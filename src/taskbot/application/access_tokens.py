"""Access tokens: letting programs act for a person."""

import contextlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from attrs import field, frozen
from ulid import ULID

from taskbot.application.ports import Clock, Queries, StorageUnavailable, Transactions, UnitOfWork
from taskbot.application.transactions import transactional
from taskbot.domain.access_token import (
    PERSONAL_SCOPES,
    AccessToken,
    Scope,
    digest_of,
    new_secret,
)
from taskbot.domain.errors import InvalidAccessToken
from taskbot.domain.ids import AccessTokenId, UserId
from taskbot.domain.user import User

OVERLAP: Final = timedelta(hours=24)
"""How long the old secret of a rotated token stays good, unless the caller says otherwise."""


@frozen
class NewAccessToken:
    """The one time that the secret is seen."""

    token: AccessToken
    secret: str = field(repr=False)


@frozen
class Bearer:
    """Who asks, and by which token."""

    user: User
    token: AccessToken


@frozen
class AccessTokenService:
    _transactions: Transactions
    _queries: Queries
    _clock: Clock

    async def create(
        self,
        name: str,
        *,
        scopes: Iterable[Scope] = PERSONAL_SCOPES,
        expires_at: datetime | None = None,
        actor: UserId,
        by: AccessToken | None = None,
    ) -> NewAccessToken:
        """Make a token that is good for *scopes* until *expires_at* (aware; None: for ever).

        *by*: the token that asks for it, and makes none that is good for more than itself: else
        `InsufficientScope`. None: no token does.
        """
        scopes = frozenset(scopes)
        if by is not None:
            by.require_scopes(scopes)
        new = self._new(name, scopes, expires_at, actor)
        await self._transactions.run(lambda uow: uow.access_tokens.add(new.token))
        return new

    def _new(
        self, name: str, scopes: Iterable[Scope], expires_at: datetime | None, actor: UserId
    ) -> NewAccessToken:
        secret = new_secret()
        token = AccessToken.for_secret(
            secret,
            id=AccessTokenId(ULID()),
            owner_id=actor,
            name=name,
            scopes=scopes,
            expires_at=expires_at,
            now=self._clock.now(),
        )
        return NewAccessToken(token, secret)

    async def list(self, *, actor: UserId) -> list[AccessToken]:
        """All of the person's tokens, the newest first; none of the secrets."""
        return await self._queries.access_tokens(actor)

    @transactional
    async def rotate(
        self,
        uow: UnitOfWork,
        token_id: AccessTokenId,
        *,
        overlap: timedelta = OVERLAP,
        actor: UserId,
        by: AccessToken | None = None,
    ) -> NewAccessToken:
        """Make another token of the same kind; the old one is good for *overlap* more.

        *by*: as for `create`.
        """
        old = await _own(uow, token_id, actor)
        if by is not None:
            by.require_scopes(old.scopes)
        new = self._new(old.name, old.scopes, old.expires_at, actor)
        await uow.access_tokens.add(new.token)
        await uow.access_tokens.update(old.end(at=self._clock.now() + overlap))
        return new

    @transactional
    async def revoke(self, uow: UnitOfWork, token_id: AccessTokenId, *, actor: UserId) -> None:
        """From now on the token is good for nothing. Raise `AccessTokenNotFound`."""
        await _own(uow, token_id, actor)
        await uow.access_tokens.delete(token_id)

    async def authenticate(self, secret: str, *, needs: Collection[Scope] = ()) -> Bearer:
        """Whose token it is. Raise `InvalidAccessToken` without saying what is wrong with it.

        And `InsufficientScope` if it is not good for all that is needed.
        """
        return await self.recognize(digest_of(secret), needs=needs)

    async def recognize(self, digest: bytes, *, needs: Collection[Scope] = ()) -> Bearer:
        """As `authenticate`, by what stands for the secret: see `digest_of`."""
        held = await self._queries.holder(digest)
        if held is None:
            raise InvalidAccessToken
        return await self.admit(*held, needs=needs)

    async def admit(
        self, token: AccessToken, user: User, *, needs: Collection[Scope] = ()
    ) -> Bearer:
        """The holder of a token that was found, if it is good: raise as `authenticate`."""
        now = self._clock.now()
        token.require_valid(now=now)
        if user.has_left(now=now):
            raise InvalidAccessToken
        if token.use(now=now) is not token:
            with contextlib.suppress(StorageUnavailable):  # worth no more than a note
                await self._transactions.run(
                    lambda uow: uow.access_tokens.note_use(token.id, at=now)
                )
        for scope in needs:
            token.require_scope(scope)
        return Bearer(user, token)


async def _own(uow: UnitOfWork, token_id: AccessTokenId, actor: UserId) -> AccessToken:
    token = await uow.access_tokens.get(token_id)
    token.require_owner(actor)
    return token
