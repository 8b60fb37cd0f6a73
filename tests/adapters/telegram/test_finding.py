"""Looking for tasks by words."""

from datetime import timedelta

import pytest

from support.telegram import Person, Stage
from taskbot.adapters.telegram.listing.callbacks import FoundPage

pytestmark = pytest.mark.anyio

ASKED = "What shall I look for?"


async def buttons_of(person: Person, message_id: int) -> list[str]:
    shown = await person.message(message_id)
    return [button["text"] for row in shown["buttons"] for button in row]


async def test_words_find_tasks_in_any_form_the_newest_first_and_done_ones_too(
    stage: Stage,
) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")
    stage.core.clock.advance(timedelta(minutes=1))
    await stage.has_done(ada, "Cook", description="with milk")
    await stage.has(ada, "Call mum")

    text = await ada.send("/find MILK")

    assert text.startswith("🔎 MILK")
    assert ada.listed == ["✅ Cook", "Buy milk"]
    await ada.press("Buy milk")
    assert "📌 Buy milk" in ada.text


async def test_a_search_in_russian(stage: Stage) -> None:
    anna = await stage.started(name="Анна", language="ru")
    await stage.has(anna, "Купить молока")

    assert "Что найти?" in await anna.send("/find")
    await anna.send("молоко")

    assert anna.text.startswith("🔎 молоко")
    assert anna.listed == ["Купить молока"]
    assert "Ничего не нашлось: хлеб" in await anna.send("/find хлеб")
    assert anna.labels == ["🔎 Искать другое", "☰ Все задачи"]


async def test_the_command_alone_asks_and_the_answer_is_looked_for(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")
    assert ASKED in await ada.send("/find")
    question = ada.shown["message_id"]

    await ada.send("milk")

    assert ada.listed == ["Buy milk"]
    assert await buttons_of(ada, question) == []
    assert "A new task" in await ada.send("milk")  # the question is over


async def test_the_question_survives_a_restart_and_something_that_is_no_text(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")
    await ada.send("/find")

    await stage.restart()
    assert ASKED in await ada.send(sticker="👍")
    await ada.send("milk")

    assert ada.listed == ["Buy milk"]


async def test_the_question_can_be_cancelled_by_button_and_by_command(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/find")
    await ada.press("Cancel")
    assert "Nothing is open" in ada.text
    assert "A new task" in await ada.send("milk")

    await ada.send("/find")
    assert "Cancelled" in await ada.send("/cancel")

    assert "A new task" in await ada.send("milk")


async def test_another_command_ends_the_question_and_the_same_one_puts_it_anew(
    stage: Stage,
) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")
    await ada.send("/find")
    await ada.send("/find")
    await ada.send("milk")
    assert ada.listed == ["Buy milk"]

    await ada.send("/find")
    await ada.send("/tasks")

    assert "A new task" in await ada.send("milk")


async def test_in_the_middle_of_another_dialogue_that_one_goes_on(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")
    await ada.send("/tasks")
    listing = ada.shown["message_id"]
    await ada.send("/create")
    await ada.send("Bake bread")

    await ada.send("/find")
    assert "/find milk" in [one["text"] for one in await ada.messages()][-2]
    assert "step 2 of 4" in ada.text
    await ada.send("/find milk")
    assert "step 2 of 4" in ada.text
    answer = await ada.press("Find", message_id=listing)

    assert "finish the new task first" in answer["text"]


async def test_the_list_has_a_button_that_asks_in_its_place(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")
    await ada.send("/tasks")
    page = ada.shown["message_id"]

    await ada.press("Find")
    assert ASKED in ada.text
    assert ada.shown["message_id"] == page
    await ada.send("milk")
    assert ada.listed == ["Buy milk"]
    await ada.press("something else")

    assert ASKED in ada.text


async def test_pages_of_what_was_found_know_what_was_looked_for_after_a_restart(
    stage: Stage,
) -> None:
    ada = await stage.started()
    query = "<b>&milk</b> \u2067🥛"
    for number in range(19):
        await stage.has(ada, f"Milk b {number:02}")
    await stage.has(ada, "Bread")
    await ada.send(f"/find {query}")
    page = ada.shown["message_id"]
    pages = [ada.listed]
    await ada.send("/find bread")
    await stage.restart()

    await ada.press("Later", message_id=page)
    pages.append(ada.listed)
    await ada.press("Later")
    pages.append(ada.listed)
    back = []
    while "◀ Earlier" in ada.labels:
        await ada.press("Earlier")
        back.append(ada.listed)

    titles = [title for titles in pages for title in titles]
    assert titles == [f"Milk b {number:02}" for number in reversed(range(19))]
    assert back == pages[-2::-1]
    assert ada.shown["message_id"] == page


async def test_a_button_that_no_longer_knows_its_words_says_so_and_asks(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/tasks")

    answer = await ada.press_data(FoundPage().pack(), message_id=999)

    assert "no longer know what was looked for" in answer["text"]
    assert ASKED in ada.text


async def test_a_very_long_text_is_looked_for_as_far_as_it_fits(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")

    text = await ada.send("/find " + "milk " * 800)

    assert ada.listed == ["Buy milk"]
    assert len(text) < 400


async def test_a_text_without_words_finds_nothing(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")

    assert "Nothing found: !?" in await ada.send("/find !?")


async def test_nobody_finds_what_is_somebody_elses(stage: Stage) -> None:
    ada, bob = await stage.started(), await stage.started(8, "Bob")
    await stage.has(bob, "Buy milk")

    assert "Nothing found" in await ada.send("/find milk")
