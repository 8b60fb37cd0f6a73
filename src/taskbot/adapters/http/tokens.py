"""Access tokens over HTTP: for programs that look after their own."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from litestar import Controller, delete, get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_204_NO_CONTENT
from msgspec import UNSET, Meta, Struct, UnsetType

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.confidential import CONFIDENTIAL
from taskbot.adapters.http.dependencies import Actor, Tokens, UsedToken
from taskbot.adapters.http.parameters import TokenIdInPath, token_id_from
from taskbot.adapters.http.problem_examples import problems
from taskbot.application.access_tokens import OVERLAP, NewAccessToken
from taskbot.domain.access_token import AccessToken, Scope

_LONGEST_OVERLAP_SECONDS: Final = 30 * 86_400


class NewToken(Body, frozen=True, kw_only=True):
    name: Annotated[
        str, Meta(min_length=1, max_length=100, description="To tell it from others.",
                  examples=["laptop"])
    ]  # fmt: skip
    scopes: (
        Annotated[
            list[Scope],
            Meta(
                description="What it is good for; by default what the token is that you use.",
                extra_json_schema={"extra": {"min_items": 1}},  # for the description alone
            ),
        ]
        | UnsetType
    ) = UNSET
    expires_at: (
        Annotated[
            datetime,
            Meta(
                tz=True,
                description="When it ends (RFC 3339, with its offset); null: never.",
                examples=["2031-05-17T18:00:00+03:00"],
            ),
        ]
        | None
    ) = None


class Rotation(Body, frozen=True, kw_only=True):
    overlap_seconds: Annotated[
        int,
        Meta(
            ge=0,
            le=_LONGEST_OVERLAP_SECONDS,
            description="How long the old secret stays good.",
            examples=[3600],
        ),
    ] = int(OVERLAP.total_seconds())


class TokenDetails(Struct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(description="A ULID.", examples=["01K2Y7V9M1T5C8R2E4H6P0QSZX"])]
    name: Annotated[str, Meta(examples=["laptop"])]
    prefix: Annotated[str, Meta(description="How its secret begins.", examples=["tb_4kT9x"])]
    scopes: list[Scope]
    created_at: datetime
    last_used_at: Annotated[datetime, Meta(description="To the minute or so.")] | None
    expires_at: Annotated[datetime, Meta(description="Null: never.")] | None


class TokenWithSecret(TokenDetails, frozen=True, kw_only=True):
    """The one time that the secret is shown."""

    token: Annotated[str, Meta(description="The secret itself. Keep it: it is not shown again.")]


class TokenList(Struct, frozen=True):
    """All of a person's tokens, the newest first."""

    items: list[TokenDetails]
    next_cursor: Annotated[str, Meta(description="Always null: they come on one page.")] | None


def token_details(token: AccessToken) -> TokenDetails:
    return TokenDetails(
        id=str(token.id),
        name=token.name,
        prefix=token.prefix,
        scopes=sorted(token.scopes),
        created_at=token.created_at,
        last_used_at=token.last_used_at,
        expires_at=token.expires_at,
    )


def _with_secret(new: NewAccessToken) -> TokenWithSecret:
    shown = token_details(new.token)
    return TokenWithSecret(
        token=new.secret, **{name: getattr(shown, name) for name in shown.__struct_fields__}
    )


class TokenController(Controller):
    path = "/tokens"
    opt = needs(reads=Scope.ACCOUNT, writes=Scope.ACCOUNT)
    tags = ("access tokens",)

    @get(
        operation_id="listTokens",
        summary="List access tokens",
        description="Never their secrets.",
        responses=problems(400, 401, 403),
    )
    async def list_tokens(self, tokens: Tokens, actor: Actor) -> TokenList:
        return TokenList(
            [token_details(token) for token in await tokens.list(actor=actor.id)], None
        )

    @post(
        operation_id="createToken",
        summary="Make an access token",
        description="It is good for no more than the one that you use.",
        opt=CONFIDENTIAL,
        responses=problems(400, 401, 403, 413, 415, 422),
    )
    async def create(
        self, data: JSONBody[NewToken], tokens: Tokens, actor: Actor, used_token: UsedToken
    ) -> TokenWithSecret:
        scopes = used_token.scopes if isinstance(data.scopes, UnsetType) else data.scopes
        new = await tokens.create(
            data.name, scopes=scopes, expires_at=data.expires_at, actor=actor.id, by=used_token
        )
        return _with_secret(new)

    @post(
        "/{token_id:str}/rotate",
        operation_id="rotateToken",
        summary="Change the secret of an access token",
        description="Makes another token of the same kind; the old one is good for a while more. "
        "It is good for no more than the one that you use.",
        opt=CONFIDENTIAL,
        responses=problems(400, 401, 403, 404, 413, 415, 422),
    )
    async def rotate(
        self,
        token_id: TokenIdInPath,
        data: JSONBody[Rotation],
        tokens: Tokens,
        actor: Actor,
        used_token: UsedToken,
    ) -> TokenWithSecret:
        overlap = timedelta(seconds=data.overlap_seconds)
        new = await tokens.rotate(
            token_id_from(token_id), overlap=overlap, actor=actor.id, by=used_token
        )
        return _with_secret(new)

    @delete(
        "/{token_id:str}",
        operation_id="revokeToken",
        summary="Revoke an access token",
        description="At once, everywhere.",
        responses=problems(400, 401, 403, 404),
    )
    async def revoke(self, token_id: TokenIdInPath, tokens: Tokens, actor: Actor) -> None:
        await tokens.revoke(token_id_from(token_id), actor=actor.id)


class AuthController(Controller):
    path = "/auth"
    opt = needs(reads=None, writes=None)
    tags = ("access tokens",)

    @post(
        "/revoke",
        operation_id="revokeThisToken",
        summary="Revoke the access token that you use",
        status_code=HTTP_204_NO_CONTENT,
        responses=problems(400, 401),
    )
    async def revoke(self, tokens: Tokens, actor: Actor, used_token: UsedToken) -> None:
        await tokens.revoke(used_token.id, actor=actor.id)
