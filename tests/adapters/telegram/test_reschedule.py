"""Moving a deadline."""

from datetime import timedelta

import pytest

from support.telegram import Person, Stage

pytestmark = pytest.mark.anyio


async def a_card(stage: Stage, deadline: str = "tomorrow 18:00") -> Person:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.press("Skip")
    await ada.press("No category")
    await ada.send(deadline)
    return ada


async def test_a_quick_button_moves_the_deadline_and_its_reminders(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")
    assert ada.text.startswith("📌 Buy milk\n📅 tomorrow at 18:00")

    await ada.press("Next week")

    assert "👍 Saved." in ada.text
    assert "📅 Mon 22 March\n🔔 I will remind you: Mon 22 March at 09:00" in ada.text


async def test_a_typed_deadline_moves_it_too(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")

    text = await ada.send("через 2 часа")

    assert "📅 today at 17:00 (in 2 hours)" in text


async def test_a_time_alone_is_asked_about(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")

    await ada.send("20:00")
    assert ada.labels == [
        "Today 20:00", "Tomorrow 20:00", "📆 Another day…", "◀ Back", "✖ Cancel"
    ]  # fmt: skip
    await ada.press("Tomorrow 20:00")

    assert "📅 tomorrow at 20:00" in ada.text


async def test_the_day_for_a_time_alone_can_be_typed(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")
    await ada.send("20:00")

    assert "📅 Fri 19 March at 20:00" in await ada.send("friday")


@pytest.mark.parametrize("typed", ["31.02", "25:00", "01.01.2020", "some day"])
async def test_a_bad_deadline_is_explained_and_asked_for_again(stage: Stage, typed: str) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")

    text = await ada.send(typed)

    assert text.startswith("🤔")
    assert "For example: tomorrow 18:00" in text
    assert "📅 tomorrow at 20:00" in await ada.send("tomorrow 20:00")


async def test_the_deadline_can_be_taken_away(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")

    await ada.press("Remove the deadline")

    assert "📅 No deadline" in ada.text
    assert "remind" not in ada.text
    assert "📅 Set a deadline" in ada.labels


async def test_cancel_leads_back_to_the_card(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")

    await ada.press("Cancel")

    assert ada.text.startswith("📌 Buy milk")


async def test_an_old_choice_of_a_day_that_is_over_is_explained(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")
    stage.core.clock.advance(timedelta(days=3))

    await ada.press("Tomorrow")

    assert "That is over already: Tue 16 March." in ada.text


async def test_an_old_choice_for_a_completed_task_shows_that_it_is_done(stage: Stage) -> None:
    ada = await a_card(stage)
    done = ada.shown["buttons"][0][0]["data"]
    await ada.press("Reschedule")
    today = ada.shown["buttons"][0][0]["data"]
    await ada.press_data(done)

    answer = await ada.press_data(today)

    assert answer["text"] == "It is done already."
    assert "✅ Buy milk" in ada.text
    assert "A new task" in await ada.send("friday")


async def test_a_choice_on_an_old_card_moves_nothing(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")
    today, tomorrow = (b["data"] for b in ada.shown["buttons"][0])
    await ada.press_data(today)

    stale = await ada.press_data(tomorrow)

    assert stale["text"] == "The task has changed since then. This is how it stands now."
    assert "📅 today" in ada.text
    assert "✅ Done" in ada.labels


async def test_a_choice_pressed_twice_moves_the_deadline_once(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")
    today = ada.shown["buttons"][0][0]["data"]
    await ada.press_data(today)
    (task,) = stage.core.database.tables.tasks.values()

    again = await ada.press_data(today)

    assert again["text"] == "👍 Saved."
    assert list(stage.core.database.tables.tasks.values()) == [task]


async def test_choices_of_old_messages_name_no_version_and_move_it(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Reschedule")
    today = ada.shown["buttons"][0][0]["data"]
    await ada.press("Tomorrow")

    await ada.press_data(today.rpartition(":")[0])

    assert "📅 today" in ada.text
