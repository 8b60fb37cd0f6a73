"""The cookie by which a browser has a session, and who it makes of a request."""

import ipaddress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.auth import AdminUser

from taskbot.adapters.admin.mounting import PREFIX
from taskbot.adapters.admin.words import say
from taskbot.adapters.client_addresses import subscriber_of
from taskbot.domain.operator import Operator

COOKIE: Final = "taskbot_admin"
_RENEWAL: Final = "alone"
_LOOPBACK_NAME: Final = "localhost"

_Response = TypeVar("_Response", bound=Response)


@dataclass
class SignedIn(AdminUser):
    """Whom the library shows; *operator* is who acts."""

    operator: Operator = field(kw_only=True)


def operator_of(request: Request) -> Operator:
    user = request.state.admin_user
    if not isinstance(user, SignedIn):
        raise TypeError("nobody is signed in")
    return user.operator


def client_of(request: Request) -> str:
    """Where they act from, as sign-ins are counted and as the audit log has it."""
    return subscriber_of(request.client.host if request.client else None)


def is_renewal(request: Request) -> bool:
    """Whether a page that stands open asks for itself anew, without anybody having done a thing."""
    return _RENEWAL in request.query_params


def session_secret(request: Request) -> str | None:
    """What the browser shows; None for a file, which anybody may have."""
    if request.url.path.startswith(f"{PREFIX}/static/"):
        return None
    return request.cookies.get(COOKIE)


def keep_session(request: Request, response: _Response, secret: str) -> _Response:
    """Have the browser show *secret* from now on, in the place of any it has."""
    response.set_cookie(
        COOKIE,
        secret,
        path=PREFIX,
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",  # a link in a chat leads to a page, not to signing in once more
    )
    return response


def lose_session(request: Request, response: _Response) -> _Response:
    response.delete_cookie(
        COOKIE,
        path=PREFIX,
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
    )
    return response


def refuse_plain_http(request: Request) -> None:
    """Let no password, and no session, travel in the clear, but for within this machine."""
    if request.url.scheme == "https" or _is_loopback(request.url.hostname or ""):
        return
    raise HTTPException(
        HTTPStatus.FORBIDDEN,
        say(
            "Signing in is possible over https alone. Behind a proxy that speaks TLS, name it in "
            "TASKBOT_TRUSTED_PROXIES."
        ),
    )


def _is_loopback(host: str) -> bool:
    if host == _LOOPBACK_NAME:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
