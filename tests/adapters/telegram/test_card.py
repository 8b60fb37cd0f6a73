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


def data_of(person: Person, label: str) -> str:
    """What the button carries that is shown now; it can be pressed on when the card has changed."""
    every = [one for row in person.shown["buttons"] for one in row]
    return str(next(one["data"] for one in every if label in one["text"]))


async def test_an_open_task_has_a_row_for_each_kind_of_change(stage: Stage) -> None:
    ada = await a_card(stage)

    rows = [[one["text"] for one in row] for row in ada.shown["buttons"]]
    assert rows[0] == ["✅ Done", "💤 Remind me"]
    assert rows[1][0] == "📅 Reschedule"
    assert rows[2:] == [["⚪ Priority", "🏷 Category"], ["✏️ Edit", "🗑 Delete"], ["☰ All tasks"]]


async def test_done_completes_and_undo_takes_it_back(stage: Stage) -> None:
    ada = await a_card(stage)
    card = ada.shown["message_id"]
    await ada.press("Remind me")
    await ada.press("1 hour")
    before = ada.text

    done = await ada.press("Done")
    assert done["text"] == "Well done!"
    assert "✅ Buy milk" in ada.text
    assert "Done: today at 15:00" in ada.text
    assert ada.labels == ["↩️ Undo", "🗑 Delete", "☰ All tasks"]
    assert "I will remind you" not in ada.text
    undone = await ada.press("Undo")

    assert undone["text"] == "Undone: all is as it was."
    assert ada.text == before
    assert "🔔 I will remind you: today at 16:00, tomorrow at 17:00, 18:00" in ada.text
    assert ada.shown["message_id"] == card


async def test_delete_and_undo_in_russian(stage: Stage) -> None:
    anna = await stage.started(language="ru")
    await anna.send("/create")
    await anna.send("Купить молоко")
    await anna.press("Пропустить")
    await anna.press("Без кат")
    await anna.send("завтра 18:00")
    before = anna.text.split("\n\n", 1)[1]

    await anna.press("Удалить")
    assert anna.text == "🗑 Удалено: Купить молоко"
    assert anna.labels == ["↩️ Отменить", "☰ Все задачи"]
    undone = await anna.press("Отменить")

    assert undone["text"] == "Отменено: всё как было."
    assert anna.text == before
    done = data_of(anna, "Готово")
    await anna.press_data(done)
    assert anna.labels[0] == "↩️ Отменить"
    assert (await anna.press_data(done))["text"] == "Задача уже выполнена."


async def test_done_pressed_twice_is_done_once(stage: Stage) -> None:
    ada = await a_card(stage)
    data = data_of(ada, "Done")
    await ada.press_data(data)

    again = await ada.press_data(data)

    assert again["text"] == "It is done already."
    assert "✅ Buy milk" in ada.text
    assert ada.labels[0] == "↩️ Undo"


