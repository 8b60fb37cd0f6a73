"""Asking for many people: when they are signed in, and when not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from support.backend import HttpBackend, over_http
from support.core import a_core
from taskbot.adapters.api_client import ApiUnavailable
from taskbot.adapters.telegram_login import TelegramLogin
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.errors import UserNotFound
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

ANNA = MeetUser(telegram_id=7, name="Anna")
SIGN_IN = "POST /auth/telegram"


@pytest.fixture
async def backend() -> AsyncIterator[HttpBackend]:
    async with over_http(a_core()) as backend:
        yield backend


async def _met(backend: HttpBackend, command: MeetUser = ANNA) -> User:
    return (await backend.people.meet(command)).user


async def _revoke_all(backend: HttpBackend, user: User) -> None:
    for token in await backend.core.access_tokens.list(actor=user.id):
        await backend.core.access_tokens.revoke(token.id, actor=user.id)


async def test_a_person_is_signed_in_once_and_then_looked_at(backend: HttpBackend) -> None:
    anna = await _met(backend)
    await backend.categories.list(actor=anna.id)
    for _ in range(2):
        await _met(backend)
        await backend.categories.list(actor=anna.id)

    assert backend.requests == [
        SIGN_IN,
        "GET /categories",
        "GET /me",
        "GET /categories",
        "GET /me",
        "GET /categories",
    ]
    assert len(await backend.core.access_tokens.list(actor=anna.id)) == 1


async def test_another_process_finds_the_token(backend: HttpBackend) -> None:
    await _met(backend)

    async with over_http(backend.core, tokens=backend.tokens) as other:
        await _met(other)

    assert other.requests == ["GET /me"]


async def test_a_revoked_token_is_replaced_and_nobody_notices(backend: HttpBackend) -> None:
    anna = await _met(backend)
    await _revoke_all(backend, anna)

    view = await backend.tasks.create(CreateTask(actor=anna.id, title="Buy milk"))

    assert view.task.title == "Buy milk"
    assert backend.requests[1:] == ["POST /tasks", SIGN_IN, "POST /tasks"]
    await backend.tasks.get(view.task.id, actor=anna.id)
    assert backend.requests.count(SIGN_IN) == 2


async def test_a_token_ends_with_its_time_and_a_new_one_comes(backend: HttpBackend) -> None:
    anna = await _met(backend)
    backend.core.clock.advance(timedelta(days=29))

    await backend.categories.list(actor=anna.id)

    assert backend.requests == [SIGN_IN, SIGN_IN, "GET /categories"]


async def test_one_sign_in_of_a_person_at_a_time(backend: HttpBackend) -> None:
    anna = await _met(backend)
    await _revoke_all(backend, anna)

    await asyncio.gather(*(backend.categories.list(actor=anna.id) for _ in range(10)))

    assert backend.requests.count(SIGN_IN) == 2
    assert len(await backend.core.access_tokens.list(actor=anna.id)) == 1


async def test_people_do_not_get_each_others_tokens(backend: HttpBackend) -> None:
    anna, boris = await _met(backend), await _met(backend, MeetUser(telegram_id=8, name="Boris"))

    hers = await backend.categories.create("Hers", actor=anna.id)

    assert await backend.categories.list(actor=anna.id) == [hers]
    assert await backend.categories.list(actor=boris.id) == []


async def test_nobody_asks_for_somebody_who_was_not_met(backend: HttpBackend) -> None:
    stranger = await backend.core.users.find_or_register(9)

    with pytest.raises(UserNotFound):
        await backend.categories.list(actor=stranger.id)

    assert backend.requests == []


async def test_a_bot_that_is_not_believed_says_so_to_its_operator(
    caplog: pytest.LogCaptureFixture,
) -> None:
    impostor = TelegramLogin("7000000002:another-bot")
    async with over_http(a_core(), bot=impostor) as backend:
        with pytest.raises(ApiUnavailable):
            await _met(backend)

    assert "identity-unproven" in caplog.text
    assert "another-bot" not in caplog.text


async def test_a_lost_person_is_not_called_by_another_name(backend: HttpBackend) -> None:
    await _met(backend)

    lost = await backend.people.lose(7)

    assert (lost.name, lost.reachable) == ("Anna", False)
