"""Signing in over HTTP, with what Telegram has signed."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, ClassVar

from litestar import Controller, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import UNSET, Meta, Struct, UnsetType

from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.confidential import CONFIDENTIAL
from taskbot.adapters.http.dependencies import SignIn
from taskbot.adapters.http.me import Me
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.problems import FieldProblem, Refused


class TelegramProof(Body, frozen=True, kw_only=True):
    """One of the two: what a Mini App got from Telegram, or what the Login Widget gave."""

    documented: ClassVar[Mapping[str, object]] = {
        "oneOf": [{"required": ["init_data"]}, {"required": ["widget"]}]
    }

    init_data: (
        Annotated[
            str,
            Meta(
                description="`Telegram.WebApp.initData`, as it is.", examples=["user=...&hash=..."]
            ),
        ]
        | UnsetType
    ) = UNSET
    widget: (
        Annotated[
            dict[str, str | int],
            Meta(
                description="All fields of the Login Widget.", examples=[{"id": 101, "hash": "..."}]
            ),
        ]
        | UnsetType
    ) = UNSET


class SignedInAnswer(Struct, frozen=True):
    token: Annotated[str, Meta(description="An access token, good for thirty days.")]
    user: Me
    created: Annotated[bool, Meta(description="Whether the person was unknown before.")]


class SignInController(Controller):
    path = "/auth"
    tags = ("access tokens",)

    @post(
        "/telegram",
        operation_id="signInWithTelegram",
        summary="Sign in with what Telegram has signed",
        description="Mini App data or the fields of the Login Widget, for this bot and not older "
        "than an hour. What is not signed is never believed.",
        status_code=HTTP_200_OK,
        opt=CONFIDENTIAL,
        responses=problems(400, 401, 409, 413, 415, 422),
    )
    async def sign_in(self, data: JSONBody[TelegramProof], sign_in: SignIn) -> SignedInAnswer:
        match data.init_data, data.widget:
            case str() as init_data, UnsetType():
                done = await sign_in.by_init_data(init_data)
            case UnsetType(), dict() as fields:
                done = await sign_in.by_widget(fields)
            case _:
                raise _one_of_two()
        return SignedInAnswer(done.access.secret, Me.of(done.user), done.is_new)


def _one_of_two() -> Refused:
    detail = "send init_data or widget, one of them"
    errors = tuple(
        FieldProblem.of(field, "proof-ambiguous", detail) for field in ("init_data", "widget")
    )
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "proof-ambiguous", detail, errors)
