"""Changing a task by its card."""

import pytest

from support.telegram import Person, Stage

pytestmark = pytest.mark.anyio


async def a_card(stage: Stage, language: str = "en") -> Person:
    """Somebody who is looking at the card of a task of theirs."""
    ada = await stage.started(language=language)
    skip, no_category = ("Skip", "No cat") if language == "en" else ("Пропустить", "Без кат")
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.press(skip)
    await ada.press(no_category)
    await ada.send("tomorrow 18:00")
    return ada


async def test_the_title_is_changed_by_writing_a_new_one(stage: Stage) -> None:
    ada = await a_card(stage)

    await ada.press("Edit")
    await ada.press("Title")
    assert ada.text == "What is the new title?\n\nNow: Buy milk"
    text = await ada.send("Buy bread")

    assert text.startswith("👍 Saved.\n\n📌 Buy bread")


async def test_a_bad_title_is_explained_and_asked_for_again(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Edit")
    await ada.press("Title")
    question = ada.shown["message_id"]

    assert "at most 200 fit" in await ada.send("x" * 201)
    assert "What is the new title?" in ada.text
    assert (await ada.message(question))["buttons"] == []
    assert "📌 Buy bread" in await ada.send("Buy bread")


async def test_the_description_is_written_changed_and_taken_away(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Edit")
    await ada.press("Description")
    assert ada.labels == ["✖ Cancel"]
    assert "two\nlines" in await ada.send("two\nlines")

    await ada.press("Edit")
    await ada.press("Description")
    assert "Now: two\nlines" in ada.text
    await ada.press("No description")

    assert "👍 Saved." in ada.text
    assert "two" not in ada.text


async def test_the_category_is_made_chosen_and_taken_away(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Category")
    await ada.press("New category")
    assert "called?" in ada.text
    assert "🏷 Home" in await ada.send("Home")

    await ada.press("Category")
    await ada.press("No category")
    assert "Home" not in ada.text
    await ada.press("Category")
    await ada.press("Home")

    assert "🏷 Home" in ada.text


async def test_a_bad_category_name_is_explained(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Category")
    await ada.press("New category")

    text = await ada.send("x" * 51)

    assert "at most 50 fit" in text
    assert "called?" in text


async def test_the_priority_is_a_button(stage: Stage) -> None:
    ada = await a_card(stage)

    await ada.press("Priority")
    assert ada.labels == ["🔴 Urgent", "🟠 High", "🟡 Medium", "⚪ Normal", "◀ Back"]
    await ada.press("Urgent")

    assert "🔴 Priority: urgent" in ada.text
    await ada.send("/tasks")
    assert ada.listed == ["🔴 tomorrow 18:00 · Buy milk"]


async def test_the_same_in_russian(stage: Stage) -> None:
    anna = await a_card(stage, "ru")
    await anna.press("Приоритет")

    await anna.press("Срочно")

    assert "👍 Сохранено." in anna.text
    assert "🔴 Приоритет: срочно" in anna.text


@pytest.mark.parametrize("label", ["Edit", "Priority", "Category"])
async def test_back_leads_to_the_card(stage: Stage, label: str) -> None:
    ada = await a_card(stage)
    card = ada.text.replace("🎉 The task is saved.\n\n", "")
    await ada.press(label)
    await ada.press("Back")

    assert ada.text == card


async def test_a_question_can_be_cancelled_by_its_button(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Edit")
    await ada.press("Title")

    await ada.press("Cancel")

    assert ada.text.startswith("📌 Buy milk")
    assert "A new task" in await ada.send("Buy bread")


async def test_a_question_can_be_cancelled_by_the_command(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Edit")
    await ada.press("Title")
    question = ada.shown["message_id"]

    assert await ada.send("/cancel") == "Cancelled. Nothing was changed."

    assert (await ada.message(question))["buttons"] == []


@pytest.mark.parametrize(
    ("path", "question"),
    [
        (("Edit", "Title"), "What is the new title?"),
        (("Edit", "Description"), "What is the new description?"),
        (("Category", "New category"), "called?"),
        (("Reschedule",), "Until when?"),
    ],
)
async def test_what_is_no_text_and_a_command_leave_the_question_open(
    stage: Stage, path: tuple[str, ...], question: str
) -> None:
    ada = await a_card(stage)
    for label in path:
        await ada.press(label)

    assert question in await ada.send(sticker="👍")
    assert "I can only read text here" in ada.text
    assert question in await ada.send("/help")
    assert "I was asking:" in ada.text
    await ada.send("friday")
    assert "👍 Saved." in ada.text


async def test_create_takes_the_place_of_a_question_about_a_task(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Edit")
    await ada.press("Title")
    question = ada.shown["message_id"]

    assert "step 1 of 4" in await ada.send("/create")

    assert (await ada.message(question))["buttons"] == []
    assert "step 2 of 4" in await ada.send("Buy bread")


@pytest.mark.parametrize("action", ["title", "text", "newcat", "when"])
async def test_a_half_filled_task_is_not_lost_for_a_question(stage: Stage, action: str) -> None:
    ada = await a_card(stage)
    task_id = ada.shown["buttons"][0][0]["data"].split(":")[2]
    await ada.send("/create")
    await ada.send("Buy bread")

    answer = await ada.press_data(f"t:{action}:{task_id}")

    assert answer["text"] == "Please finish the new task first, or cancel it: /cancel"
    assert "step 3 of 4" in await ada.send("oat")


async def test_an_answer_for_a_task_that_is_gone_is_told_and_ends_the_question(
    stage: Stage,
) -> None:
    ada = await a_card(stage)
    await ada.press("Edit")
    await ada.press("Title")
    stage.core.database.tables.tasks.clear()

    assert "This task is gone" in await ada.send("Buy bread")

    assert "A new task" in await ada.send("Buy bread")


async def test_a_second_question_takes_the_place_of_the_first(stage: Stage) -> None:
    ada = await a_card(stage)
    task_id = ada.shown["buttons"][0][0]["data"].split(":")[2]
    card = ada.shown["message_id"]
    await ada.press("Edit")
    await ada.press("Title")
    await ada.send("/tasks")
    repeated = ada.shown["message_id"]

    await ada.press_data(f"t:text:{task_id}", message_id=card)

    assert (await ada.message(repeated))["buttons"] == []
    assert "👍 Saved." in await ada.send("oat")
    assert "📌 Buy milk" in ada.text


@pytest.mark.parametrize("path", [("Edit", "Title"), ("Reschedule",)])
async def test_a_question_about_a_task_that_went_meanwhile_is_not_put_again(
    stage: Stage, path: tuple[str, ...]
) -> None:
    ada = await a_card(stage)
    for label in path:
        await ada.press(label)
    stage.core.database.tables.tasks.clear()

    assert "This task is gone" in await ada.send(sticker="👍")

    assert "A new task" in await ada.send("Buy bread")


async def test_a_choice_pressed_twice_is_made_once(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Priority")
    urgent = ada.shown["buttons"][0][0]["data"]
    await ada.press_data(urgent)
    shown = ada.text

    again = await ada.press_data(urgent)

    assert again["text"] == "👍 Saved."
    assert ada.text == shown


async def test_a_choice_on_an_old_card_is_not_made(stage: Stage) -> None:
    ada = await a_card(stage)
    await ada.press("Priority")
    urgent, high = (b["data"] for b in ada.shown["buttons"][0])
    await ada.press_data(urgent)

    stale = await ada.press_data(high)

    assert stale["text"] == "The task has changed since then. This is how it stands now."
    assert "🔴 Priority: urgent" in ada.text


async def test_choices_of_old_messages_name_no_version_and_are_made(stage: Stage) -> None:
    ada = await a_card(stage)
    task_id = ada.shown["buttons"][0][0]["data"].split(":")[2]
    await ada.press("Priority")
    await ada.press("Urgent")

    await ada.press_data(f"tp:{task_id}:2")
    assert "🟠 Priority: high" in ada.text
    await ada.press_data(f"tc:{task_id}:")
    assert "👍 Saved." in ada.text
