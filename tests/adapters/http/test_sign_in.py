"""Signing in over HTTP: a signature for a token."""

from datetime import timedelta
from typing import Any

import pytest
from ulid import ULID

from support.api import Api, an_api
from taskbot.adapters.telegram_login import TelegramLogin
from taskbot.application.ports import SignedPerson
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.ids import UserId

pytestmark = pytest.mark.anyio

LOGIN = TelegramLogin("7000000001:made-up-for-the-tests")
PATH = "/api/v1/auth/telegram"


@pytest.fixture
def api() -> Api:
    return an_api(proofs=LOGIN)


def _signed(api: Api, telegram_id: int = 101, language: str = "ru") -> str:
    person = SignedPerson(telegram_id, "Ada", language)
    return LOGIN.sign(person, now=api.core.clock.now())


async def test_who_is_signed_for_gets_a_token_and_is_known_from_then_on(api: Api) -> None:
    first = await api.anonymous.post(PATH, json={"init_data": _signed(api)})
    second = await api.anonymous.post(PATH, json={"init_data": _signed(api)})

    assert (first.status_code, first.json()["created"]) == (200, True)
    assert (second.status_code, second.json()["created"]) == (200, False)
    assert first.json()["user"]["telegram_id"] == 101
    assert first.json()["user"]["language"] == "ru"
    assert first.json()["user"]["id"] == second.json()["user"]["id"]
    client = api.client(Authorization=f"Bearer {first.json()['token']}")
    assert (await client.get("/api/v1/me")).json()["telegram_id"] == 101


async def test_the_token_ends_after_thirty_days(api: Api) -> None:
    token = (await api.anonymous.post(PATH, json={"init_data": _signed(api)})).json()["token"]
    client = api.client(Authorization=f"Bearer {token}")

    api.core.clock.advance(timedelta(days=30, seconds=-1))
    assert (await client.get("/api/v1/me")).status_code == 200
    api.core.clock.advance(timedelta(seconds=1))
    assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"init_data": "user=%7B%22id%22%3A101%7D&hash=00"},
        {"init_data": ""},
        {"widget": {"id": 101, "auth_date": 1, "hash": "00"}},
        {"widget": {}},
    ],
)
async def test_what_is_not_signed_is_never_believed(api: Api, body: dict[str, Any]) -> None:
    answer = await api.anonymous.post(PATH, json=body)

    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/identity-unproven"
    assert await api.core.queries.user_by_telegram_id(101) is None


async def test_what_is_stale_is_not_believed(api: Api) -> None:
    signed = _signed(api)
    api.core.clock.advance(timedelta(hours=2))

    assert (await api.anonymous.post(PATH, json={"init_data": signed})).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"init_data": "x", "widget": {}}, {"telegram_id": 101}, {"init_data": None}]
)
async def test_one_proof_is_needed(api: Api, body: dict[str, Any]) -> None:
    assert (await api.anonymous.post(PATH, json=body)).status_code == 422


async def test_without_a_bot_nobody_can_sign_in() -> None:
    answer = await an_api().anonymous.post(PATH, json={"init_data": "x"})

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/sign-in-unavailable"


def _told(api: Api, *, may_write: bool | None, name: str = "Ada") -> dict[str, str]:
    person = SignedPerson(101, name, "ru", may_write)
    return {"init_data": LOGIN.sign(person, now=api.core.clock.now())}


async def test_what_is_signed_about_writing_is_as_good_as_a_message_or_a_farewell(
    api: Api,
) -> None:
    unheard = (await api.anonymous.post(PATH, json=_told(api, may_write=None))).json()["user"]
    heard = (await api.anonymous.post(PATH, json=_told(api, may_write=True))).json()["user"]
    lost = (await api.anonymous.post(PATH, json=_told(api, may_write=False))).json()["user"]
    silent = (await api.anonymous.post(PATH, json=_told(api, may_write=None))).json()["user"]
    back = (await api.anonymous.post(PATH, json=_told(api, may_write=True, name="Аня"))).json()

    assert (unheard["name"], unheard["reachable"]) == ("", True)
    assert (heard["name"], heard["language"], heard["reachable"]) == ("Ada", "ru", True)
    assert (lost["name"], lost["reachable"]) == ("Ada", False)
    assert not silent["reachable"]
    assert (back["user"]["name"], back["user"]["reachable"]) == ("Аня", True)


async def test_what_was_held_back_is_resumed_by_a_signature(api: Api) -> None:
    now = api.core.clock.now()
    user = (await api.anonymous.post(PATH, json=_told(api, may_write=True))).json()["user"]
    await api.anonymous.post(PATH, json=_told(api, may_write=False))
    deadline = TimedDeadline(now + timedelta(hours=2), "UTC")
    owner = UserId(ULID.from_str(user["id"]))
    await api.core.tasks.create(CreateTask(actor=owner, title="Call", deadline=deadline))
    api.core.clock.advance(timedelta(hours=1))
    await api.core.deliver_due()
    assert not api.core.notifier.notifications

    await api.anonymous.post(PATH, json=_told(api, may_write=True))
    await api.core.deliver_due()

    assert len(api.core.notifier.notifications) == 1


async def test_an_unsigned_word_about_writing_is_not_believed(api: Api) -> None:
    signed = _told(api, may_write=False)["init_data"]
    forged = signed.replace("false", "true")
    assert forged != signed

    assert (await api.anonymous.post(PATH, json={"init_data": forged})).status_code == 401
    assert await api.core.queries.user_by_telegram_id(101) is None
