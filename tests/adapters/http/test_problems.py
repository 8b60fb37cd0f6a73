"""Every error is a problem document, carries an id, and tells nothing that it should not."""

import json
import logging
from typing import NoReturn

import pytest
from hypothesis import given, strategies as st
from litestar.routes import HTTPRoute
from ulid import ULID

from support.api import Api, Person, an_api, ask
from support.core import a_core
from taskbot.adapters.http.refusals import STATUS_OF
from taskbot.adapters.memory import MemoryDatabase, MemoryQueries
from taskbot.application.ports import StorageUnavailable, TaskPageRequest
from taskbot.domain.errors import DomainError

pytestmark = pytest.mark.anyio

MEMBERS = {"type", "title", "status", "detail", "request_id"}


class FailingQueries(MemoryQueries):
    """Fails at lists, in a way of the test's choosing."""

    def __init__(self, database: MemoryDatabase, error: Exception) -> None:
        super().__init__(database)
        object.__setattr__(self, "_error", error)  # its parent is frozen

    async def tasks(self, request: TaskPageRequest) -> NoReturn:
        raise object.__getattribute__(self, "_error")


async def a_person_whose_lists_fail(error: Exception) -> Person:
    core = a_core()
    return await an_api(core=core, queries=FailingQueries(core.database, error)).person()


async def test_an_unknown_path_is_a_problem(api: Api) -> None:
    for path in ("/nothing", "/api", "/api/v1", "/api/v2/tasks", "/api/v1/tasks/x/y/z"):
        answer = await api.anonymous.get(path)

        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json().keys() == MEMBERS
        assert answer.json()["type"] == "/problems/path-unknown"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/tasks", {"GET", "POST", "OPTIONS"}),
        ("PUT", "/api/v1/me", {"DELETE", "GET", "OPTIONS", "PATCH"}),
        ("GET", "/api/v1/tasks/x/complete", {"POST", "OPTIONS"}),
        ("BREW", "/api/v1/tasks/x", {"GET", "DELETE", "OPTIONS", "PATCH"}),
        ("POST", "/api/v1/docs", {"GET", "OPTIONS"}),
        ("DELETE", "/", {"GET", "OPTIONS"}),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    api: Api, method: str, path: str, allowed: set[str]
) -> None:
    answer = await api.anonymous.request(method, path)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert answer.json()["type"] == "/problems/method-not-allowed"


async def test_what_a_path_allows_is_told_in_full(ada: Person, api: Api) -> None:
    routes = [route for route in api.app.routes if isinstance(route, HTTPRoute)]

    for route in routes:
        answer = await ada.client.options(route.path_format)
        assert answer.status_code == 204
        assert set(answer.headers["Allow"].split(", ")) == route.methods


@pytest.mark.parametrize("accept", ["text/html", "image/png;q=0.1", "application/xml", "x"])
async def test_whoever_wants_something_else_gets_json_and_no_406(
    ada: Person, api: Api, accept: str
) -> None:
    shown = await ada.client.get("/api/v1/me", headers={"Accept": accept})
    refused = await api.anonymous.get("/api/v1/me", headers={"Accept": accept})

    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "application/json")
    assert refused.status_code == 401
    assert refused.headers["Content-Type"] == "application/problem+json"


async def test_a_storage_that_is_away_is_said_to_be(caplog: pytest.LogCaptureFixture) -> None:
    ada = await a_person_whose_lists_fail(StorageUnavailable("disk I/O error"))

    answer = await ada.client.get("/api/v1/tasks")

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/storage-unavailable"
    assert int(answer.headers["Retry-After"]) > 0
    assert "disk" not in answer.text
    assert "disk I/O error" in caplog.text


async def test_a_bug_is_logged_and_tells_the_client_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ada = await a_person_whose_lists_fail(RuntimeError("the password is 12345"))

    answer = await ada.client.get("/api/v1/tasks?status=open")

    problem = answer.json()
    assert answer.status_code == 500
    assert problem.keys() == MEMBERS
    assert problem["type"] == "/problems/internal-error"
    assert "password" not in answer.text
    assert "Traceback" not in answer.text
    (record,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert record.exc_info is not None
    assert problem["request_id"] in record.getMessage()
    assert "GET /api/v1/tasks" in record.getMessage()
    assert ada.secret not in caplog.text


def test_every_refusal_of_the_domain_has_a_status() -> None:
    refusals = {DomainError}
    while subclasses := {sub for one in refusals for sub in one.__subclasses__()} - refusals:
        refusals |= subclasses

    named = [refusal for refusal in refusals if "code" in vars(refusal)]
    assert len(named) > 10
    assert all(issubclass(refusal, tuple(STATUS_OF)) for refusal in named)


async def test_every_answer_carries_an_id_of_its_own(api: Api) -> None:
    first = await api.anonymous.get("/api/v1/health/live")
    second = await api.anonymous.get("/nothing")

    assert ULID.from_str(first.headers["X-Request-Id"]) != ULID.from_str(
        second.headers["X-Request-Id"]
    )
    assert second.json()["request_id"] == second.headers["X-Request-Id"]


async def test_a_well_formed_id_of_the_client_is_kept(api: Api) -> None:
    answer = await api.client(**{"X-Request-Id": "proxy-7.a_B"}).get("/nothing")

    assert answer.headers["X-Request-Id"] == "proxy-7.a_B"
    assert answer.json()["request_id"] == "proxy-7.a_B"


@given(
    st.lists(st.binary(max_size=80), min_size=2, max_size=3)
    | st.binary(max_size=80).map(lambda raw: [b"\n" + raw])
    | st.just([b""])
    | st.just([b"x" * 65])
)
async def test_any_other_id_is_replaced(offered: list[bytes]) -> None:
    headers = [(b"x-request-id", value) for value in offered]

    answer = await ask(_API.app, "GET", "/nothing", headers=headers)

    assert str(ULID.from_str(answer.headers["x-request-id"])) == answer.headers["x-request-id"]
    assert json.loads(answer.body)["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/health/live", "/nothing"])
async def test_answers_are_not_kept_framed_or_guessed_at(api: Api, path: str) -> None:
    answer = await api.anonymous.get(path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("scheme", "said"), [("https", "max-age=31536000"), ("http", None)])
@pytest.mark.parametrize("path", ["/api/v1/health/live", "/nothing"])
async def test_that_tls_is_needed_from_now_on_is_said_over_tls_alone(
    api: Api, scheme: str, said: str | None, path: str
) -> None:
    answer = await api.anonymous.get(f"{scheme}://taskbot.test{path}")

    assert answer.headers.get("Strict-Transport-Security") == said


async def test_a_strange_host_header_is_a_bad_request(api: Api) -> None:
    answer = await ask(api.app, "GET", "/api/v1/health/live", headers=[(b"host", b"a b<c>")])

    assert answer.status == 400
    assert json.loads(answer.body)["type"] == "/problems/request-malformed"
    assert b"<c>" not in answer.body


_API = an_api()
