"""One person's access tokens."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from attrs import field, frozen
from msgspec import Struct
from ulid import ULID

from taskbot.adapters.api_client.connection import Request, Session, read
from taskbot.adapters.api_client.task_conditions import moment_text
from taskbot.domain.access_token import Scope
from taskbot.domain.ids import AccessTokenId


@frozen(kw_only=True)
class TokenDetails:
    """An access token as others see it: *prefix* is the beginning of its secret."""

    id: AccessTokenId
    name: str
    prefix: str
    scopes: frozenset[Scope]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


@frozen
class NewToken:
    """The one time that the secret is seen."""

    details: TokenDetails
    secret: str = field(repr=False)


class _TokenShown(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    prefix: str
    scopes: frozenset[Scope]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None

    def details(self) -> TokenDetails:
        return TokenDetails(
            id=AccessTokenId(ULID.from_str(self.id)),
            name=self.name,
            prefix=self.prefix,
            scopes=self.scopes,
            created_at=self.created_at,
            last_used_at=self.last_used_at,
            expires_at=self.expires_at,
        )


class _TokensShown(Struct, frozen=True):
    items: list[_TokenShown]


class _SecretShown(_TokenShown, frozen=True, kw_only=True):
    token: str


@frozen
class TokensOfOne:
    """Needs a token of scope `account`."""

    _session: Session

    async def list(self) -> list[TokenDetails]:
        """All of them, the newest first."""
        response = await self._session.ask(Request(method="GET", path="/tokens"))
        return [one.details() for one in read(response, _TokensShown).items]

    async def create(
        self,
        name: str,
        *,
        scopes: Iterable[Scope] | None = None,
        expires_at: datetime | None = None,
    ) -> NewToken:
        """Make a token; it is good for no more than the one that is used here."""
        body: dict[str, Any] = {"name": name}
        if scopes is not None:
            body["scopes"] = sorted(scopes)
        if expires_at is not None:
            body["expires_at"] = moment_text(expires_at)
        return await self._new(Request(method="POST", path="/tokens", body=body))

    async def rotate(
        self, token_id: AccessTokenId, *, overlap: timedelta = timedelta(days=1)
    ) -> NewToken:
        """Make another of the same kind; the old secret stays good for *overlap* more."""
        body = {"overlap_seconds": int(overlap.total_seconds())}
        return await self._new(Request(method="POST", path=f"/tokens/{token_id}/rotate", body=body))

    async def revoke(self, token_id: AccessTokenId) -> None:
        """From now on it is good for nothing."""
        await self._session.ask(Request(method="DELETE", path=f"/tokens/{token_id}"))

    async def revoke_this(self) -> None:
        """Revoke the token that is used here."""
        await self._session.ask(Request(method="POST", path="/auth/revoke"))

    async def _new(self, request: Request) -> NewToken:
        shown = read(await self._session.ask(request), _SecretShown)
        return NewToken(shown.details(), shown.token)
