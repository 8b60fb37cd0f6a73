"""Health: alive is one thing, ready another."""

import pytest

from support.api import Api, an_api
from taskbot.application.health import Check, Facts, Unwell

pytestmark = pytest.mark.anyio

PREFIXES = ["/api/v1", ""]


async def _well() -> Facts:
    return {"found": "0004", "needed": "0004"}


async def _broken() -> Facts:
    raise Unwell("does not answer")


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_a_process_that_can_do_its_work_says_what_it_looked_at(prefix: str) -> None:
    api = an_api(checks=[Check(name="schema", look=_well)])

    live = await api.anonymous.get(f"{prefix}/health/live")
    ready = await api.anonymous.get(f"{prefix}/health/ready")

    assert (live.status_code, live.json()) == (200, {"status": "alive"})
    assert ready.status_code == 200
    assert ready.json() == {
        "status": "ready",
        "checks": [
            {
                "name": "schema",
                "status": "ok",
                "needed": True,
                "problem": None,
                "facts": {"found": "0004", "needed": "0004"},
            }
        ],
    }


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_without_what_it_needs_it_is_alive_but_not_ready(prefix: str) -> None:
    api = an_api(
        checks=[
            Check(name="database", look=_broken),
            Check(name="redis", look=_broken, is_needed=False),
            Check(name="schema", look=_well),
        ]
    )

    live = await api.anonymous.get(f"{prefix}/health/live")
    ready = await api.anonymous.get(f"{prefix}/health/ready")

    assert live.status_code == 200
    assert ready.status_code == 503
    assert int(ready.headers["Retry-After"]) > 0
    assert ready.headers["Content-Type"] == "application/problem+json"
    problem = ready.json()
    assert problem["type"] == "/problems/not-ready"
    assert [(one["field"], one["detail"]) for one in problem["errors"]] == [
        ("database", "does not answer")
    ]


async def test_without_what_can_be_done_without_it_is_ready_and_says_so() -> None:
    api = an_api(checks=[Check(name="redis", look=_broken, is_needed=False)])

    ready = await api.anonymous.get("/api/v1/health/ready")

    assert ready.status_code == 200
    assert ready.json()["status"] == "degraded"
    assert ready.json()["checks"][0]["problem"] == "does not answer"


async def test_the_paths_without_a_version_are_not_described_twice(api: Api) -> None:
    described = (await api.anonymous.get("/api/v1/openapi.json")).json()

    assert {path for path in described["paths"] if "health" in path} == {
        "/api/v1/health/live",
        "/api/v1/health/ready",
    }
