"""The reminders of one task: the list, lead times, moments of one's own, snoozes by the clock."""

from datetime import timedelta

import pytest
from ulid import ULID

from support.telegram import Person, Stage
from taskbot.adapters.telegram.reminding.callbacks import (
    LeadTime,
    OfReminders,
    RemindersAction,
    RemoveReminder,
)
from taskbot.application.ports import NotSent
from taskbot.application.users import EditUser

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
WORDS = {
    "en": ("Skip", "No category", "Reminders"),
    "ru": ("Пропустить", "Без категории", "Напоминания"),
}


async def the_list(stage: Stage, deadline: str = "tomorrow 18:00", language: str = "en") -> Person:
    """Somebody who is looking at the reminders of a new task, in the afternoon at three."""
    ada = await stage.started(language=language)
    skip, no_category, reminders = WORDS[language]
    await ada.send("/create")
    await ada.send("Buy <milk>")
    await ada.press(skip)
    await ada.press(no_category)
    await ada.send(deadline)
    await ada.press(reminders)
    return ada


async def test_the_list_tells_what_is_planned_and_why(stage: Stage) -> None:
    ada = await the_list(stage)

    assert ada.text == (
        "📌 Buy <milk>\n📅 tomorrow at 18:00 (in 1 day 3 hours)\n\n"
        "🔔 Reminders\n"
        "• tomorrow at 17:00, in 1 day 2 hours · 1 hour before\n"
        "• tomorrow at 18:00, in 1 day 3 hours · at the deadline"
    )
    assert ada.labels == [
        "✖ tomorrow 17:00",
        "✖ tomorrow 18:00",
        "⏱ Before the deadline",
        "➕ Add a reminder",
        "◀ Back",
    ]
    await ada.press("Back")
    assert "🔔 I will remind you: tomorrow at 17:00, 18:00" in ada.text


async def test_the_list_in_russian(stage: Stage) -> None:
    anna = await the_list(stage, language="ru")

    assert anna.text == (
        "📌 Buy <milk>\n📅 завтра в 18:00 (через 1 день 3 часа)\n\n"
        "🔔 Напоминания\n"
        "• завтра в 17:00, через 1 день 2 часа · за 1 час\n"
        "• завтра в 18:00, через 1 день 3 часа · когда наступит срок"
    )
    await anna.press("Добавить")
    assert "Это напоминание останется, даже если перенести срок." in anna.text
    text = await anna.send("через 2 часа")
    assert text.startswith("🔔 Напомню сегодня в 17:00.")
    assert "• сегодня в 17:00, через 2 часа · по вашей просьбе" in text
    await anna.press("До срока")
    assert anna.labels[-3:] == ["▫️ 1 день", "▫️ 1 неделю", "◀ Назад"]


async def test_a_lead_reminder_is_removed_and_the_task_goes_its_own_way(stage: Stage) -> None:
    ada = await the_list(stage)
    data = ada.shown["buttons"][0][0]["data"]

    answer = await ada.press("✖ tomorrow 17:00")

    assert answer["text"] == "This reminder will not come."
    assert "17:00" not in ada.text
    assert "This task has its own times before the deadline." in ada.text
    again = await ada.press_data(data)
    assert again["text"] == "This reminder is over already."
    await ada.press("As in my settings")
    assert "tomorrow at 17:00" in ada.text
    assert "own times" not in ada.text


async def test_the_reminder_of_a_day_is_removed_and_comes_back(stage: Stage) -> None:
    ada = await the_list(stage, "friday")
    assert "• Fri 19 March at 09:00, in 3 days · on the day" in ada.text
    assert ada.labels == ["✖ Fri 19 Mar 09:00", "➕ Add a reminder", "◀ Back"]

    await ada.press("✖")

    assert "🔕 No reminders ahead\nI do not remind you of this deadline, as you wished." in ada.text
    await ada.press("As in my settings")
    assert "Fri 19 March at 09:00" in ada.text


async def test_lead_times_are_switched_on_and_off(stage: Stage) -> None:
    ada = await the_list(stage)

    await ada.press("Before the deadline")
    assert ada.labels == [
        "✅ at the deadline", "▫️ 5 minutes", "▫️ 10 minutes", "▫️ 30 minutes", "✅ 1 hour",
        "▫️ 3 hours", "▫️ 1 day", "▫️ 1 week", "◀ Back",
    ]  # fmt: skip
    on = next(b["data"] for r in ada.shown["buttons"] for b in r if "3 hours" in b["text"])
    await ada.press_data(on)
    await ada.press_data(on)
    await ada.press("1 hour")

    assert "✅ 3 hours" in ada.labels
    assert "▫️ 1 hour" in ada.labels
    await ada.press("Back")
    assert "tomorrow at 15:00, in 1 day · 3 hours before" in ada.text
    assert "tomorrow at 17:00" not in ada.text
    await ada.press("Before the deadline")
    await ada.press("As in my settings")
    assert "• tomorrow at 17:00" in ada.text


