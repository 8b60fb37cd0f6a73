"""Having one's account deleted, and keeping it after all."""

from datetime import timedelta

import pytest

from support.builders import NOW
from support.telegram import Person, Stage
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.user import GRACE, User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


async def user_of(stage: Stage, person: Person) -> User:
    return await stage.core.users.find_or_register(person.id)


async def some_tasks(stage: Stage, person: Person, number: int) -> None:
    user = await user_of(stage, person)
    for place in range(number):
        deadline = TimedDeadline(NOW + 2 * HOUR, user.timezone)
        view = await stage.core.tasks.create(
            CreateTask(actor=user.id, title=f"Task {place}", deadline=deadline)
        )
        if place == 1:
            await stage.core.tasks.complete(view.task.id, actor=user.id)


async def test_leaving_is_asked_once_and_can_be_taken_back(stage: Stage) -> None:
    ada = await stage.started()
    await some_tasks(stage, ada, 2)

    text = await ada.send("/delete_me")
    assert "2 tasks go for good" in text
    assert "Everything is deleted in 14 days" in text
    assert not (await user_of(stage, ada)).is_leaving
    await ada.press("Yes, delete everything")

    assert "going to be deleted: Mon 29 March at 15:00" in ada.text
    assert (await user_of(stage, ada)).deletion_at == NOW + GRACE
    await ada.press("Keep my account")
    assert "Your account stays" in ada.text
    assert not (await user_of(stage, ada)).is_leaving


async def test_in_russian_too(stage: Stage) -> None:
    anna = await stage.started(language="ru")
    await some_tasks(stage, anna, 1)

    assert "Навсегда исчезнет 1 задача, а с ней категории" in await anna.send("/delete_me")
    assert "Всё удалится через 14 дней" in anna.text
    await anna.press("Да, удалить всё")
    assert "Профиль будет удалён: пн, 29 марта в 15:00." in anna.text
    await anna.press("Оставить профиль")
    assert "Профиль остаётся" in anna.text


async def test_no_reminders_come_meanwhile_and_those_held_come_then(stage: Stage) -> None:
    ada = await stage.started()
    await some_tasks(stage, ada, 1)
    await ada.send("/delete_me")
    await ada.press("Yes, delete everything")
    notice = int(ada.shown["message_id"])

    await stage.time_passes(3 * HOUR)
    assert "going to be deleted" in await ada.look()
    await ada.press("Keep my account", message_id=notice)
    await stage.time_passes(timedelta(0))

    assert "Task 0" in await ada.look()


@pytest.mark.parametrize("command", ["/start", "/delete_me"])
async def test_who_is_leaving_is_shown_the_way_back(stage: Stage, command: str) -> None:
    ada = await stage.started()
    await stage.core.accounts.leave(actor=(await user_of(stage, ada)).id)
    stage.core.clock.advance(HOUR)

    assert "going to be deleted: Mon 29 March at 15:00" in await ada.send(command)
    assert ada.labels == ["↩️ Keep my account"]


async def test_who_says_no_stays(stage: Stage) -> None:
    ada = await stage.started()
    assert "You have no tasks." in await ada.send("/delete_me")

    await ada.press("No, I stay")

    assert "Nothing was deleted" in ada.text
    assert not (await user_of(stage, ada)).is_leaving


async def test_old_questions_and_double_presses_have_one_effect(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/delete_me")
    question = int(ada.shown["message_id"])
    await ada.press_data("a:leave", message_id=question)
    stage.core.clock.advance(HOUR)
    await ada.press_data("a:leave", message_id=question)
    assert (await user_of(stage, ada)).deletion_at == NOW + GRACE

    await ada.press_data("a:no", message_id=question)
    assert "going to be deleted" in ada.text
    await ada.press_data("a:stay", message_id=question)
    await ada.press_data("a:stay", message_id=question)
    assert "Nothing was deleted" in ada.text


async def test_after_the_grace_period_the_press_says_that_it_is_too_late(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/delete_me")
    await ada.press("Yes, delete everything")
    stage.core.clock.advance(GRACE)

    answer = await ada.press("Keep my account")

    assert "being deleted" in answer["text"]
