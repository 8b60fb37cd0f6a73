"""Who asks: access tokens in the Authorization header."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.openapi.spec import SecurityScheme

from taskbot.application.access_tokens import AccessTokenService
from taskbot.domain.access_token import AccessToken, Scope
from taskbot.domain.errors import InvalidAccessToken
from taskbot.domain.user import User

Guard: TypeAlias = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]

SECURITY_SCHEME: Final = "accessToken"
ACCESS_TOKEN_SCHEME: Final = SecurityScheme(
    type="http",
    scheme="bearer",
    bearer_format="tb_...",
    description=(
        "An access token, made by `taskbot token create`: `Authorization: Bearer tb_...`. "
        "The spelling `Token tb_...` is understood as well."
    ),
)
_READS, _WRITES = "taskbot.reads", "taskbot.writes"
_SCHEMES: Final = frozenset({"bearer", "token"})


def access_token_required(access_tokens: AccessTokenService) -> Guard:
    """A guard that raises `InvalidAccessToken` unless the request says whose it is.

    And `InsufficientScope` if the token is not good for what is asked: see `needs`.
    """

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        bearer = await access_tokens.authenticate(
            secret_in(connection.headers.getall("authorization", []))
        )
        for scope in needed_scopes(handler, str(connection.scope.get("method"))):
            bearer.token.require_scope(scope)
        connection.scope["user"], connection.scope["auth"] = bearer.user, bearer.token

    return guard


def needs(
    *, reads: Scope | Iterable[Scope] | None, writes: Scope | Iterable[Scope] | None
) -> dict[str, tuple[Scope, ...]]:
    """The `opt` of a controller: what a token must be good for, to GET and to do all else.

    None: any token will do. Several: for all of them.
    """
    return {_READS: _all(reads), _WRITES: _all(writes)}


def needed_scopes(handler: BaseRouteHandler, method: str) -> tuple[Scope, ...]:
    """What a token must be good for, to call *handler* by *method*; as `needs` says."""
    if method == "OPTIONS":  # what a path allows is no secret to whoever is let in
        return ()
    scopes: tuple[Scope, ...] = handler.opt[_READS if method == "GET" else _WRITES]
    return scopes


def _all(scopes: Scope | Iterable[Scope] | None) -> tuple[Scope, ...]:
    if scopes is None:
        return ()
    return (scopes,) if isinstance(scopes, Scope) else tuple(scopes)


def secret_in(authorization: Sequence[str]) -> str:
    """The access token in the values of that header; raise `InvalidAccessToken` without one."""
    if len(authorization) != 1:
        raise InvalidAccessToken
    scheme, _, secret = authorization[0].partition(" ")
    if scheme.lower() not in _SCHEMES:
        raise InvalidAccessToken
    return secret.strip(" ")


def actor_of(request: Request[User, Any, Any]) -> User:
    """Give the person that the guard found."""
    return request.user


def token_of(request: Request[User, AccessToken, Any]) -> AccessToken:
    """Give the access token that the guard found."""
    return request.auth
