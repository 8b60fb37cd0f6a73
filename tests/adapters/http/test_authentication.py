"""Who asks: access tokens, and what strangers get."""

import pytest
from hypothesis import given, settings, strategies as st

from support.api import ADA, Api, Person, an_api, ask
from taskbot.domain.access_token import new_secret

pytestmark = pytest.mark.anyio


async def test_who_asks_is_settled_before_the_body_is_looked_at(api: Api) -> None:
    answer = await api.anonymous.post("/api/v1/tasks", content=b"{" * 100)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "spelling", ["Bearer {}", "bearer {}", "Token {}", "TOKEN {}", "Bearer  {} "]
)
async def test_a_token_is_understood_in_both_spellings(
    api: Api, ada: Person, spelling: str
) -> None:
    client = api.client(Authorization=spelling.format(ada.secret))

    answer = await client.get("/api/v1/me")

    assert answer.json()["telegram_id"] == ADA


@pytest.mark.parametrize(
    "spelling", ["{}", "Basic {}", "Bearer{}", "Bearer: {}", "Bearer {}x", "Bearer x{}", "Bearer"]
)
async def test_any_other_spelling_is_refused(api: Api, ada: Person, spelling: str) -> None:
    client = api.client(Authorization=spelling.format(ada.secret))

    answer = await client.get("/api/v1/me")

    assert answer.status_code == 401
    assert ada.secret not in answer.text


async def test_a_token_that_nobody_was_given_is_refused(api: Api) -> None:
    answer = await api.client(Authorization=f"Bearer {new_secret()}").get("/api/v1/me")

    assert answer.status_code == 401


async def test_two_tokens_at_once_are_refused(api: Api, ada: Person, ben: Person) -> None:
    headers = [
        (b"authorization", f"Bearer {ada.secret}".encode()),
        (b"authorization", f"Bearer {ben.secret}".encode()),
    ]

    answer = await ask(api.app, "GET", "/api/v1/me", headers=headers)

    assert answer.status == 401


async def test_a_token_in_the_query_is_not_one(api: Api, ada: Person) -> None:
    answer = await api.anonymous.get("/api/v1/me", params={"access_token": ada.secret})

    assert answer.status_code == 401


async def test_the_token_is_never_logged(
    api: Api, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    mistyped = ada.secret[:-1] + ("a" if ada.secret[-1] != "a" else "b")

    await ada.creates()
    await api.client(Authorization=f"Bearer {mistyped}").get("/api/v1/me")

    assert ada.secret not in caplog.text
    assert mistyped not in caplog.text


@settings(max_examples=200)
@given(st.binary(max_size=100) | st.binary(max_size=60).map(lambda raw: b"Bearer tb_" + raw))
async def test_no_bytes_in_the_header_break_it(value: bytes) -> None:
    answer = await ask(_API.app, "GET", "/api/v1/me", headers=[(b"authorization", value)])

    assert answer.status == 401


_API = an_api()
