"""Who asks: access tokens in the Authorization header."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from attrs import field, frozen
from litestar import Request
from litestar.handlers.base import BaseRouteHandler
from litestar.openapi.spec import SecurityScheme
from litestar.types import Scope as AnyScope

from taskbot.application.access_tokens import Bearer
from taskbot.domain.access_token import AccessToken, Scope, digest_of
from taskbot.domain.errors import InvalidAccessToken
from taskbot.domain.user import User

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
_DIGEST: Final = "taskbot.token-digest"
_READS, _WRITES = "taskbot.reads", "taskbot.writes"
_ASKS_ITSELF: Final = "taskbot.asks-itself"
ASKS_ITSELF: Final = {_ASKS_ITSELF: True}
"""The `opt` of a handler that learns who asks together with its answer: see `BearerService`."""
_SCHEMES: Final = frozenset({"bearer", "token"})


def needs(
    *, reads: Scope | Iterable[Scope] | None, writes: Scope | Iterable[Scope] | None
) -> dict[str, tuple[Scope, ...]]:
    """The `opt` of a controller: what a token must be good for, to GET and to do all else.

    None: any token will do. Several: for all of them.
    """
    return {_READS: _all(reads), _WRITES: _all(writes)}


def asks_itself(handler: BaseRouteHandler) -> bool:
    return bool(handler.opt.get(_ASKS_ITSELF))


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


@frozen
class Credentials:
    """What stands for the token that a request shows, and what that has to be good for."""

    digest: bytes = field(repr=False)
    needs: tuple[Scope, ...]


def digest_in(scope: AnyScope) -> bytes:
    """What stands for the access token that is shown; raise `InvalidAccessToken` if none is.

    Nobody has looked yet whether there is such a token: it has the form of one.
    """
    known: bytes | None = scope["state"].get(_DIGEST)
    if known is None:
        shown = [
            value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"
        ]
        known = scope["state"][_DIGEST] = digest_of(secret_in(shown))
    return known


def credentials_of(scope: AnyScope) -> Credentials:
    """Raise `InvalidAccessToken` if there are none, or what cannot be any."""
    return Credentials(
        digest_in(scope), needed_scopes(scope["route_handler"], str(scope.get("method")))
    )


def let_in(scope: AnyScope, bearer: Bearer) -> None:
    """Note who asks, for handlers, limits and the log."""
    scope["user"], scope["auth"] = bearer.user, bearer.token


def actor_of(request: Request[User, Any, Any]) -> User:
    """Give the person that the guard found."""
    return request.user


def token_of(request: Request[User, AccessToken, Any]) -> AccessToken:
    """Give the access token that the guard found."""
    return request.auth