async def test_a_lead_time_of_the_settings_that_is_not_offered_can_be_switched_off(
    stage: Stage,
) -> None:
    ada = await the_list(stage)
    user = await stage.core.users.find_or_register(ada.id)
    await stage.core.users.edit(EditUser(actor=user.id, lead_times=[2 * HOUR]))

    await ada.press("Before the deadline")
    await ada.press("✅ 2 hours")

    assert "▫️ 2 hours" not in ada.labels
    assert "⚙️ As in my settings" in ada.labels


async def test_a_reminder_at_a_moment_of_ones_own_stays_when_the_deadline_moves(
    stage: Stage,
) -> None:
    ada = await the_list(stage)

    await ada.press("Add a reminder")
    assert ada.labels == [
        "In 1 hour", "In 3 hours", "Today 18:00", "Tomorrow 09:00", "Mon 22 Mar 09:00", "✖ Cancel",
    ]  # fmt: skip
    answer = await ada.press("Today 18:00")

    assert answer["text"] == "🔔 I will remind you today at 18:00."
    assert "• today at 18:00, in 3 hours · you asked" in ada.text
    await ada.press("Back")
    await ada.press("Reschedule")
    await ada.press("Next week")
    assert "🔔 I will remind you: today at 18:00, Mon 22 March at 09:00" in ada.text
    await stage.time_passes(3 * HOUR)
    assert (await ada.look()).startswith("🔔 Buy <milk>")


