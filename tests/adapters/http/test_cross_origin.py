"""Pages of other sites: which may use the API, and how the others are told."""

import httpx
import pytest

from support.api import Api, an_api
from support.core import a_core
from taskbot.adapters.http import ApiPolicy, Limits
from taskbot.adapters.memory import LocalRateLimiter
from taskbot.application.ports import Quota

pytestmark = pytest.mark.anyio

APP, STRANGER = "https://app.example.org", "https://evil.example.org"
READABLE = {
    "ETag", "Idempotent-Replayed", "Link", "Location", "RateLimit", "RateLimit-Policy",
    "Retry-After", "X-Request-Id",
}  # fmt: skip


@pytest.fixture
def api() -> Api:
    return an_api(policy=ApiPolicy(origins=(APP, "http://localhost:3000")))


async def preflight(
    api: Api, *, path: str = "/api/v1/tasks", origin: str = APP, method: str = "POST",
    headers: str = "authorization,content-type,idempotency-key",
) -> httpx.Response:  # fmt: skip
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }
    return await api.anonymous.options(path, headers=asked)


@pytest.mark.parametrize(
    "path", ["/api/v1/tasks", "/api/v1/tasks/x/complete", "/api/v1/me", "/api/v1/health/live"]
)
async def test_a_browser_that_asks_whether_it_may_ask_may(api: Api, path: str) -> None:
    answer = await preflight(api, path=path)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_every_route_answers_a_preflight(api: Api) -> None:
    for route in api.app.routes:
        path = route.path_format.replace("{", "").replace("}", "")
        for method in getattr(route, "methods", ()):
            if method != "OPTIONS":
                assert (await preflight(api, path=path, method=method)).status_code == 204


@pytest.mark.parametrize(
    "asked",
    [
        {"origin": STRANGER},
        {"origin": "null"},
        {"origin": f"{APP}.evil.example"},
        {"origin": "https://APP.example.org"},
        {"method": "TRACE"},
        {"headers": "authorization, x-anything"},
    ],
)
async def test_what_may_not_be_is_a_problem(api: Api, asked: dict[str, str]) -> None:
    answer = await preflight(api, **asked)

    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/cross-origin-refused"
    assert "Access-Control-Allow-Methods" not in answer.headers
    if "origin" in asked:
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(("path", "status"), [("/api/v1/me", 200), ("/nothing", 404)])
async def test_a_page_of_a_named_origin_may_read_the_answer(
    api: Api, path: str, status: int
) -> None:
    ada = await api.person()

    answer = await ada.client.get(path, headers={"Origin": APP})

    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert set(answer.headers["Access-Control-Expose-Headers"].split(", ")) >= READABLE
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", [STRANGER, None])
async def test_others_get_the_answer_without_leave_to_read_it(api: Api, origin: str | None) -> None:
    ada = await api.person()
    headers = {} if origin is None else {"Origin": origin}

    answer = await ada.client.get("/api/v1/me", headers=headers)

    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["Vary"] == "Origin"


async def test_any_origin_may_without_credentials(api: Api) -> None:
    open_api = an_api(core=api.core, policy=ApiPolicy(origins=("*",)))

    allowed = await preflight(open_api, origin=STRANGER)
    answer = await open_api.anonymous.get("/api/v1/me", headers={"Origin": STRANGER})

    assert allowed.status_code == 204
    for one in (allowed, answer):
        assert one.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in one.headers


async def test_by_default_no_page_may(api: Api) -> None:
    closed = an_api(core=api.core)

    asked = await preflight(closed, path="/api/v1/health/live")
    answer = await closed.anonymous.get("/api/v1/health/live", headers={"Origin": APP})

    for one in (asked, answer):
        assert not [name for name in one.headers if name.startswith("access-control")]


async def test_asking_whether_one_may_is_not_counted_and_a_refusal_can_be_read() -> None:
    core = a_core()
    limits = Limits(LocalRateLimiter(core.clock), per_token=None, per_address=Quota(1))
    api = an_api(core=core, policy=ApiPolicy(limits=limits, origins=(APP,)))

    for _ in range(3):
        assert (await preflight(api)).status_code == 204
    await api.anonymous.get("/api/v1/me", headers={"Origin": APP})
    refused = await api.anonymous.get("/api/v1/me", headers={"Origin": APP})

    assert refused.status_code == 429
    assert refused.headers["Access-Control-Allow-Origin"] == APP
