"""A task's card and its buttons."""

from datetime import timedelta

import pytest

from support.telegram import Person, Stage

pytestmark = pytest.mark.anyio


async def a_card(stage: Stage, deadline: str = "tomorrow 18:00") -> Person:
    """Somebody who is looking at the card of a new task."""
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.press("Skip")
    await ada.press("No category")
    await ada.send(deadline)
    assert "Buy milk" in ada.text
    return ada


async def test_done_completes_and_reopen_takes_it_back(stage: Stage) -> None:
    ada = await a_card(stage)
    card = ada.shown["message_id"]

    done = await ada.press("Done")
    assert done["text"] == "Well done!"
    assert "✅ Buy milk" in ada.text
    assert "Done: today at 15:00" in ada.text
    assert ada.labels == ["↩️ Reopen", "🗑 Delete", "☰ All tasks"]
    assert "I will remind you" not in ada.text
    reopened = await ada.press("Reopen")

    assert reopened["text"] == "Open again."
    assert "🔔 I will remind you: tomorrow at 17:00, 18:00" in ada.text
    assert ada.shown["message_id"] == card


async def test_done_pressed_twice_is_done_once(stage: Stage) -> None:
    ada = await a_card(stage)
    data = next(b["data"] for b in ada.shown["buttons"][0] if "Done" in b["text"])
    await ada.press_data(data)

    again = await ada.press_data(data)

    assert again["text"] == "It is done already."
    assert "✅ Buy milk" in ada.text


async def test_reopen_pressed_twice_is_told(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Done")
    data = next(b["data"] for b in ada.shown["buttons"][0] if "Reopen" in b["text"])
    await ada.press_data(data)

    assert (await ada.press_data(data))["text"] == "It is open already."


async def test_delete_asks_first(stage: Stage) -> None:
    ada = await a_card(stage)

    await ada.press("Delete")
    assert "Delete this task for good?" in ada.text
    await ada.press("No, keep it")
    assert "📌 Buy milk" in ada.text
    await ada.press("Delete")
    await ada.press("Yes, delete it")

    assert ada.text == "🗑 Deleted: Buy milk"
    await ada.press("All tasks")
    assert "Nothing is open" in ada.text


async def test_delete_pressed_twice_says_that_it_is_gone(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Delete")
    data = ada.shown["buttons"][0][0]["data"]
    await ada.press_data(data)

    again = await ada.press_data(data)

    assert again["text"] == "This task is gone: it was deleted."
    assert ada.labels == ["☰ All tasks"]


async def test_snooze_reminds_at_that_moment_besides(stage: Stage) -> None:
    ada = await a_card(stage)

    await ada.press("Remind me")
    assert ada.labels == [
        "💤 10 min",
        "💤 1 hour",
        "💤 Evening 18:00",
        "💤 Tomorrow 09:00",
        "💤 Another time…",
        "◀ Back",
    ]
    answer = await ada.press("1 hour")

    assert answer["text"] == "💤 I will remind you today at 16:00."
    assert "🔔 I will remind you: today at 16:00, tomorrow at 17:00, 18:00" in ada.text
    await stage.time_passes(timedelta(hours=1))
    assert (await ada.look()).startswith("🔔 Buy milk")


async def test_snooze_until_tomorrow_means_the_start_of_the_day(stage: Stage) -> None:
    ada = await a_card(stage, "friday")
    await ada.press("Remind me")

    answer = await ada.press("Tomorrow")

    assert answer["text"] == "💤 I will remind you tomorrow at 09:00."


async def test_an_overdue_task_says_by_how_much(stage: Stage) -> None:
    ada = await a_card(stage, "in 2 hours")

    stage.core.clock.advance(timedelta(hours=4, minutes=5))
    await ada.send("/tasks")
    await ada.press("Buy milk")

    assert "⚠️ Overdue by 2 hours 5 minutes: today at 17:00" in ada.text


async def test_an_overdue_day_is_told_without_hours(stage: Stage) -> None:
    ada = await a_card(stage, "today")

    stage.core.clock.advance(timedelta(days=1))
    await ada.send("/tasks")
    await ada.press("Buy milk")

    assert "⚠️ Overdue: yesterday" in ada.text


async def test_sent_reminders_are_told_with_their_lateness(stage: Stage) -> None:
    ada = await a_card(stage, "in 2 hours")
    await stage.time_passes(timedelta(hours=1))
    await stage.time_passes(timedelta(hours=1, minutes=10))
    await ada.look()

    await ada.press("Open the task")

    assert "📨 Reminded: today at 16:00\n" in ada.text
    assert "📨 Reminded: today at 17:00, late by 10 minutes" in ada.text
    assert "🔕 No reminders ahead" in ada.text


@pytest.mark.parametrize("label", ["Remind me", "Reschedule"])
async def test_an_old_card_of_a_completed_task_is_brought_up_to_date(
    stage: Stage, label: str
) -> None:
    ada = await a_card(stage)
    old = next(b["data"] for r in ada.shown["buttons"] for b in r if label in b["text"])
    await ada.press("Done")

    answer = await ada.press_data(old)

    assert answer["text"] == "It is done already."
    assert "✅ Buy milk" in ada.text


async def test_the_longest_description_leaves_room_for_the_rest(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("T" * 200)
    await ada.send("<" * 4000)
    await ada.press("No category")
    await ada.send("tomorrow 18:00")

    assert "📅 tomorrow at 18:00" in ada.text
    await ada.press("Delete")

    assert "Delete this task for good?" in ada.text


async def test_a_description_of_wide_signs_is_cut_to_fit(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Emoji")
    await ada.send("👍" * 2048)
    await ada.press("No category")
    await ada.send("tomorrow 18:00")

    assert "👍…" in ada.text
    assert "📅 tomorrow at 18:00" in ada.text


async def test_a_card_that_was_deleted_by_hand_is_shown_anew(stage: Stage) -> None:
    ada = await a_card(stage)
    old = ada.shown["message_id"]
    await stage.sim.control.fault("400-chat-not-found", method="editMessageText")

    await ada.press("Done")

    assert ada.shown["message_id"] > old
    assert "✅ Buy milk" in ada.text


async def test_an_old_snooze_of_a_completed_task_shows_that_it_is_done(stage: Stage) -> None:
    ada = await a_card(stage)
    done = ada.shown["buttons"][0][0]["data"]
    await ada.press("Remind me")
    snooze = ada.shown["buttons"][0][0]["data"]
    await ada.press_data(done)

    answer = await ada.press_data(snooze)

    assert answer["text"] == "It is done already."
    assert "✅ Buy milk" in ada.text
