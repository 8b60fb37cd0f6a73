"""Who may do what: every route, asked by everybody there is.

The rows come from the application's own routes, so that none can be forgotten.
"""

import itertools
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

import httpx
import pytest

from support.api import Api, Person, an_api
from support.operations import (
    LOGIN,
    PUBLIC,
    Given,
    Operation,
    call,
    nothing_of,
    operations,
    prepared,
    things_of,
)
from taskbot.adapters.http.bearers import BearersAlone
from taskbot.domain.access_token import PERSONAL_SCOPES, Scope, new_secret

pytestmark = pytest.mark.anyio

MINUTE: Final = timedelta(minutes=1)


class Asker(StrEnum):
    OWNER = "owner"
    OWNER_WITH_NO_OTHER_SCOPE = "owner with the needed scope alone"
    STRANGER = "stranger"
    READ_ONLY = "token for reading tasks alone"
    WRONG_SCOPE = "token without the needed scope"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOBODY = "none"
    MALFORMED = "malformed"


UNKNOWN: Final = frozenset({Asker.REVOKED, Asker.EXPIRED, Asker.NOBODY, Asker.MALFORMED})
NEEDS_NO_SCOPE: Final = frozenset({"getMe", "revokeThisToken"})
"""Whatever a token is good for, it may say whose it is, and it may be given up."""

_API: Final = an_api(proofs=LOGIN)
OPERATIONS: Final = operations(_API.app)
MATRIX: Final = [(operation, asker) for operation in OPERATIONS for asker in Asker]
_telegram_ids: Final = itertools.count(1)


@pytest.mark.parametrize(
    ("operation", "asker"), MATRIX, ids=[f"{operation}-{asker}" for operation, asker in MATRIX]
)
async def test_everybody_gets_what_is_theirs_and_nothing_else(
    operation: Operation, asker: Asker
) -> None:
    given = await things_of(await _somebody(), api=_API)
    await prepared(operation, given)
    client = await _client(asker, operation, given.owner)
    before = _belongings(given)

    answer = await call(operation, given).by(client)

    match _expected(operation, asker):
        case "success":
            assert answer.status_code < 400, answer.text
        case "foreign":
            await _check_foreign(answer, operation, given, client)
            assert _belongings(given) == before
        case 401:
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
            assert answer.json()["type"] == "/problems/access-token-invalid"
            assert _belongings(given) == before
        case 403:
            assert answer.status_code == 403
            assert answer.json()["type"] == "/problems/scope-insufficient"
            assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
            assert _belongings(given) == before


async def _check_foreign(
    answer: httpx.Response, operation: Operation, given: Given, client: httpx.AsyncClient
) -> None:
    """What belongs to another is answered to the letter as what does not exist."""
    absent = nothing_of(given)
    if call(operation, absent) == call(operation, given):  # names nothing, so it is about oneself
        assert answer.status_code < 400, answer.text
        assert not [one for one in given.ids.values() if one in answer.text]
        return
    missing = await call(operation, absent).by(client)
    assert _traceless(answer, given) == _traceless(missing, absent)
    if operation.names_in_path:
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"


def _expected(operation: Operation, asker: Asker) -> str | int:
    if operation.is_public:
        return "success"
    if asker in UNKNOWN:
        return 401
    if asker is Asker.STRANGER:
        return "foreign" if operation.scopes <= PERSONAL_SCOPES else 403
    if asker is Asker.READ_ONLY and str(operation) not in NEEDS_NO_SCOPE:
        # Said of the method, not asked of the route: whoever may only read must not write.
        return "success" if operation.method == "GET" and operation.scopes <= READING else 403
    if asker is Asker.WRONG_SCOPE and operation.scopes:
        return 403
    return "success"


READING: Final = frozenset({Scope.TASKS_READ})


async def _somebody() -> Person:
    return await _API.person(next(_telegram_ids))


