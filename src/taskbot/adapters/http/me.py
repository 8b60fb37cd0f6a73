"""The person whose access token it is."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from litestar import Controller, delete, get, patch, post
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED
from msgspec import UNSET, Meta, Struct, UnsetType

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.bodies import Body, or_keep
from taskbot.adapters.http.dependencies import Accounts, Actor, Users
from taskbot.adapters.http.etags import IfMatch, expected_version, precondition
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.application.keep import KEEP
from taskbot.application.users import EditUser
from taskbot.domain.access_token import Scope
from taskbot.domain.deadline import local_day
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.user import LEAD_TIMES_LIMIT, LONGEST_LEAD_TIME, Language, User

_MINUTE: Final = timedelta(minutes=1)
_MOST_MINUTES: Final = LONGEST_LEAD_TIME // _MINUTE
_MOST_LEAD_TIMES: Final = LEAD_TIMES_LIMIT
_CLOCK: Final = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


# For the description alone, where Litestar leaves it out.
_MINUTES: Final = Schema(type=OpenAPIType.INTEGER, minimum=0, maximum=_MOST_MINUTES)


class Me(Struct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(description="A ULID.")]
    telegram_id: int
    name: Annotated[str, Meta(description="Empty until the person has written to the bot.")]
    language: Language
    timezone: Annotated[str, Meta(description="An IANA name.", examples=["Europe/Berlin"])]
    timezone_chosen: Annotated[
        bool,
        Meta(description="False while the time zone is a guess, which nobody has confirmed."),
    ]
    lead_times: Annotated[
        list[int],
        Meta(description="Minutes ahead of a deadline at which to remind.", examples=[[60, 0]]),
    ]
    day_start: Annotated[
        str, Meta(description="When to remind of what is due on a whole day.", examples=["09:00"])
    ]
    notifications: Annotated[
        bool, Meta(description="False while reminders are paused.", examples=[True])
    ]
    reachable: Annotated[bool, Meta(description="False while the person has blocked the bot.")]
    deletion_at: (
        Annotated[
            datetime, Meta(description="When all of this will be deleted, if that was asked for.")
        ]
        | None
    )
    created_at: datetime
    version: Annotated[int, Meta(description="Counts the changes.", examples=[1])]

    @classmethod
    def of(cls, user: User) -> "Me":
        return cls(
            id=str(user.id),
            telegram_id=user.telegram_id,
            name=user.name,
            language=user.language,
            timezone=user.timezone,
            timezone_chosen=user.timezone_chosen,
            lead_times=[lead // _MINUTE for lead in user.preferences.lead_times],
            day_start=f"{user.preferences.day_start:%H:%M}",
            notifications=not user.paused,
            reachable=user.reachable,
            deletion_at=user.deletion_at,
            created_at=user.created_at,
            version=user.version,
        )


class MeChanges(Body, frozen=True, kw_only=True):
    """Only what is sent changes."""

    documented: ClassVar[Mapping[str, object]] = {
        "dependentRequired": {"timed_deadlines": ["timezone"]}
    }

    language: (
        Annotated[Language, Meta(description="Of all that the bot says.", examples=["ru"])]
        | UnsetType
    ) = UNSET
    timezone: (
        Annotated[str, Meta(description="An IANA name.", examples=["Europe/Berlin"])] | UnsetType
    ) = UNSET
    timed_deadlines: (
        Annotated[
            TimedDeadlines,
            Meta(
                description="With another time zone: whether open tasks that are due at a moment "
                "keep that moment, as they do if this is left out, or what the clock shows.",
                examples=["keep_clock"],
            ),
        ]
        | UnsetType
    ) = UNSET
    lead_times: (
        Annotated[
            list[Annotated[int, Meta(ge=0, le=_MOST_MINUTES)]],
            Meta(
                max_length=_MOST_LEAD_TIMES,
                description="Minutes ahead of a deadline at which to remind; 0 is at the moment.",
                examples=[[60, 0]],
                extra_json_schema={"extra": {"items": _MINUTES}},
            ),
        ]
        | UnsetType
    ) = UNSET
    day_start: (
        Annotated[
            str,
            Meta(
                pattern=_CLOCK,
                description="When to remind of what is due on a whole day, by the person's clock.",
                examples=["09:00"],
            ),
        ]
        | UnsetType
    ) = UNSET
    notifications: (
        Annotated[
            bool,
            Meta(
                description="False pauses all reminders; with true those that fell due meanwhile "
                "are sent, late.",
                examples=[True],
            ),
        ]
        | UnsetType
    ) = UNSET

    def moments(self) -> TimedDeadlines:
        """What a move leaves of moments; raise `Refused` where nobody moves."""
        if isinstance(self.timed_deadlines, UnsetType):
            return TimedDeadlines.KEEP_MOMENT
        if isinstance(self.timezone, UnsetType):
            problem = FieldProblem.of(
                "timed_deadlines", "field-alone", "this field goes with `timezone`"
            )
            raise Refused(
                HTTPStatus.UNPROCESSABLE_ENTITY, "fields-invalid", problem.detail, (problem,)
            )
        return self.timed_deadlines


class Leaving(Struct, frozen=True, kw_only=True):
    """Until then it can be taken back."""

    deleted_on: Annotated[
        date, Meta(description="By your calendar; no reminders are sent until then.")
    ]
    deletion_at: Annotated[datetime, Meta(description="The moment, in UTC.")]


class MeController(Controller):
    path = "/me"
    opt = needs(reads=None, writes=Scope.ACCOUNT)
    tags = ("me",)

    @get(operation_id="getMe", summary="Read who you are", responses=problems(400, 401))
    async def get_me(self, users: Users, actor: Actor) -> Me:
        return Me.of(await users.get(actor.id))

    @patch(
        operation_id="updateMe",
        summary="Change how you are spoken to and reminded",
        description="Only what is sent changes. Reminders that lie ahead follow; with another "
        "time zone whole days move along, and moments stay, or keep what the clock shows "
        "(`timed_deadlines`).",
        responses=problems(400, 401, 403, 409, 412, 413, 415, 422),
    )
    async def update_me(
        self, data: JSONBody[MeChanges], users: Users, actor: Actor, if_match: IfMatch = None
    ) -> Me:
        lead_times, day_start = or_keep(data.lead_times), or_keep(data.day_start)
        command = EditUser(
            actor=actor.id,
            version=expected_version(if_match),
            language=or_keep(data.language),
            timezone=or_keep(data.timezone),
            timed_deadlines=data.moments(),
            lead_times=KEEP if lead_times is KEEP else [lead * _MINUTE for lead in lead_times],
            day_start=KEEP if day_start is KEEP else time.fromisoformat(day_start),
            notifications=or_keep(data.notifications),
        )
        with precondition(if_match):
            return Me.of(await users.edit(command))

    @delete(
        operation_id="deleteMe",
        summary="Have your account deleted",
        description="With everything in it, after 14 days. Until then it can be taken back; you "
        "can go on as before, but no reminders are sent. Asking again postpones nothing. "
        "Afterwards nothing is left, and no access token is good any more.",
        status_code=HTTP_202_ACCEPTED,
        responses=problems(400, 401, 403),
    )
    async def delete_me(self, accounts: Accounts, actor: Actor) -> Leaving:
        user = await accounts.leave(actor=actor.id)
        if user.deletion_at is None:
            raise AssertionError("who leaves does so at a moment")
        deleted_on = local_day(user.deletion_at, user.timezone)
        return Leaving(deleted_on=deleted_on, deletion_at=user.deletion_at)

    @post(
        "/restore",
        operation_id="restoreMe",
        summary="Keep your account after all",
        description="Reminders that were held back are sent again, late ones at once.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 409),
    )
    async def restore_me(self, accounts: Accounts, actor: Actor) -> Me:
        return Me.of(await accounts.stay(actor=actor.id))
