"""Access tokens: letting programs act for a person."""

from attrs import frozen
from ulid import ULID

from taskbot.application.ports import Clock, Queries, Transactions
from taskbot.domain.access_token import AccessToken, digest_of, new_secret
from taskbot.domain.errors import InvalidAccessToken
from taskbot.domain.ids import AccessTokenId, UserId
from taskbot.domain.user import User


@frozen
class NewAccessToken:
    """The one time that the secret is seen."""

    token: AccessToken
    secret: str


@frozen
class AccessTokenService:
    _transactions: Transactions
    _queries: Queries
    _clock: Clock

    async def create(self, name: str, *, actor: UserId) -> NewAccessToken:
        secret = new_secret()
        token = AccessToken.for_secret(
            secret, id=AccessTokenId(ULID()), owner_id=actor, name=name, now=self._clock.now()
        )
        await self._transactions.run(lambda uow: uow.access_tokens.add(token))
        return NewAccessToken(token, secret)

    async def authenticate(self, secret: str) -> User:
        """Whose token it is. Raise `InvalidAccessToken` without saying what is wrong with it."""
        held = await self._queries.holder(digest_of(secret))
        if held is None:
            raise InvalidAccessToken
        token, user = held
        token.require_valid(now=self._clock.now())
        return user
