"""First words, help, and a way out."""

import pytest

from support.telegram import Stage
from taskbot.adapters.telegram.texts import start

pytestmark = pytest.mark.anyio


async def test_start_greets_by_name_and_registers(stage: Stage) -> None:
    ada = await stage.person(7, "Ada")

    text = await ada.send("/start")

    assert text.startswith("👋 Hello, Ada!")
    assert "15:00 (Moscow)" in text
    assert "/timezone" in text
    user = await stage.core.queries.user_by_telegram_id(7)
    assert user is not None
    assert user.name == "Ada"


async def test_start_speaks_the_language_of_the_persons_client(stage: Stage) -> None:
    anna = await stage.person(7, "Аня", "ru")

    text = await anna.send("/start")

    assert text.startswith("👋 Здравствуйте, Аня!")
    assert "15:00 (Москва)" in text


async def test_a_name_full_of_markup_is_shown_as_it_is(stage: Stage) -> None:
    person = await stage.person(7, "<b>Bobby</b> & \u202e co")

    assert "<b>Bobby</b> & " in await person.send("/start")


async def test_a_person_without_a_visible_name_is_greeted_too(stage: Stage) -> None:
    person = await stage.person(7, "\u2060")

    assert "Hello" in await person.send("/start")
    assert "Hello" in await person.send("/start")


async def test_start_with_a_payload_is_a_start(stage: Stage) -> None:
    ada = await stage.person()

    assert "Hello" in await ada.send("/start abc-DEF_123")


async def test_help_names_every_command(stage: Stage) -> None:
    ada = await stage.started()

    text = await ada.send("/help")

    for command in start.COMMANDS:
        assert f"/{command} — " in text


async def test_cancel_with_nothing_to_cancel_says_so(stage: Stage) -> None:
    ada = await stage.started()

    assert "nothing to cancel" in await ada.send("/cancel")


async def test_an_unknown_command_is_answered_with_the_known_ones(stage: Stage) -> None:
    ada = await stage.started()

    text = await ada.send("/frobnicate")

    assert "do not know this command" in text
    assert "/tasks — open tasks" in text
