"""One message about several tasks, and its buttons."""

from datetime import timedelta

import pytest

from support.telegram import Person, Stage
from taskbot.application.ports import TaskPageRequest
from taskbot.application.task_commands import EditTask

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


async def reminded_of(stage: Stage, *titles: str, language: str = "en") -> Person:
    """Somebody who is reminded of several things at once: each is due in an hour."""
    ada = await stage.started(language=language)
    skip, no_category = ("Skip", "No cat") if language == "en" else ("Пропустить", "Без кат")
    for title in titles:
        await ada.send("/create")
        await ada.send(title)
        await ada.press(skip)
        await ada.press(no_category)
        await ada.send("in 2 hours" if language == "en" else "через 2 часа")
    await stage.time_passes(HOUR)
    await ada.look()
    return ada


async def test_there_is_a_line_and_a_row_of_buttons_for_each(stage: Stage) -> None:
    ada = await reminded_of(stage, "Buy <milk>", "Call mum")

    assert ada.text == (
        "🔔 2 tasks\n\n"
        "1. Buy <milk>\n📅 today at 17:00 (in 1 hour)\n\n"
        "2. Call mum\n📅 today at 17:00 (in 1 hour)"
    )
    assert ada.labels == ["✅ 1", "1. 💤 1 hour", "📄 1", "✅ 2", "2. 💤 1 hour", "📄 2"]


async def test_a_digest_in_russian(stage: Stage) -> None:
    anna = await reminded_of(stage, "Молоко", "Мама", "Кот", "Пёс", "Дом", language="ru")

    assert anna.text.startswith("🔔 5 задач\n\n1. Молоко\n📅 сегодня в 17:00 (через 1 час)")


async def test_what_is_due_at_this_moment_is_not_called_overdue(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call")

    await stage.time_passes(HOUR + timedelta(seconds=2))

    assert (await ada.look()).count("📅 today at 17:00, right now") == 2


async def test_each_late_task_says_so(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call")

    await stage.time_passes(HOUR + timedelta(minutes=25))

    assert (await ada.look()).count("Sorry, this reminder is late by 25 minutes.") == 2


async def test_done_crosses_one_out_and_leaves_the_others(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call", "Walk")

    answer = await ada.press("✅ 2")

    assert answer["text"] == "Well done!"
    assert "2. ✅ Call\n\n3. Walk" in ada.text
    assert ada.labels[3:5] == ["↩️ 2", "📄 2"]
    assert (await ada.press("↩️ 2"))["text"] == "Open again."
    assert ada.labels[3] == "✅ 2"


async def test_the_last_one_done_is_worth_a_word(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call")

    await ada.press("✅ 1")

    assert (await ada.press("✅ 2"))["text"] == "Well done, that was everything!"


async def test_what_is_done_already_stays_done(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call")
    first = next(b for row in ada.shown["buttons"] for b in row)["data"]
    await ada.press_data(first)

    answer = await ada.press_data(first)

    assert answer["text"] == "It is done already."
    assert "1. ✅ Milk" in ada.text


async def test_snoozing_one_tells_when_it_comes_back(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call")

    await ada.press("1. 💤")

    assert "1. Milk\n💤 I will remind you today at 17:00." in ada.text
    assert "2. Call\n📅 today at 17:00 (in 1 hour)" in ada.text


async def test_what_is_done_cannot_be_snoozed(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call")
    snooze = ada.shown["buttons"][0][1]["data"]
    await ada.press("✅ 1")

    assert (await ada.press_data(snooze))["text"] == "It is done already."


async def test_what_is_open_cannot_be_reopened(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call")
    await ada.press("✅ 1")
    reopen = ada.shown["buttons"][0][0]["data"]
    await ada.press("↩️ 1")

    assert (await ada.press_data(reopen))["text"] == "It is open already."


async def test_a_card_opens_below_and_the_others_stay(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call")
    digest = ada.shown["message_id"]

    await ada.press("📄 2")

    assert ada.shown["message_id"] > digest
    assert ada.text.startswith("📌 Call")
    assert (await ada.message(digest))["buttons"]


async def test_a_task_that_was_deleted_is_left_out(stage: Stage) -> None:
    ada = await reminded_of(stage, "Milk", "Call", "Walk")
    digest = ada.shown["message_id"]
    await ada.press("📄 2")
    await ada.press("Delete")

    await ada.press("✅ 1", message_id=digest)

    assert [label for label in ada.labels if label.startswith("✅")] == ["✅ 2"]
    assert "Call" not in ada.text
    assert "2. Walk" in ada.text


async def test_the_longest_titles_fit_into_one_message(stage: Stage) -> None:
    ada = await reminded_of(stage, *["😀" * 200] * 10)

    assert ada.text.startswith("🔔 10 tasks")
    assert len(ada.labels) == 30


async def test_taking_a_completion_back_gives_the_reminders_back_as_they_were(
    stage: Stage,
) -> None:
    ada = await reminded_of(stage, "Milk", "Call")
    await ada.press("1. 💤")
    await ada.press("✅ 1")
    assert "💤 I will remind you" not in ada.text

    answer = await ada.press("↩️ 1")

    assert answer["text"] == "Open again."
    assert "💤 I will remind you" in ada.text
    await ada.press("✅ 1")
    page = await stage.core.queries.tasks(
        TaskPageRequest(owner_id=(await stage.core.users.find_or_register(ada.id)).id)
    )
    milk = next(view.task for view in page.items if view.task.title == "Milk")
    await stage.core.tasks.edit(EditTask(actor=milk.owner_id, task_id=milk.id, priority=1))

    assert (await ada.press("↩️ 1"))["text"] == "Open again."
