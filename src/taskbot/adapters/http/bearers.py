"""Who is let in: whoever shows an access token that is good for what is asked."""

from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from taskbot.adapters.http.authentication import (
    Credentials,
    asks_itself,
    credentials_of,
    let_in,
)
from taskbot.adapters.http.bare_litestar import Layer
from taskbot.adapters.http.refusals import domain_refusal, storage_unavailable
from taskbot.application.access_tokens import AccessTokenService
from taskbot.application.ports import StorageUnavailable
from taskbot.domain.errors import InsufficientScope, InvalidAccessToken


def bearers_alone(access_tokens: AccessTokenService) -> Layer:
    """A layer that lets in who shows a good token; raises `InvalidAccessToken` and so on."""
    return lambda app: BearersAlone(app, access_tokens)


class BearersAlone:
    """The handlers behind it, for bearers alone; raises `InvalidAccessToken`, `InsufficientScope`.

    Some handlers learn with their answer who asks, so that the storage is asked once. What is
    said before that is known is held back until it is: nobody else learns so much as that a
    parameter was wrong.
    """

    def __init__(self, app: ASGIApp, access_tokens: AccessTokenService) -> None:
        self._app, self._access_tokens = app, access_tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        credentials = credentials_of(scope)
        if asks_itself(scope["route_handler"]) and scope.get("method") == "GET":
            await self._app(
                scope, receive, self._only_to_bearers(credentials, scope, receive, send)
            )
            return
        await self._let_in(credentials, scope)
        await self._app(scope, receive, send)

    async def _let_in(self, credentials: Credentials, scope: Scope) -> None:
        bearer = await self._access_tokens.recognize(credentials.digest, needs=credentials.needs)
        let_in(scope, bearer)

    def _only_to_bearers(
        self, credentials: Credentials, scope: Scope, receive: Receive, send: Send
    ) -> Send:
        withheld = False

        async def send_or_refuse(message: Message) -> None:
            nonlocal withheld
            if message["type"] == "http.response.start" and _says_something(message, scope):
                request: Request[Any, Any, Any] = Request(scope, receive)
                try:
                    await self._let_in(credentials, scope)
                except (InvalidAccessToken, InsufficientScope) as refusal:
                    withheld = True
                    await _answer(domain_refusal(request, refusal), request, send)
                except StorageUnavailable as error:
                    withheld = True
                    await _answer(storage_unavailable(request, error), request, send)
            if not withheld:
                await send(message)

        return send_or_refuse


def _says_something(start: Any, scope: Scope) -> bool:
    """Whether it is an answer to somebody unknown that says more than that it is none."""
    status = start["status"]
    is_refusal = status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    return scope.get("auth") is None and not (
        is_refusal or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )


async def _answer(response: Response[Any], request: Request[Any, Any, Any], send: Send) -> None:
    answer = response.to_asgi_response(None, request)
    await answer(request.scope, request.receive, send)
