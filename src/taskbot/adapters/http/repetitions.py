"""POST requests that can be repeated safely: the `Idempotency-Key` header.

As the IETF has it (draft-ietf-httpapi-idempotency-key-header): what the first request was answered
is kept for a day, and given again to whoever repeats it. A key is its owner's own.
"""

import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final, Self, TypeAlias

import msgspec
from attrs import frozen
from litestar import Request, Response
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from msgspec import Struct

from taskbot.adapters.http.confidential import is_confidential
from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.adapters.http.request_ids import request_id_of
from taskbot.application.ports import (
    FirstUse,
    IdempotencyStore,
    KeptAnswer,
    RequestKey,
    StillInUse,
    StorageUnavailable,
    UsedForAnother,
)
from taskbot.domain.access_token import AccessToken
from taskbot.domain.user import User

_Request: TypeAlias = Request[User, AccessToken, Any]

_log = logging.getLogger(__name__)

KEY_HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotent-Replayed"
_HEADER: Final = KEY_HEADER.lower().encode()
_WELL_FORMED: Final = re.compile(rb"[!-~]{1,255}")
_STATE: Final = "taskbot.first-use"
_KEPT_HEADERS: Final = frozenset({b"content-type", b"etag", b"link", b"location"})
_LARGEST_ANSWER: Final = 256 * 1024
_RETRY_SECONDS: Final = 1


class _Answer(Struct, frozen=True, array_like=True):
    """*body* is None where it was not to be kept."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | None


@frozen
class Repetitions:
    """The two ends of a request that has a key.

    Both are plain functions: Litestar copies a router to the depths, but not those.
    """

    answer_again: Callable[[_Request], Awaitable[Response[bytes | None] | None]]
    keeping: Callable[[ASGIApp], ASGIApp]

    @classmethod
    def over(cls, store: IdempotencyStore) -> Self:
        async def answer_again(request: _Request) -> Response[bytes | None] | None:
            return await _answer_again(store, request)

        def keeping(app: ASGIApp) -> ASGIApp:
            return _keeping(store, app)

        return cls(answer_again, keeping)


async def _answer_again(
    store: IdempotencyStore, request: _Request
) -> Response[bytes | None] | None:
    """What the request was answered before; None if it is to be done now.

    For Litestar's `before_request`: it is known who asks, and nothing has been done yet.
    """
    name = _key_in(request)
    if name is None:
        return None
    # Clients put anything into it; it need not lie about as they wrote it.
    key = RequestKey(request.user.id, hashlib.sha256(name.encode()).hexdigest())
    match await store.begin(key, await _fingerprint(request)):
        case FirstUse() as use:
            request.scope["state"][_STATE] = use
            return None
        case KeptAnswer(answer):
            return _repeated(msgspec.msgpack.decode(answer, type=_Answer))
        case StillInUse():
            raise Refused(
                HTTPStatus.CONFLICT,
                "idempotency-key-in-use",
                "the first request with this key is still at work: try again in a moment",
                headers={"Retry-After": str(_RETRY_SECONDS)},
            )
        case UsedForAnother():
            raise Refused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "another request had this key: a new request needs a new one",
            )


def _keeping(store: IdempotencyStore, app: ASGIApp) -> ASGIApp:
    """*app*, whose answers to first requests are kept before they are sent."""

    async def with_kept_answers(scope: Scope, receive: Receive, send: Send) -> None:
        has_key = scope.get("method") == "POST" and any(n == _HEADER for n, _ in scope["headers"])
        if not has_key:
            await app(scope, receive, send)
            return
        start: Any = None
        body = bytearray()

        async def keep_and_send(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif message["type"] == "http.response.body" and _STATE in scope["state"]:
                body.extend(message["body"])
                if not message.get("more_body"):
                    use = scope["state"].pop(_STATE)
                    await _end(store, use, scope, start, bytes(body))
            await send(message)

        await app(scope, receive, keep_and_send)

    return with_kept_answers


async def _end(
    store: IdempotencyStore, use: FirstUse, scope: Scope, start: Any, body: bytes
) -> None:
    status = start["status"]
    is_secret = is_confidential(scope) and status < HTTPStatus.BAD_REQUEST
    answer = _Answer(
        status,
        [(name, value) for name, value in start["headers"] if name.lower() in _KEPT_HEADERS],
        None if is_secret or len(body) > _LARGEST_ANSWER else body,
    )
    try:
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            await store.abandon(use)
        else:
            await store.finish(use, msgspec.msgpack.encode(answer))
    except StorageUnavailable as error:  # what was asked for is done all the same
        _log.warning(
            "request %s: its answer is not kept for repetitions: %s", request_id_of(scope), error
        )


def _key_in(request: _Request) -> str | None:
    if request.method != "POST":
        return None
    given = [value for name, value in request.scope["headers"] if name == _HEADER]
    if not given:
        return None
    if len(given) != 1 or not _WELL_FORMED.fullmatch(given[0]):
        detail = "the header is needed once, with 1 to 255 visible characters of ASCII"
        code = "idempotency-key-invalid"
        error = FieldProblem.of(KEY_HEADER, code, detail)
        raise Refused(HTTPStatus.BAD_REQUEST, code, f"{KEY_HEADER}: {detail}", (error,))
    return given[0].decode("ascii")


async def _fingerprint(request: _Request) -> bytes:
    """What tells the request from others: a body is another one as soon as a byte differs."""
    scope = request.scope
    asked = (request.method, scope["path"], scope["query_string"], await request.body())
    return hashlib.sha256(msgspec.msgpack.encode(asked)).digest()


def _repeated(answer: _Answer) -> Response[bytes | None]:
    if answer.body is None:
        raise Refused(
            HTTPStatus.CONFLICT,
            "idempotency-answer-not-kept",
            "the first request with this key has succeeded, but its answer was not kept, as it "
            "held a secret or was very large: look what it made, and use another key",
        )
    headers = {name.decode("latin-1").lower(): value.decode() for name, value in answer.headers}
    return Response(
        answer.body or None,
        status_code=answer.status,
        media_type=headers.pop("content-type", None),
        headers={**headers, REPLAYED_HEADER: "true"},
    )
