"""The application's interface to a person's account over the API: see `interface`."""

from collections.abc import AsyncGenerator, Iterable
from datetime import datetime
from typing import Final

from attrs import frozen

from taskbot.adapters.api_client.me import Me
from taskbot.adapters.api_client.person_sessions import PersonSessions
from taskbot.adapters.api_client.statistics import StatisticsOfOne
from taskbot.adapters.api_client.tokens import TokenDetails, TokensOfOne
from taskbot.application.access_tokens import NewAccessToken
from taskbot.application.statistics import Statistics
from taskbot.domain.access_token import NAME_LIMIT, AccessToken, Scope
from taskbot.domain.ids import AccessTokenId, UserId
from taskbot.domain.text import shortened
from taskbot.domain.user import User

_NO_DIGEST: Final = b""


@frozen
class ApiProgress:
    """See `taskbot.application.interface.Progress`."""

    _sessions: PersonSessions

    async def statistics(
        self, *, actor: UserId, timezone: str, days: int = 30, weeks: int = 12
    ) -> Statistics:
        of_one = StatisticsOfOne(self._sessions.of(actor))
        return await of_one.get(timezone=timezone, days=days, weeks=weeks)


@frozen
class ApiAccessTokens:
    """See `taskbot.application.interface.AccessTokens`."""

    _sessions: PersonSessions

    def _of(self, actor: UserId) -> TokensOfOne:
        return TokensOfOne(self._sessions.of(actor))

    async def create(
        self,
        name: str,
        *,
        scopes: Iterable[Scope],
        expires_at: datetime | None = None,
        actor: UserId,
    ) -> NewAccessToken:
        name = shortened(name, NAME_LIMIT)  # the API takes no longer one
        new = await self._of(actor).create(name, scopes=scopes, expires_at=expires_at)
        return NewAccessToken(_token(new.details, actor), new.secret)

    async def list(self, *, actor: UserId) -> list[AccessToken]:
        return [_token(one, actor) for one in await self._of(actor).list()]

    async def revoke(self, token_id: AccessTokenId, *, actor: UserId) -> None:
        await self._of(actor).revoke(token_id)


def _token(details: TokenDetails, owner_id: UserId) -> AccessToken:
    return AccessToken(
        id=details.id,
        owner_id=owner_id,
        name=details.name,
        prefix=details.prefix,
        digest=_NO_DIGEST,
        created_at=details.created_at,
        expires_at=details.expires_at,
        scopes=details.scopes,
        last_used_at=details.last_used_at,
    )


@frozen
class ApiAccounts:
    """See `taskbot.application.interface.Accounts`."""

    _sessions: PersonSessions

    async def leave(self, *, actor: UserId) -> User:
        return await Me(self._sessions.of(actor)).leave()

    async def stay(self, *, actor: UserId) -> User:
        return await Me(self._sessions.of(actor)).stay()


@frozen
class ApiExports:
    """See `taskbot.application.interface.Exports`."""

    _sessions: PersonSessions

    async def document(self, *, actor: UserId) -> AsyncGenerator[bytes, None]:
        return Me(self._sessions.of(actor)).export()