async def test_a_typed_moment_is_taken_and_a_time_alone_is_asked_about(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Add a reminder")

    assert "🤔 I cannot make out when that is." in await ada.send("when the cows come home")
    assert "20:00 on which day?" in await ada.send("20:00")
    await ada.press("Tomorrow 20:00")

    assert "• tomorrow at 20:00" in ada.text
    await ada.press("Add a reminder")
    text = await ada.send("friday")
    assert "🔔 I will remind you Fri 19 March at 09:00." in text


async def test_a_day_whose_start_is_over_is_no_moment(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Add a reminder")

    assert "🤔 That is over already: today at 09:00." in await ada.send("today")
    assert "When shall I remind you?" in ada.text


async def test_asking_can_be_cancelled_by_button_and_by_command(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Add a reminder")
    await ada.press("Cancel")
    assert "🔔 Reminders" in ada.text
    await ada.press("Add a reminder")

    assert await ada.send("/cancel") == "Cancelled. Nothing was changed."
    assert "memory" not in await ada.send("/tasks")


async def test_a_command_in_between_puts_the_question_again(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Add a reminder")

    text = await ada.send("/help")

    assert text.startswith("👇 I was asking:\n\n📌 Buy <milk>")
    assert "🔔 I will remind you today at 17:00." in await ada.send("in 2 hours")


async def test_what_is_no_text_is_asked_about_again(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Add a reminder")

    text = await ada.send(location={"latitude": 55.7, "longitude": 37.6})

    assert text.startswith("I can only read text here")


async def test_the_question_survives_a_restart(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Add a reminder")

    await stage.restart()

    assert "🔔 I will remind you today at 17:00." in await ada.send("in 2 hours")


async def test_more_than_ten_are_refused_with_a_way_on(stage: Stage) -> None:
    ada = await the_list(stage, "in 3 days")
    user = await stage.core.users.find_or_register(ada.id)
    task_id = next(iter(stage.core.database.tables.tasks))
    for hours in range(1, 11):
        at = stage.core.clock.now() + hours * HOUR
        await stage.core.tasks.add_reminder(task_id, at=at, actor=user.id)
    await ada.press("Add a reminder")

    text = await ada.send("tomorrow 18:00")

    assert text.startswith("At most 10 reminders of your own fit on a task.")
    assert len([label for label in ada.labels if label.startswith("✖")]) == 11


async def test_what_was_sent_and_what_failed_is_told(stage: Stage) -> None:
    ada = await the_list(stage, "in 2 hours")
    await stage.time_passes(HOUR + timedelta(minutes=10))
    await ada.look()
    await ada.press("Open the task")

    await ada.press("Reminders")

    assert ada.text.endswith("Earlier\n📨 Reminded: today at 16:00, late by 10 minutes")


async def test_what_is_on_its_way_is_told(stage: Stage) -> None:
    ada = await the_list(stage, "in 2 hours")
    await ada.press("Back")
    stage.core.clock.advance(2 * HOUR)

    await ada.press("Reminders")

    assert "• today at 17:00, on its way · at the deadline" in ada.text


@pytest.mark.parametrize("label", ["✖ tomorrow 17:00", "Before the deadline", "Add a reminder"])
async def test_the_list_of_a_task_that_was_completed_elsewhere_shows_that(
    stage: Stage, label: str
) -> None:
    ada = await the_list(stage)
    user = await stage.core.users.find_or_register(ada.id)
    task_id = next(iter(stage.core.database.tables.tasks))
    await stage.core.tasks.complete(task_id, actor=user.id)

    answer = await ada.press(label)

    assert answer["text"] == "It is done already."
    assert "✅ Buy <milk>" in ada.text


async def test_moments_and_lead_times_of_a_task_completed_meanwhile_are_refused(
    stage: Stage,
) -> None:
    ada = await the_list(stage)
    user = await stage.core.users.find_or_register(ada.id)
    task_id = next(iter(stage.core.database.tables.tasks))
    await ada.press("Add a reminder")
    at = ada.shown["buttons"][0][0]["data"]
    await stage.core.tasks.complete(task_id, actor=user.id)

    assert "✅ Buy <milk>" in await ada.send("in 2 hours")
    for data in (at, LeadTime(id=task_id, minutes=5, wanted=True).pack()):
        assert (await ada.press_data(data))["text"] == "It is done already."


@pytest.mark.parametrize(
    "choice", ["", "+", "+x", f"+{'9' * 20}", "+99999999999", "20261332", "20200101T0900", "y"]
)
async def test_a_forged_moment_is_answered(stage: Stage, choice: str) -> None:
    ada = await the_list(stage)
    task_id = next(iter(stage.core.database.tables.tasks))
    data = OfReminders(action=RemindersAction.AT, id=task_id, choice=choice).pack()

    answer = await ada.press_data(data)

    assert answer["answered"]
    assert "When shall I remind you?" in ada.text


@pytest.mark.parametrize("minutes", [-5, 9**9, 9**20])
async def test_a_forged_lead_time_is_answered(stage: Stage, minutes: int) -> None:
    ada = await the_list(stage)
    task_id = next(iter(stage.core.database.tables.tasks))

    answer = await ada.press_data(LeadTime(id=task_id, minutes=minutes, wanted=True).pack())

    assert answer["answered"]
    assert answer["text"]


async def test_a_snooze_until_the_evening_and_until_a_typed_moment(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Back")
    await ada.press("Remind me")

    assert (await ada.press("Evening"))["text"] == "💤 I will remind you today at 18:00."
    await ada.press("Remind me")
    await ada.press("Another time")
    assert "even if the deadline moves" not in ada.text
    text = await ada.send("tomorrow 8:30")

    assert text.startswith("💤 I will remind you tomorrow at 08:30.\n\n📌 Buy <milk>")
    await ada.press("Reminders")
    assert "• tomorrow at 08:30, in 17 hours · once more" in ada.text
    assert "18:00, in 3 hours" not in ada.text


async def test_a_snooze_that_is_too_long_is_asked_about_again(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Back")
    await ada.press("Remind me")
    await ada.press("Another time")

    text = await ada.send("25.12.2150 10:00")

    assert text.startswith("I can put it off to a later moment only, by at most 365 days.")
    await ada.press("Cancel")
    assert "🔔 I will remind you: tomorrow at 17:00, 18:00" in ada.text


async def test_the_evening_is_offered_only_as_long_as_it_is_ahead(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Back")
    await ada.press("Remind me")
    evening = next(b["data"] for r in ada.shown["buttons"] for b in r if "Evening" in b["text"])
    stage.core.clock.advance(3 * HOUR)

    answer = await ada.press_data(evening)

    assert answer["text"].startswith("I can put it off to a later moment only")
    await ada.press("Back")
    await ada.press("Remind me")
    assert not [label for label in ada.labels if "Evening" in label]


async def test_another_time_on_a_reminder_is_asked_beside_it(stage: Stage) -> None:
    ada = await the_list(stage, "in 2 hours")
    await stage.time_passes(HOUR)
    await ada.look()
    reminder = ada.shown["message_id"]

    await ada.press("Another time")
    assert ada.shown["message_id"] != reminder
    assert (await ada.message(reminder))["buttons"]
    answer = await ada.press("In 3 hours")

    assert answer["text"] == "💤 I will remind you today at 19:00."
    assert "🔔 I will remind you: today at 17:00, 19:00" in ada.text


async def test_a_half_filled_new_task_is_not_lost_for_it(stage: Stage) -> None:
    ada = await the_list(stage)
    shown = ada.shown["message_id"]
    await ada.send("/create")

    answer = await ada.press("Add a reminder", message_id=shown)

    assert answer["text"] == "Please finish the new task first, or cancel it: /cancel"
    assert "Call" in await ada.send("Call the dentist")


async def test_a_deleted_task_ends_the_question(stage: Stage) -> None:
    ada = await the_list(stage)
    await ada.press("Add a reminder")
    stage.core.database.tables.tasks.clear()

    assert await ada.send("in 2 hours") == "This task is gone: it was deleted."
    assert "cancel" in await ada.send("/cancel")


async def test_a_reminder_that_failed_says_why(stage: Stage) -> None:
    ada = await the_list(stage, "in 2 hours")
    for one in list(stage.core.database.tables.reminders.values())[:1]:
        stage.core.database.tables.reminders[one.id] = one.give_up(error=str(NotSent("no <route>")))
    await ada.press("Back")

    await ada.press("Reminders")

    assert "❌ A reminder could not be sent: today at 16:00, 0 tries\nno <route>" in ada.text


def test_the_longest_data_fit() -> None:
    task_id = ULID()

    RemoveReminder(id=task_id, reminder=ULID()).pack()
    LeadTime(id=task_id, minutes=365 * 24 * 60, wanted=True).pack()
    for action in RemindersAction:
        OfReminders(action=action, id=task_id, choice="20261124T1800").pack()
