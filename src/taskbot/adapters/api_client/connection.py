"""The way to the API: one request and its answer, tried again where that is safe."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from time import perf_counter
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeVar

import httpx
import msgspec
from attrs import Factory, field, frozen
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)
from ulid import ULID

from taskbot.adapters.api_client.errors import (
    ApiFailed,
    ApiUnavailable,
    TooManyRequests,
    refusal_in,
    was_not_begun,
)
from taskbot.application.traces import trace_of_this
from taskbot.domain.ids import UserId

PREFIX: Final = "/api/v1"
PATIENCE: Final = timedelta(seconds=15)
"""For how long one call may be tried again and again, unless the caller says otherwise."""

_TIMEOUTS: Final = httpx.Timeout(connect=3, read=10, write=10, pool=5)
_CONNECTIONS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20)
_TRIES: Final = 4
_BACKOFF: Final = wait_random_exponential(multiplier=0.1, max=2)  # seconds
_REPEATABLE: Final = frozenset({"GET", "DELETE", "POST"})
"""RFC 9110, section 9.2.2 (there is no PUT); and POST, which the API knows again by its key."""
_GATEWAYS: Final = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
_NOTHING_WAS_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

_T = TypeVar("_T")


def _key() -> str:
    return str(ULID())


@frozen(kw_only=True)
class Request:
    """*path* is below `/api/v1`. *body*: a JSON object. *version*: the one that is to be changed.

    Every POST carries a key of its own, by which the API knows it again when it is repeated.
    What it came of, if that has a name, is the name of the request in the log over there.
    *is_streamed*: the answer is read by `pieces_of`, as it comes.
    """

    method: str
    path: str
    query: Mapping[str, str] = Factory(dict)
    body: Mapping[str, Any] | None = None
    version: int | None = None
    key: str = Factory(_key)
    is_streamed: bool = False

    @property
    def is_repeatable(self) -> bool:
        """Whether doing it twice is as good as doing it once."""
        return self.method in _REPEATABLE

    def headers(self, secret: str | None) -> dict[str, str]:
        headers = {}
        if trace := trace_of_this():
            headers["X-Request-Id"] = trace
        if secret is not None:
            headers["Authorization"] = f"Bearer {secret}"
        if self.body is not None:
            headers["Content-Type"] = "application/json"
        if self.method == "POST":
            headers["Idempotency-Key"] = self.key
        if self.version is not None:
            headers["If-Match"] = f'"{self.version}"'
        return headers

    def content(self) -> bytes | None:
        if self.body is None:
            return None
        # JSON in UTF-8 has no lone surrogates, and neither has a text of the domain.
        sent = {name: _storable(value) for name, value in self.body.items()}
        return msgspec.json.encode(sent)


def _storable(value: object) -> object:
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else value


class Session(Protocol):
    """The right to ask for one person."""

    async def ask(self, request: Request) -> httpx.Response:
        """Give a success; raise what `errors` has for anything else."""

    async def owner_id(self) -> UserId:
        """Whose things they are."""


class Meter(Protocol):
    """Is told of each request that was made: its method, the class of its answer's status.

    Or `no_answer`; and how long the answer took to begin.
    """

    def call_ended(self, method: str, outcome: str, *, seconds: float) -> None: ...


@frozen
class _Again(Exception):
    """The try failed with *reason*, and another may be made, *after* so many seconds if given."""

    reason: Exception
    after: float | None = None


@frozen
class Connection:
    """Raises `ApiUnavailable` where no answer can be had."""

    _http: httpx.AsyncClient = field(repr=False)
    _patience: timedelta = PATIENCE
    _sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _meter: Meter | None = None

    @classmethod
    def to(
        cls,
        base_url: str,
        *,
        patience: timedelta = PATIENCE,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        meter: Meter | None = None,
    ) -> Self:
        """Make a way to the API at *base_url*, for example `https://tasks.example.org`."""
        http = httpx.AsyncClient(
            base_url=f"{base_url.rstrip('/')}{PREFIX}",
            headers={"Accept": "application/json", "User-Agent": _user_agent()},
            timeout=_TIMEOUTS,
            limits=_CONNECTIONS,
            transport=transport,
        )
        return cls(http, patience, sleep, meter)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(self, request: Request, *, secret: str | None) -> httpx.Response:
        """Give a success; raise what `errors` has for anything else.

        What could not be sent is sent again, and so is what was refused for a while; what may have
        been done only where doing it twice changes nothing. A wait that the API asks for is kept,
        unless it is longer than the patience.
        """
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_Again),
            wait=_pause,
            stop=stop_after_attempt(_TRIES) | stop_before_delay(self._patience.total_seconds()),
            sleep=self._sleep,
            reraise=True,
        )
        tries = 0

        async def once() -> httpx.Response:
            nonlocal tries
            tries += 1
            response = await self._once(request, secret)
            if tries > 1 and _is_gone_by_now(request, response):
                return response
            return _success(response)

        try:
            return await retrying(once)
        except _Again as again:
            raise again.reason from again.__cause__

    async def _once(self, request: Request, secret: str | None) -> httpx.Response:
        try:
            response = await self._sent(request, secret)
            if not response.is_success:
                await response.aread()
        except _NOTHING_WAS_SENT as error:
            raise _Again(ApiUnavailable(f"no connection: {type(error).__name__}")) from error
        except httpx.RequestError as error:
            away = ApiUnavailable(f"no answer: {type(error).__name__}")
            raise (_Again(away) if request.is_repeatable else away) from error
        match response.status_code:
            case HTTPStatus.TOO_MANY_REQUESTS:
                after = _retry_after(response)
                wait = None if after is None else timedelta(seconds=after)
                raise _Again(TooManyRequests(wait), after)
            case HTTPStatus.SERVICE_UNAVAILABLE:
                away = ApiUnavailable("the API says that it cannot do its work just now")
                may_repeat = request.is_repeatable or was_not_begun(response)
                raise _Again(away, _retry_after(response)) if may_repeat else away
            case HTTPStatus.CONFLICT if (after := _retry_after(response)) is not None:
                raise _Again(ApiUnavailable("the first try is still under way over there"), after)
            case status if status in _GATEWAYS:
                away = ApiUnavailable(f"something between here and the API says {status}")
                raise _Again(away) if request.is_repeatable else away
            case _:
                return response

    async def _sent(self, request: Request, secret: str | None) -> httpx.Response:
        begun, outcome = perf_counter(), "no_answer"
        try:
            response = await self._http.send(
                self._http.build_request(
                    request.method,
                    request.path,
                    params=request.query,
                    content=request.content(),
                    headers=request.headers(secret),
                ),
                stream=request.is_streamed,
            )
            outcome = f"{response.status_code // 100}xx"
        finally:
            if self._meter is not None:
                seconds = perf_counter() - begun
                self._meter.call_ended(request.method, outcome, seconds=seconds)
        return response


def _is_gone_by_now(request: Request, response: httpx.Response) -> bool:
    """Whether it is missing because an earlier try, whose answer was lost, has deleted it."""
    return request.method == "DELETE" and response.status_code == HTTPStatus.NOT_FOUND


def _success(response: httpx.Response) -> httpx.Response:
    if not response.is_success:
        raise refusal_in(response)
    return response


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _Again) and error.after is not None:
        return error.after
    return _BACKOFF(state)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait (RFC 9110, section 10.2.3), if the answer says so."""
    text = response.headers.get("Retry-After", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def _user_agent() -> str:
    return f"taskbot-api-client/{version('taskbot')}"


def read(response: httpx.Response, kind: type[_T]) -> _T:
    """The answer as a *kind*; raise `ApiFailed` if it is none."""
    try:
        return msgspec.json.decode(response.content, type=kind)
    except msgspec.DecodeError as error:
        raise ApiFailed(f"an answer that cannot be read: {error}") from None


async def pieces_of(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """What *response* brings, as it comes; raise `ApiUnavailable` if it breaks off."""
    try:
        async for piece in response.aiter_bytes():
            yield piece
    except httpx.RequestError as error:
        raise ApiUnavailable(f"an answer broke off: {type(error).__name__}") from error
    finally:
        await response.aclose()
