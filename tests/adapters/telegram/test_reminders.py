"""Reminders as they arrive, and their buttons."""

from datetime import timedelta

import pytest

from support.telegram import Person, Stage
from taskbot.application.ports import TaskFilter, TaskPageRequest
from taskbot.domain.task import TaskStatus

pytestmark = pytest.mark.anyio


async def reminded(stage: Stage, language: str = "en") -> Person:
    """Somebody who was reminded, an hour ahead, of something that is due now in one hour."""
    ada = await stage.started(language=language)
    skip, no_category = ("Skip", "No cat") if language == "en" else ("Пропустить", "Без кат")
    await ada.send("/create")
    await ada.send("Buy <milk>")
    await ada.press(skip)
    await ada.press(no_category)
    await ada.send("in 2 hours")
    await stage.time_passes(timedelta(hours=1))
    await ada.look()
    return ada


async def test_a_reminder_tells_what_and_when(stage: Stage) -> None:
    ada = await reminded(stage)

    assert ada.text == "🔔 Buy <milk>\n📅 today at 17:00 (in 1 hour)"
    assert ada.labels == [
        "✅ Done",
        "💤 10 min",
        "💤 1 hour",
        "💤 Evening 18:00",
        "💤 Tomorrow 09:00",
        "💤 Another time…",
        "Open the task",
    ]


async def test_a_reminder_in_russian(stage: Stage) -> None:
    anna = await reminded(stage, "ru")

    assert anna.text == "🔔 Buy <milk>\n📅 сегодня в 17:00 (через 1 час)"
    assert anna.labels[0] == "✅ Готово"


async def test_at_the_deadline_it_says_right_now(stage: Stage) -> None:
    ada = await reminded(stage)

    await stage.time_passes(timedelta(hours=1))

    assert await ada.look() == "🔔 Buy <milk>\n📅 today at 17:00, right now"


async def test_a_late_reminder_says_so(stage: Stage) -> None:
    ada = await reminded(stage)

    await stage.time_passes(timedelta(hours=1, minutes=25))

    assert await ada.look() == (
        "🔔 Buy <milk>\n⚠️ Overdue by 25 minutes: today at 17:00\n"
        "Sorry, this reminder is late by 25 minutes."
    )


async def test_done_completes_the_task_and_the_message_shows_it(stage: Stage) -> None:
    ada = await reminded(stage)
    reminder = ada.shown["message_id"]

    answer = await ada.press("Done")

    assert answer["text"] == "Well done!"
    assert ada.shown["message_id"] == reminder
    assert ada.text == "✅ Buy <milk>"
    assert ada.labels == ["↩️ Undo"]
    user = await stage.core.queries.user_by_telegram_id(ada.id)
    assert user is not None
    page = await stage.core.queries.tasks(
        TaskPageRequest(owner_id=user.id, where=TaskFilter(status=TaskStatus.COMPLETED))
    )
    assert len(page.items) == 1


async def test_done_pressed_twice_is_done_once(stage: Stage) -> None:
    ada = await reminded(stage)
    data = ada.shown["buttons"][0][0]["data"]
    await ada.press_data(data)

    answer = await ada.press_data(data)

    assert answer["text"] == "It is done already."
    assert ada.text == "✅ Buy <milk>"
    assert ada.labels == ["↩️ Undo"]
    stage.core.clock.advance(timedelta(days=8))
    await ada.press_data(data)
    assert ada.labels == ["↩️ Reopen"]


async def test_done_can_be_taken_back(stage: Stage) -> None:
    ada = await reminded(stage)
    await ada.press("Done")

    assert (await ada.press("Undo"))["text"] == "Undone: all is as it was."

    assert "📌 Buy <milk>" in ada.text
    assert "🔔 I will remind you: today at 17:00" in ada.text


async def test_snooze_says_until_when_and_comes_again(stage: Stage) -> None:
    ada = await reminded(stage)

    answer = await ada.press("10 min")
    assert answer["text"] == "💤 I will remind you today at 16:10."
    assert ada.text.endswith("💤 I will remind you today at 16:10.")
    assert ada.labels == ["✅ Done", "Open the task"]
    await stage.time_passes(timedelta(minutes=10))

    assert await ada.look() == "🔔 Buy <milk>\n📅 today at 17:00 (in 50 minutes)"


async def test_the_buttons_work_after_a_restart(stage: Stage) -> None:
    ada = await reminded(stage)

    await stage.restart()
    await ada.press("1 hour")

    assert "💤 I will remind you today at 17:00." in ada.text


async def test_snooze_after_the_task_was_done_elsewhere_shows_that(stage: Stage) -> None:
    ada = await reminded(stage)
    reminder = ada.shown["message_id"]
    await ada.send("/tasks")
    await ada.press("Buy")
    await ada.press("Done")

    answer = await ada.press("10 min", message_id=reminder)

    assert answer["text"] == "It is done already."
    assert "✅ Buy <milk>" in ada.text


@pytest.mark.parametrize("label", ["Done", "10 min", "Tomorrow", "Open"])
async def test_the_reminder_of_a_deleted_task_says_so(stage: Stage, label: str) -> None:
    ada = await reminded(stage)
    stage.core.database.tables.tasks.clear()

    answer = await ada.press(label)

    assert answer["text"] == "This task is gone: it was deleted."
    assert ada.text == "🗑 This task was deleted."


@pytest.mark.parametrize("minutes", ["-5", "9" * 9, "9" * 20, "600000"])
async def test_a_forged_snooze_is_refused(stage: Stage, minutes: str) -> None:
    ada = await reminded(stage)
    task_id = ada.shown["buttons"][0][0]["data"].split(":")[-1]

    answer = await ada.press_data(f"ts:{task_id}:{minutes}:1")

    assert answer["answered"]
    assert answer["text"]


async def test_a_person_who_blocked_the_bot_gets_what_was_held_back(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.press("Skip")
    await ada.press("No category")
    await ada.send("in 2 hours")
    await stage.sim.control.block(ada.id)
    await stage.handled()
    await stage.time_passes(timedelta(hours=1))
    calls = await stage.sim.control.calls("sendMessage")

    await stage.sim.control.unblock(ada.id)
    await ada.send("/start")
    await stage.time_passes(timedelta(minutes=1))

    assert not [one for one in calls if not one["outcome"]["ok"]], "nobody even tried"
    assert (await ada.look()).startswith("🔔 Buy milk")
