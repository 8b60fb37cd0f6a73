"""Access tokens over HTTP: made, shown once, rotated, revoked; and what each is good for."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from support.api import Api, Person

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


async def _make(person: Person, **body: Any) -> dict[str, Any]:
    answer = await person.client.post("/api/v1/tokens", json={"name": "laptop"} | body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _with(api: Api, made: dict[str, Any]) -> httpx.AsyncClient:
    return api.client(Authorization=f"Bearer {made['token']}")


async def test_a_token_is_shown_once_and_opens_the_door(api: Api, ada: Person) -> None:
    made = await _make(ada, scopes=["tasks:read"], expires_at="2100-04-01T00:00:00Z")

    listed = (await ada.client.get("/api/v1/tokens")).json()["items"]

    secret = made.pop("token")
    assert secret.startswith(made["prefix"])
    assert listed[0] == made
    assert (made["scopes"], made["expires_at"]) == (["tasks:read"], "2100-04-01T00:00:00Z")
    assert secret not in (await ada.client.get("/api/v1/tokens")).text
    client = api.client(Authorization=f"Token {secret}")
    assert (await client.get("/api/v1/tasks")).status_code == 200


async def test_when_it_was_used_is_noted_to_the_minute(api: Api, ada: Person) -> None:
    made = await _make(ada)
    client = _with(api, made)

    async def last_used() -> str | None:
        items = (await ada.client.get("/api/v1/tokens")).json()["items"]
        moments: list[str | None] = [m["last_used_at"] for m in items if m["id"] == made["id"]]
        return moments[0]

    assert await last_used() is None
    await client.get("/api/v1/me")
    assert await last_used() == "2100-03-15T12:00:00Z"
    api.core.clock.advance(MINUTE / 2)
    await client.get("/api/v1/me")
    assert await last_used() == "2100-03-15T12:00:00Z"
    api.core.clock.advance(MINUTE)
    await client.get("/api/v1/me")
    assert await last_used() == "2100-03-15T12:01:30Z"


READING = ("GET", "/api/v1/tasks", None)
WRITING = ("POST", "/api/v1/tasks", {"title": "Milk"})
ACCOUNT = ("PATCH", "/api/v1/me", {"language": "ru"})
TOKENS = ("GET", "/api/v1/tokens", None)
CATEGORIES = ("POST", "/api/v1/categories", {"name": "Home"})
WHO = ("GET", "/api/v1/me", None)


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("tasks:read", [READING, WHO]),
        ("tasks:write", [WRITING, CATEGORIES, WHO]),
        ("account", [ACCOUNT, TOKENS, WHO]),
    ],
)
async def test_a_token_is_good_for_its_scopes_alone(
    api: Api, ada: Person, scope: str, allowed: list[Any]
) -> None:
    client = _with(api, await _make(ada, scopes=[scope]))

    for asked in (READING, WRITING, ACCOUNT, TOKENS, CATEGORIES, WHO):
        method, path, body = asked
        answer = await client.request(method, path, json=body)
        if asked in allowed:
            assert answer.is_success, (asked, answer.text)
        else:
            assert answer.status_code == 403
            assert answer.json()["type"] == "/problems/scope-insufficient"
            assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


async def test_no_token_makes_one_that_is_good_for_more(api: Api, ada: Person) -> None:
    client = _with(api, await _make(ada, scopes=["account"]))

    more = await client.post("/api/v1/tokens", json={"name": "x", "scopes": ["tasks:read"]})
    same = await client.post("/api/v1/tokens", json={"name": "x"})

    assert more.status_code == 403
    assert same.json()["scopes"] == ["account"]


async def test_no_token_makes_more_of_itself_by_changing_the_secret_of_another(
    api: Api, ada: Person
) -> None:
    strong = await _make(ada)
    client = _with(api, await _make(ada, scopes=["account"]))

    answer = await client.post(f"/api/v1/tokens/{strong['id']}/rotate", json={})

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/scope-insufficient"


async def test_nobody_makes_themselves_an_operator(api: Api, ada: Person) -> None:
    operators = await api.operator(ada.user.telegram_id)
    (theirs,) = (
        one
        for one in (await ada.client.get("/api/v1/tokens")).json()["items"]
        if one["scopes"] == ["operator"]
    )

    made = await ada.client.post("/api/v1/tokens", json={"name": "x", "scopes": ["operator"]})
    more = await ada.client.post(
        "/api/v1/tokens", json={"name": "x", "scopes": ["tasks:read", "operator"]}
    )
    usual = await _make(ada)
    rotated = await ada.client.post(f"/api/v1/tokens/{theirs['id']}/rotate", json={})

    assert [made.status_code, more.status_code, rotated.status_code] == [403, 403, 403]
    assert usual["scopes"] == ["account", "tasks:read", "tasks:write"]
    assert (await operators.get("/api/v1/tokens")).status_code == 403


async def test_a_rotated_token_is_good_for_a_while_more(api: Api, ada: Person) -> None:
    old = await _make(ada, scopes=["tasks:read"])
    path = f"/api/v1/tokens/{old['id']}/rotate"

    new = (await ada.client.post(path, json={"overlap_seconds": 60})).json()

    assert (new["name"], new["scopes"]) == (old["name"], old["scopes"])
    assert new["id"] != old["id"]
    for made in (old, new):
        assert (await _with(api, made).get("/api/v1/tasks")).status_code == 200
    api.core.clock.advance(MINUTE)
    assert (await _with(api, old).get("/api/v1/tasks")).status_code == 401
    assert (await _with(api, new).get("/api/v1/tasks")).status_code == 200


async def test_a_revoked_token_is_good_for_nothing_at_once(api: Api, ada: Person) -> None:
    made = await _make(ada)

    revoked = await ada.client.delete(f"/api/v1/tokens/{made['id']}")

    assert revoked.status_code == 204
    assert (await _with(api, made).get("/api/v1/me")).status_code == 401
    assert (await ada.client.delete(f"/api/v1/tokens/{made['id']}")).status_code == 404


async def test_a_token_can_revoke_itself(api: Api, ada: Person) -> None:
    client = _with(api, await _make(ada, scopes=["tasks:read"]))

    assert (await client.post("/api/v1/auth/revoke")).status_code == 204
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_somebody_elses_token_is_not_there(ada: Person, ben: Person) -> None:
    made = await _make(ada)

    assert (await ben.client.delete(f"/api/v1/tokens/{made['id']}")).status_code == 404
    rotated = await ben.client.post(f"/api/v1/tokens/{made['id']}/rotate", json={})
    assert rotated.status_code == 404
    assert (await ben.client.delete("/api/v1/tokens/nonsense")).status_code == 404
    mine = (await ben.client.get("/api/v1/tokens")).json()["items"]
    assert made["id"] not in {one["id"] for one in mine}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires_at": "2000-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2100-04-01T00:00:00"}, "expires_at"),
        ({"expires_at": "3000-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, "expires_at"),
    ],
)
async def test_a_bad_token_is_refused_at_its_field(
    ada: Person, body: dict[str, Any], field: str
) -> None:
    answer = await ada.client.post("/api/v1/tokens", json={"name": "laptop"} | body)

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]
