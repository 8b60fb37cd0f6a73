"""How often somebody may ask: by access token, and by address where there is no valid one.

Said in the `RateLimit` fields of the IETF (draft-ietf-httpapi-ratelimit-headers).
"""

from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Final

from attrs import frozen
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.utils import normalize_path

from taskbot.adapters.client_addresses import subscriber_of
from taskbot.adapters.http.authentication import digest_in
from taskbot.adapters.http.paths import DOCS_PATH, HEALTH_PATH, OPENAPI_PATH, SIGN_IN_PATH
from taskbot.adapters.http.problems import Refused, send_problem
from taskbot.application.ports import Allowance, Quota, RateLimiter
from taskbot.domain.errors import InvalidAccessToken

TOO_MANY: Final = "rate-limit-exceeded"
_STATE: Final = "taskbot.rate-limit"
_FREE: Final = ("/", DOCS_PATH, OPENAPI_PATH)
_FREE_BELOW: Final = (f"{DOCS_PATH}/", f"{HEALTH_PATH}/")


@frozen
class Limits:
    """None: no limit."""

    limiter: RateLimiter
    per_token: Quota | None
    per_address: Quota | None


@frozen
class _Standing:
    """How one client stands with one quota; *name* is the policy's in the header fields."""

    name: str
    quota: Quota
    allowance: Allowance

    def headers(self) -> Mapping[str, str]:
        quota, left = self.quota, self.allowance
        window, full = ceil(quota.window.total_seconds()), ceil(left.full_in.total_seconds())
        return {
            "RateLimit-Policy": f'"{self.name}";q={quota.requests};w={window}',
            "RateLimit": f'"{self.name}";r={left.remaining};t={full}',
        }

    def refusal(self) -> Refused:
        wait = max(ceil(self.allowance.wait.total_seconds()), 1)
        return Refused(
            HTTPStatus.TOO_MANY_REQUESTS,
            TOO_MANY,
            f"too many requests: the next one may come in {wait} s",
            headers={"Retry-After": str(wait)},
        )


class Limited:
    """The application without what comes too often. Costs the database nothing.

    A token counts as long as nobody has looked at it; one that turns out to be no good is charged
    to the address, and its answer withheld if that has used up its own: so nobody gets further
    with made-up tokens than without any.
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = normalize_path(scope["path"])
        if path in _FREE or path.startswith(_FREE_BELOW):
            await self._app(scope, receive, send)
            return
        digest = None if path == SIGN_IN_PATH else _digest(scope)
        if digest is None:
            if await self._may_by_address(scope, receive, send):
                await self._app(scope, receive, send)
        elif await self._may(scope, receive, send, "token", digest, self._limits.per_token):
            await self._app(scope, receive, self._only_if_valid(scope, receive, send))

    def _only_if_valid(self, scope: Scope, receive: Receive, send: Send) -> Send:
        withheld = False

        async def send_or_refuse(message: Message) -> None:
            nonlocal withheld
            if message["type"] == "http.response.start" and scope.get("auth") is None:
                withheld = not await self._may_by_address(scope, receive, send)
            if not withheld:
                await send(message)

        return send_or_refuse

    async def _may_by_address(self, scope: Scope, receive: Receive, send: Send) -> bool:
        client = scope.get("client")
        who = subscriber_of(client[0] if client else None)
        return await self._may(scope, receive, send, "address", who, self._limits.per_address)

    async def _may(
        self, scope: Scope, receive: Receive, send: Send, name: str, who: str, quota: Quota | None
    ) -> bool:
        """Use up one request; answer with a refusal if there is none left."""
        if quota is None:
            return True
        allowance = await self._limits.limiter.take(f"{name}:{who}", quota)
        scope["state"][_STATE] = standing = _Standing(name, quota, allowance)
        if allowance.is_granted:
            return True
        await send_problem(standing.refusal(), scope, receive, send)
        return False


def _digest(scope: Scope) -> str | None:
    """What stands for the token that was sent, if it has the form of one of ours."""
    try:
        return digest_in(scope).hex()
    except InvalidAccessToken:
        return None


def limits_shown(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Headers that say how the client stands."""
    standing: _Standing | None = scope["state"].get(_STATE)
    if standing is None:
        return []
    return [(name.lower().encode(), text.encode()) for name, text in standing.headers().items()]