async def _client(asker: Asker, operation: Operation, owner: Person) -> httpx.AsyncClient:
    match asker:
        case Asker.OWNER:
            return await _with_token(owner, scopes=PERSONAL_SCOPES | operation.scopes)
        case Asker.OWNER_WITH_NO_OTHER_SCOPE:
            return await _with_token(owner, scopes=operation.scopes or READING)
        case Asker.STRANGER:
            stranger = await _somebody()
            await prepared(operation, await things_of(stranger, api=_API))
            return stranger.client
        case Asker.READ_ONLY:
            return await _with_token(owner, scopes=READING)
        case Asker.WRONG_SCOPE:
            return await _with_token(owner, scopes=frozenset(Scope) - operation.scopes)
        case Asker.REVOKED:
            made = await _API.core.access_tokens.create("revoked", actor=owner.user.id)
            await _API.core.access_tokens.revoke(made.token.id, actor=owner.user.id)
            return _API.client(Authorization=f"Bearer {made.secret}")
        case Asker.EXPIRED:
            client = await _with_token(owner, expires_at=_API.core.clock.now() + MINUTE)
            _API.core.clock.advance(MINUTE)
            return client
        case Asker.NOBODY:
            return _API.anonymous
        case Asker.MALFORMED:
            return _API.client(Authorization=f"Bearer {new_secret()[:-1]}")


async def _with_token(owner: Person, **token: Any) -> httpx.AsyncClient:
    made = await _API.core.access_tokens.create("matrix", actor=owner.user.id, **token)
    return _API.client(Authorization=f"Bearer {made.secret}")


def _belongings(given: Given) -> list[object]:
    """All that the owner has. A token's last use is not: it is noted of refusals as well."""
    tables, owner_id = given.api.core.database.tables, given.owner.user.id
    tasks = {task.id: task for task in tables.tasks.values() if task.owner_id == owner_id}
    return [
        tables.users[owner_id],
        tasks,
        [one for one in tables.categories.values() if one.owner_id == owner_id],
        [one for one in tables.reminders.values() if one.task_id in tasks],
        sorted(
            (one.id, one.digest, one.expires_at)
            for one in tables.access_tokens.values()
            if one.owner_id == owner_id
        ),
    ]


def _traceless(answer: httpx.Response, given: Given) -> tuple[Any, ...]:
    """*answer* without what tells one request from another: its own id, and the ids in it."""
    request_id, text = answer.headers["X-Request-Id"], answer.text
    for name, value in [*given.ids.items(), ("request_id", request_id)]:
        text = text.replace(value, f"<{name}>")
    own = {"x-request-id", "etag"}
    headers = {
        name: "" if name in own or name.startswith("ratelimit") else value
        for name, value in answer.headers.items()
    }
    return answer.status_code, headers, text


def test_the_matrix_has_every_route_and_everybody(record_property: Any) -> None:
    served = {
        (method, route.path_format)
        for route in _API.app.routes
        for method in getattr(route, "methods", ())
        if method != "OPTIONS"
    }

    assert {(operation.method, operation.path) for operation, _ in MATRIX} == served
    assert len(MATRIX) == len(served) * len(Asker)
    record_property("routes", len(served))
    record_property("cases", len(MATRIX))


def test_what_is_public_is_served_and_everything_else_is_guarded() -> None:
    assert {(one.method, one.path) for one in OPERATIONS} >= PUBLIC
    for operation in OPERATIONS:
        assert _is_for_bearers_alone(operation) is not operation.is_public, str(operation)


def _is_for_bearers_alone(operation: Operation) -> bool:
    async def nothing(*_: Any) -> None: ...

    layers: list[Any] = list(operation.handler.resolve_middleware())
    return any(isinstance(layer(nothing), BearersAlone) for layer in layers)


def test_only_what_is_said_to_needs_no_scope() -> None:
    closed = [operation for operation in OPERATIONS if not operation.is_public]

    assert {str(one) for one in closed if not one.scopes} == NEEDS_NO_SCOPE


async def test_the_description_names_the_scopes_that_are_asked_for(api: Api) -> None:
    paths = (await api.anonymous.get("/api/v1/openapi.json")).json()["paths"]

    for operation in OPERATIONS:
        described = paths.get(operation.path, {}).get(operation.method.lower(), {})
        if operation.is_public or not described:
            assert "security" not in described
        else:
            assert described["security"] == [{"accessToken": sorted(operation.scopes)}]
