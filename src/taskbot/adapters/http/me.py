"""The person whose access token it is."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get
from msgspec import Meta, Struct

from taskbot.adapters.http.dependencies import Actor, Users
from taskbot.adapters.http.problem_examples import problems
from taskbot.domain.user import Language, User


class Me(Struct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(description="A ULID.")]
    telegram_id: int
    name: Annotated[str, Meta(description="Empty until the person has written to the bot.")]
    language: Language
    timezone: Annotated[str, Meta(description="An IANA name.", examples=["Europe/Berlin"])]
    reachable: Annotated[bool, Meta(description="False while the person has blocked the bot.")]
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> "Me":
        return cls(
            id=str(user.id),
            telegram_id=user.telegram_id,
            name=user.name,
            language=user.language,
            timezone=user.timezone,
            reachable=user.reachable,
            created_at=user.created_at,
        )


class MeController(Controller):
    path = "/me"
    tags = ("me",)

    @get(operation_id="getMe", summary="Read who you are", responses=problems(400, 401))
    async def get_me(self, users: Users, actor: Actor) -> Me:
        return Me.of(await users.get(actor.id))
