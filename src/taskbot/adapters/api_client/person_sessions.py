"""Asking for each of many people, by what the holder of the bot's token signs."""

import asyncio
import logging
from collections import OrderedDict
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

import httpx
from attrs import define, field, frozen

from taskbot.adapters.api_client.answers import SignedInShown, UserShown
from taskbot.adapters.api_client.connection import Connection, Request, read
from taskbot.adapters.api_client.errors import ApiUnavailable
from taskbot.application.ports import ApiTokenStore, Clock, IdentitySigner, SignedPerson
from taskbot.domain.errors import (
    InvalidAccessToken,
    SignInUnavailable,
    UnprovenIdentity,
    UserNotFound,
)
from taskbot.domain.ids import UserId
from taskbot.domain.user import User

_log = logging.getLogger(__name__)

_KEPT_FOR: Final = timedelta(days=29)
"""The API's tokens are good for thirty days; one that ends earlier is found out by its refusal."""
_MOST_REMEMBERED: Final = 10_000


@frozen
class PersonSession:
    """Signs the person in when need be, and once more if their token is good no longer."""

    _sessions: "PersonSessions"
    _person: SignedPerson
    _owner_id: UserId

    async def ask(self, request: Request) -> httpx.Response:
        return await self._sessions.ask(self._person, request)

    async def owner_id(self) -> UserId:
        return self._owner_id


@define
class PersonSessions:
    """Tokens are kept in the store: who asks next, in whichever process, finds them there."""

    _connection: Connection
    _signer: IdentitySigner
    _tokens: ApiTokenStore
    _clock: Clock
    _met: OrderedDict[UserId, SignedPerson] = field(init=False, factory=OrderedDict)
    _turns: WeakValueDictionary[int, asyncio.Lock] = field(
        init=False, factory=WeakValueDictionary, repr=False
    )

    def remember(self, user_id: UserId, person: SignedPerson) -> None:
        """From now on *user_id* is enough to ask for them; those met long ago are forgotten."""
        self._met[user_id] = person
        self._met.move_to_end(user_id)
        while len(self._met) > _MOST_REMEMBERED:
            self._met.popitem(last=False)

    def of(self, user_id: UserId) -> PersonSession:
        """Raise `UserNotFound` for somebody who was not met."""
        person = self._met.get(user_id)
        if person is None:
            raise UserNotFound(user_id)
        return PersonSession(self, person, user_id)

    async def look(self, person: SignedPerson) -> User | None:
        """As whom they are known over there; None if they are not signed in here."""
        if await self._tokens.read(person.telegram_id) is None:
            return None
        return read(await self.ask(person, Request(method="GET", path="/me")), UserShown).user()

    async def ask(self, person: SignedPerson, request: Request) -> httpx.Response:
        secret = await self._secret(person, refused=None)
        try:
            return await self._connection.ask(request, secret=secret)
        except InvalidAccessToken:
            secret = await self._secret(person, refused=secret)
        try:
            return await self._connection.ask(request, secret=secret)
        except InvalidAccessToken:
            raise ApiUnavailable("a fresh access token is refused") from None

    async def _secret(self, person: SignedPerson, *, refused: str | None) -> str:
        """A token that was not *refused*; one sign-in of a person at a time."""
        known = await self._tokens.read(person.telegram_id)
        if known is not None and known != refused:
            return known
        async with self._turn_of(person):
            known = await self._tokens.read(person.telegram_id)  # somebody was quicker?
            if known is not None and known != refused:
                return known
            return (await self._sign_in(person)).token

    async def sign_in(self, person: SignedPerson) -> SignedInShown:
        """Sign in whoever *person* says, with what is told of them, and keep the token."""
        async with self._turn_of(person):
            return await self._sign_in(person)

    def _turn_of(self, person: SignedPerson) -> asyncio.Lock:
        return self._turns.setdefault(person.telegram_id, asyncio.Lock())

    async def _sign_in(self, person: SignedPerson) -> SignedInShown:
        body = {"init_data": self._signer.sign(person, now=self._clock.now())}
        request = Request(method="POST", path="/auth/telegram", body=body)
        try:
            response = await self._connection.ask(request, secret=None)
        except (UnprovenIdentity, SignInUnavailable) as refusal:
            _log.error(
                "the API does not let this bot sign people in (%s): is its bot token the same, "
                "and do the clocks agree?",
                refusal.code,
            )
            raise ApiUnavailable("people cannot be signed in") from None
        signed_in = read(response, SignedInShown)
        await self._tokens.write(person.telegram_id, signed_in.token, ttl=_KEPT_FOR)
        return signed_in
