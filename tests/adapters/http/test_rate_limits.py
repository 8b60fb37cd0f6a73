"""How often somebody may ask: who is counted, what they are told, and what never counts."""

from datetime import timedelta

import httpx
import pytest

from support.api import Api, RawAnswer, an_api, ask
from support.core import a_core
from taskbot.adapters.http import ApiPolicy, Limits
from taskbot.adapters.http.paths import SIGN_IN_PATH
from taskbot.adapters.memory import LocalRateLimiter
from taskbot.application.ports import Quota
from taskbot.domain.access_token import new_secret

pytestmark = pytest.mark.anyio

HEADERS = ("RateLimit", "RateLimit-Policy", "Retry-After")


def limited(*, per_token: int | None = 6, per_address: int | None = 3) -> Api:
    core = a_core()
    limits = Limits(
        LocalRateLimiter(core.clock),
        per_token=None if per_token is None else Quota(per_token),
        per_address=None if per_address is None else Quota(per_address),
    )
    return an_api(core=core, policy=ApiPolicy(limits=limits))


@pytest.fixture
def api() -> Api:
    return limited()


async def test_every_answer_says_how_one_stands(api: Api) -> None:
    ada = await api.person()

    first = await ada.client.get("/api/v1/tasks")
    second = await ada.client.post("/api/v1/tasks", json={"title": ""})

    assert first.headers["RateLimit-Policy"] == '"token";q=6;w=60'
    assert first.headers["RateLimit"] == '"token";r=5;t=10'
    assert second.status_code == 422
    assert second.headers["RateLimit"] == '"token";r=4;t=20'


async def test_too_many_requests_are_a_problem_that_says_when_to_come_back(api: Api) -> None:
    ada = await api.person()
    for _ in range(6):
        assert (await ada.client.get("/api/v1/me")).status_code == 200

    refused = await ada.client.get("/api/v1/me")

    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/rate-limit-exceeded"
    assert refused.json()["request_id"] == refused.headers["X-Request-Id"]
    assert refused.headers["RateLimit"] == '"token";r=0;t=60'
    assert refused.headers["Retry-After"] == "10"
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    api.core.clock.advance(timedelta(seconds=10))
    assert (await ada.client.get("/api/v1/me")).status_code == 200


async def test_each_token_has_its_own_requests_whoever_holds_it(api: Api) -> None:
    ada = await api.person()
    other = (await api.core.access_tokens.create("other", actor=ada.user.id)).secret
    for _ in range(7):
        await ada.client.get("/api/v1/me")

    answer = await api.client(Authorization=f"Token {other}").get("/api/v1/me")

    assert answer.headers["RateLimit"] == '"token";r=5;t=10'


async def test_a_refused_request_changes_nothing(api: Api) -> None:
    ada = await api.person()
    for _ in range(6):
        await ada.client.get("/api/v1/me")

    assert (await ada.client.post("/api/v1/tasks", json={"title": "Milk"})).status_code == 429

    api.core.clock.advance(Quota(1).window)
    assert (await ada.client.get("/api/v1/tasks")).json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/me", 401),
        ("POST", SIGN_IN_PATH, 400),
        ("POST", f"{SIGN_IN_PATH}/", 400),
        ("GET", "/nothing", 404),
        ("PUT", "/api/v1/me", 405),
    ],
)
@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Bearer {forged}"])
async def test_without_a_valid_token_the_address_is_counted(
    api: Api, method: str, path: str, status: int, authorization: str | None
) -> None:
    async def once() -> httpx.Response:
        forged = {} if authorization is None else {
            "Authorization": authorization.format(forged=new_secret())
        }  # fmt: skip
        return await api.anonymous.request(method, path, headers=forged)

    answers = [await once() for _ in range(4)]

    assert [answer.status_code for answer in answers] == [status] * 3 + [429]
    assert answers[0].headers["RateLimit-Policy"] == '"address";q=3;w=60'
    assert answers[3].headers["RateLimit"] == '"address";r=0;t=60'
    assert answers[3].json()["type"] == "/problems/rate-limit-exceeded"


async def test_made_up_tokens_do_not_lock_out_who_has_a_good_one(api: Api) -> None:
    ada = await api.person()
    for _ in range(5):
        await api.client(Authorization=f"Bearer {new_secret()}").get("/api/v1/me")

    assert (await ada.client.get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/v1/docs",
        "/api/v1/docs/",
        "/api/v1/docs/assets/start.js",
        "/api/v1/openapi.json",
        "/api/v1/health/live",
        "/api/v1/health/ready",
    ],
)
async def test_health_and_documentation_never_count(api: Api, path: str) -> None:
    answers = [await api.anonymous.get(path) for _ in range(5)]

    assert answers[-1].status_code < 400
    assert not set(HEADERS) & set(answers[-1].headers)


@pytest.mark.parametrize("limits", [{"per_token": None}, {"per_address": None}])
async def test_what_is_not_limited_says_nothing_of_limits(limits: dict[str, None]) -> None:
    api = limited(**limits)
    client = api.anonymous if "per_address" in limits else (await api.person()).client

    answers = [await client.get("/api/v1/me") for _ in range(8)]

    assert 429 not in {answer.status_code for answer in answers}
    assert not {name.lower() for name in HEADERS} & set(answers[-1].headers)


async def test_each_address_has_its_own_requests(api: Api) -> None:
    async def from_(address: str) -> RawAnswer:
        return await ask(api.app, "GET", "/nothing", client=(address, 50000))

    for _ in range(3):
        await from_("203.0.113.7")

    assert (await from_("203.0.113.7")).status == 429
    assert (await from_("203.0.113.8")).status == 404


def test_where_one_signs_in_is_known(api: Api) -> None:
    assert SIGN_IN_PATH in {route.path for route in api.app.routes}
