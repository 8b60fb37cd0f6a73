"""What is said to whom before it is known who asks."""

from http import HTTPStatus

import pytest

from support.api import Api
from taskbot.domain.access_token import Scope

pytestmark = pytest.mark.anyio

TASKS = "/api/v1/tasks"
BAD_QUERIES = ["limit=0", "limit=many", "priority=9", "cursor=x&after=y", "due=today&due_from=z"]
BAD_PATHS = ["nonsense", "01K2Y7T0ZK8Q4M6V3R9XWBN5HC"]


@pytest.mark.parametrize("asked", [f"?{q}" for q in BAD_QUERIES] + [f"/{p}" for p in BAD_PATHS])
async def test_who_shows_no_good_token_is_not_told_what_else_is_wrong(api: Api, asked: str) -> None:
    person = await api.person()
    strangers = [
        api.anonymous,
        api.client(Authorization="Bearer nonsense"),
        api.client(Authorization=f"Bearer {person.secret[:-1]}x"),
    ]

    known = await person.client.get(f"{TASKS}{asked}")
    answers = [await stranger.get(f"{TASKS}{asked}") for stranger in strangers]

    assert known.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
    for answer in answers:
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        assert answer.json()["type"] == "/problems/access-token-invalid"
        assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("asked", ["", "?limit=0", "/nonsense", "?cursor=x"])
async def test_who_may_not_read_tasks_is_told_that_alone(api: Api, asked: str) -> None:
    person = await api.person()
    made = await api.core.access_tokens.create(
        "narrow", scopes=[Scope.ACCOUNT], actor=person.user.id
    )

    answer = await api.client(Authorization=f"Bearer {made.secret}").get(f"{TASKS}{asked}")

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert answer.json()["facts"]["scope"] == "tasks:read"
