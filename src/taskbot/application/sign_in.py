"""Signing in: from what Telegram has signed to an access token."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from attrs import frozen

from taskbot.application.access_tokens import AccessTokenService, NewAccessToken
from taskbot.application.ports import Clock, IdentityProofs, SignedPerson
from taskbot.application.users import MeetUser, UserService
from taskbot.domain.errors import SignInUnavailable
from taskbot.domain.user import User

VALID_FOR: Final = timedelta(days=30)
SIGN_IN: Final = "Telegram"
"""Of the access tokens that are made by signing in, to tell them from those made by hand."""


@frozen
class SignedIn:
    """*is_new*: the person was unknown before."""

    user: User
    access: NewAccessToken
    is_new: bool


@frozen
class SignInService:
    """Raises `UnprovenIdentity`, and `SignInUnavailable` where no bot token is known."""

    _users: UserService
    _access_tokens: AccessTokenService
    _proofs: IdentityProofs | None
    _clock: Clock

    async def by_init_data(self, init_data: str) -> SignedIn:
        person = self._known_proofs.by_init_data(init_data, now=self._clock.now())
        return await self._sign_in(person)

    async def by_widget(self, fields: Mapping[str, Any]) -> SignedIn:
        return await self._sign_in(self._known_proofs.by_widget(fields, now=self._clock.now()))

    @property
    def _known_proofs(self) -> IdentityProofs:
        if self._proofs is None:
            raise SignInUnavailable
        return self._proofs

    async def _sign_in(self, person: SignedPerson) -> SignedIn:
        meeting = await self._users.recognize(person.telegram_id, person.language_tag)
        user = await self._as_told(meeting.user, person)
        expires_at = self._clock.now() + VALID_FOR
        access = await self._access_tokens.create(SIGN_IN, expires_at=expires_at, actor=user.id)
        return SignedIn(user, access, meeting.is_new)

    async def _as_told(self, user: User, person: SignedPerson) -> User:
        """What is signed about writing to the person is as good as a message of theirs, or none."""
        match person.may_write:
            case True:
                name = person.name or str(person.telegram_id)
                met = MeetUser(
                    telegram_id=user.telegram_id, name=name, language_tag=person.language_tag
                )
                return (await self._users.meet(met)).user
            case False:
                return await self._users.lose(user.telegram_id)
            case None:
                return user
