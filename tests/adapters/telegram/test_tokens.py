"""Access tokens: making one whose secret vanishes, seeing them, revoking one."""

import logging
import re
from datetime import timedelta

import pytest

from support.builders import NOW
from support.telegram import Person, Stage
from taskbot.application.ports import VanishingMessage
from taskbot.domain.access_token import PERSONAL_SCOPES, AccessToken, Scope
from taskbot.domain.errors import InvalidAccessToken

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SECRET = re.compile(r"tb_[0-9A-Za-z]{36}")


async def secret_of(stage: Stage, person: Person) -> str:
    """Make a token by the shortest way; what is shown is the message with its secret."""
    await person.send("/token")
    for label in ("New token", "My program", "Read tasks", "For ever"):
        await person.press(label)
    found = SECRET.search(person.text)
    assert found is not None
    return found[0]


async def by_hand(stage: Stage, person: Person) -> list[AccessToken]:
    user = await stage.core.users.find_or_register(person.id)
    every = await stage.core.access_tokens.list(actor=user.id)
    return [token for token in every if token.name != "Telegram"]


async def test_a_token_is_made_by_a_name_a_purpose_and_an_end(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/token")
    await ada.press("New token")
    assert "What is the token for?" in ada.text

    asked = await ada.send("laptop & <co>")
    assert "laptop & <co>\n\nWhat may the program do?" in asked
    await ada.press("Read and change tasks")
    assert "For how long" in ada.text
    await ada.press("1 year")

    assert "laptop & <co>: reads and changes tasks, good until: Tue 15 March 2101" in ada.text
    assert "vanishes in a minute" in ada.text
    (token,) = await by_hand(stage, ada)
    assert token.scopes == {Scope.TASKS_READ, Scope.TASKS_WRITE}
    assert token.expires_at == NOW + 365 * DAY
    found = SECRET.search(ada.text)
    assert found is not None
    assert (await stage.core.access_tokens.authenticate(found[0])).token.id == token.id
    assert f"<code>{found[0]}</code>" in ada.shown["html"]


async def test_in_russian_too(stage: Stage) -> None:
    anna = await stage.started(language="ru")
    assert "По токену программа работает" in await anna.send("/token")
    for label in ("Новый токен", "Моя программа", "Всё, и профиль тоже", "30 дней"):
        await anna.press(label)

    assert "Моя программа: всё, и профиль тоже, действует до: ср, 14 апреля" in anna.text
    assert "Через минуту это сообщение исчезнет" in anna.text
    (token,) = await by_hand(stage, anna)
    assert token.scopes == PERSONAL_SCOPES
    await anna.press("Сохранил: убрать сейчас")
    assert "ещё не использован" in anna.text
    await anna.press("🔑 Моя программа")
    await anna.press("Отозвать")
    await anna.press("Да, отозвать")
    assert "Моя программа" not in anna.text


async def test_the_message_with_the_secret_is_gone_after_a_minute(stage: Stage) -> None:
    ada = await stage.started()
    secret = await secret_of(stage, ada)
    shown = int(ada.shown["message_id"])

    stage.core.clock.advance(MINUTE - timedelta(seconds=1))
    await stage.take_what_vanishes()
    assert not (await ada.message(shown))["deleted"]
    await stage.restart()
    stage.core.clock.advance(timedelta(seconds=1))
    await stage.take_what_vanishes()

    assert (await ada.message(shown))["deleted"]
    assert await stage.vanishing.earliest(limit=10) == []
    await stage.core.access_tokens.authenticate(secret)  # it is good all the same


async def test_it_is_known_to_vanish_before_the_secret_is_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[list[VanishingMessage]] = []
    ada = await stage.started()
    edit = stage.bot.edit_message_text

    async def watched(text: str, **more: object) -> object:
        if SECRET.search(text):
            known.append(await stage.vanishing.earliest(limit=10))
        return await edit(text, **more)  # type: ignore[arg-type] # as it came

    monkeypatch.setattr(
        type(stage.bot), "edit_message_text", lambda _, text, **more: watched(text, **more)
    )
    await secret_of(stage, ada)

    assert known == [[VanishingMessage(ada.id, int(ada.shown["message_id"]), NOW + MINUTE)]]


async def test_who_has_it_may_have_it_removed_at_once(stage: Stage) -> None:
    ada = await stage.started()
    secret = await secret_of(stage, ada)
    shown = int(ada.shown["message_id"])

    await ada.press("I have it")

    assert secret not in ada.text
    assert "My program: reads tasks\nnot used yet · good for ever" in ada.text
    stage.core.clock.advance(MINUTE)
    await stage.take_what_vanishes()
    assert not (await ada.message(shown))["deleted"], "it is the list now"


async def test_a_token_that_cannot_be_shown_is_good_for_nothing(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/token")
    for label in ("New token", "My program", "Read tasks"):
        await ada.press(label)
    await stage.sim.control.request(
        "POST", "/sim/faults", json={"method": "editMessageText", "kind": "500", "times": 3}
    )

    answer = await ada.press("For ever")

    assert "could not be shown" in answer["text"]
    assert await by_hand(stage, ada) == []


async def test_tokens_are_seen_and_revoked_with_one_question(stage: Stage) -> None:
    ada = await stage.started()
    secret = await secret_of(stage, ada)
    await stage.core.access_tokens.authenticate(secret)

    text = await ada.send("/token")
    assert "My program: reads tasks\nlast used: today · good for ever" in text
    await ada.press("My program")
    assert f"Begins with {secret[:8]}" in ada.text
    await ada.press("Revoke")
    assert "Revoke this token?" in ada.text
    await ada.press("No, keep the token")
    await ada.press("Revoke")
    answer = await ada.press("Yes, revoke it")

    assert "good for nothing" in answer["text"]
    assert "My program" not in ada.text
    with pytest.raises(InvalidAccessToken):
        await stage.core.access_tokens.authenticate(secret)


async def test_buttons_of_a_token_that_is_gone_say_so(stage: Stage) -> None:
    ada = await stage.started()
    await secret_of(stage, ada)
    (token,) = await by_hand(stage, ada)
    await ada.send("/token")
    await ada.press("My program")
    revoked_from = int(ada.shown["message_id"])
    await stage.core.access_tokens.revoke(token.id, actor=token.owner_id)

    for action in ("open", "revoke", "gone"):
        answer = await ada.press_data(f"at:{action}:{token.id}", message_id=revoked_from)
        assert "gone" in answer["text"]
        assert "Access tokens" in ada.text


async def test_nobody_sees_or_revokes_what_is_anothers(stage: Stage) -> None:
    ada, ben = await stage.started(7, "Ada"), await stage.started(8, "Ben")
    await secret_of(stage, ada)
    (token,) = await by_hand(stage, ada)
    await ben.send("/token")

    for action in ("open", "gone"):
        answer = await ben.press_data(f"at:{action}:{token.id}")
        assert "gone" in answer["text"]

    assert await by_hand(stage, ada) == [token]


async def test_a_token_that_has_ended_is_not_listed(stage: Stage) -> None:
    ada = await stage.started()
    user = await stage.core.users.find_or_register(ada.id)
    await stage.core.access_tokens.create("old", expires_at=NOW + DAY, actor=user.id)
    assert "old" in await ada.send("/token")

    stage.core.clock.advance(DAY)

    assert "old" not in await ada.send("/token")


async def test_what_signing_in_made_is_called_so_and_comes_last(stage: Stage) -> None:
    ada = await stage.started()
    user = await stage.core.users.find_or_register(ada.id)
    await stage.core.access_tokens.create("laptop", actor=user.id)
    await stage.core.access_tokens.create("Telegram", expires_at=NOW + 30 * DAY, actor=user.id)

    text = await ada.send("/token")

    assert text.index("laptop") < text.index("Sign-in with Telegram")
    await ada.press("Sign-in with Telegram")
    assert "or by this bot itself" in ada.text


async def test_very_many_tokens_fit_into_the_message(stage: Stage) -> None:
    ada = await stage.started()
    user = await stage.core.users.find_or_register(ada.id)
    for number in range(12):
        await stage.core.access_tokens.create(f"{number} " + "<&>" * 30, actor=user.id)

    text = await ada.send("/token")

    assert "more" in text
    assert len(ada.labels) == 11


async def test_the_dialogue_is_left_by_a_button_and_by_a_command(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/token")
    await ada.press("New token")
    await ada.press("Cancel")
    assert "No token was made" in ada.text
    await ada.press("Back")
    await ada.press("New token")

    assert "Cancelled" in await ada.send("/cancel")
    assert await by_hand(stage, ada) == []


async def test_a_command_in_between_is_obeyed_and_the_question_put_again(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/token")
    await ada.press("New token")
    await ada.send("phone")

    assert "What may the program do?" in await ada.send("/tasks")
    await ada.press("Read tasks")
    assert "For how long" in await ada.send("a text that is no answer")
    await ada.press("30 days")
    assert "phone: reads tasks" in ada.text


async def test_another_dialogue_is_not_lost_for_a_token(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/token")
    listed = int(ada.shown["message_id"])
    await ada.send("/create")
    await ada.send("Buy milk")

    answer = await ada.press("New token", message_id=listed)

    assert "in the middle of something" in answer["text"]


async def test_double_presses_and_old_questions_make_no_second_token(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/token")
    await ada.press("New token")
    question = int(ada.shown["message_id"])
    await ada.press("My program")
    await ada.press_data("as:name", message_id=question)
    assert "What may the program do?" in ada.text
    await ada.press("Read tasks")
    await ada.press_data("atp:all", message_id=question)
    assert "For how long" in ada.text
    await ada.press("30 days")
    secret = SECRET.search(ada.text)

    answer = await ada.press_data("ate:0", message_id=question)

    assert "no longer current" in answer["text"]
    assert secret is not None
    assert secret[0] in (await ada.message(question))["text"]
    (token,) = await by_hand(stage, ada)
    assert token.scopes == {Scope.TASKS_READ}


async def test_the_secret_is_in_no_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    ada = await stage.started()
    with caplog.at_level(logging.DEBUG):
        for name in logging.root.manager.loggerDict:
            caplog.set_level(logging.DEBUG, logger=name)
        secret = await secret_of(stage, ada)
        await ada.press("I have it")

    assert caplog.records
    for record in caplog.records:
        if not record.name.startswith("taskbot.adapters.simulator"):
            assert secret not in f"{record.getMessage()} {record.args!r} {record.__dict__!r}"