async def test_undo_pressed_twice_undoes_once(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Done")
    data = data_of(ada, "Undo")
    await ada.press_data(data)
    shown = ada.text

    again = await ada.press_data(data)

    assert again["text"] == "It is open already."
    assert ada.text == shown


async def test_a_completed_task_that_is_opened_later_is_reopened(stage: Stage) -> None:
    ada = await a_card(stage)
    opening = data_of(ada, "Done").replace("done", "open")
    await ada.press("Done")
    await ada.press_data(opening)
    assert ada.labels == ["↩️ Reopen", "🗑 Delete", "☰ All tasks"]
    data = data_of(ada, "Reopen")

    assert (await ada.press_data(data))["text"] == "Open again."

    assert "🔔 I will remind you: tomorrow at 17:00, 18:00" in ada.text
    assert (await ada.press_data(data))["text"] == "It is open already."


async def test_delete_happens_at_once_and_can_be_undone(stage: Stage) -> None:
    ada = await a_card(stage)
    card, before = ada.shown["message_id"], ada.text.split("\n\n", 1)[1]

    await ada.press("Delete")
    assert ada.text == "🗑 Deleted: Buy milk"
    assert ada.labels == ["↩️ Undo", "☰ All tasks"]
    await ada.send("/tasks")
    assert "Nothing is open" in ada.text
    undone = await ada.press("Undo", message_id=card)

    assert undone["text"] == "Undone: all is as it was."
    assert ada.text == before
    await ada.send("/tasks")
    assert any("Buy milk" in label for label in ada.labels)


async def test_delete_pressed_twice_deletes_once(stage: Stage) -> None:
    ada = await a_card(stage)
    data = data_of(ada, "Delete")
    await ada.press_data(data)

    again = await ada.press_data(data)

    assert again["text"] == "It is deleted already."
    assert ada.text == "🗑 Deleted: Buy milk"
    assert ada.labels == ["↩️ Undo", "☰ All tasks"]


async def test_the_confirmation_of_an_old_message_deletes_as_well(stage: Stage) -> None:
    ada = await a_card(stage)
    task_id = data_of(ada, "Done").split(":")[2]

    await ada.press_data(f"t:gone:{task_id}")

    assert ada.text == "🗑 Deleted: Buy milk"


@pytest.mark.parametrize("label", ["Remind me", "Reschedule", "Edit", "Done"])
async def test_whatever_is_pressed_of_a_deleted_task_offers_it_back(
    stage: Stage, label: str
) -> None:
    ada = await a_card(stage)
    data = data_of(ada, label)
    await ada.press("Delete")

    answer = await ada.press_data(data)

    assert answer["text"] == "This task is gone: it was deleted."
    assert ada.text == "🗑 Deleted: Buy milk"
    await ada.press("Undo")
    assert "📌 Buy milk" in ada.text


async def test_after_a_week_a_deleted_task_is_gone(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Delete")
    data = data_of(ada, "Undo")
    stage.core.clock.advance(timedelta(days=7))

    late = await ada.press_data(data)

    assert late["text"].startswith("There is nothing to undo any more")
    assert ada.text == "🗑 This task was deleted."
    assert ada.labels == ["☰ All tasks"]


async def test_an_undo_after_another_change_is_refused(stage: Stage) -> None:
    ada = await a_card(stage)
    task_id = data_of(ada, "Done").split(":")[2]
    await ada.press("Done")
    undo = data_of(ada, "Undo")
    await ada.press_data(f"tp:{task_id}:1")

    late = await ada.press_data(undo)

    assert late["text"].startswith("There is nothing to undo any more")
    assert "✅ Buy milk" in ada.text
    assert ada.labels[0] == "↩️ Reopen"


@pytest.mark.parametrize("label", ["Done", "Delete"])
async def test_a_button_of_a_card_that_has_changed_since_changes_nothing(
    stage: Stage, label: str
) -> None:
    ada = await a_card(stage)
    stale, task_id = data_of(ada, label), data_of(ada, "Done").split(":")[2]
    await ada.press_data(f"tp:{task_id}:1")

    answer = await ada.press_data(stale)

    assert answer["text"] == "The task has changed since then. This is how it stands now."
    assert ada.text.startswith("📌 Buy milk")
    assert "🔴 Priority: urgent" in ada.text
    await ada.press(label)
    assert ada.labels[0] == "↩️ Undo"


@pytest.mark.parametrize("action", ["done", "delete"])
async def test_a_button_without_a_version_works_as_ever(stage: Stage, action: str) -> None:
    ada = await a_card(stage)
    task_id = data_of(ada, "Done").split(":")[2]
    await ada.press_data(f"tp:{task_id}:1")

    await ada.press_data(f"t:{action}:{task_id}")

    assert ada.labels[0] == "↩️ Undo"


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
    await ada.press("Priority")

    assert "How important is it?" in ada.text


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
