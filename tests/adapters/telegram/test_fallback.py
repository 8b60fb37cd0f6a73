"""What nothing else answers."""

import pytest

from support.telegram import DOT, Stage

pytestmark = pytest.mark.anyio


async def test_a_plain_text_is_offered_as_a_task(stage: Stage) -> None:
    ada = await stage.started()

    text = await ada.send("Buy <milk> & bread")
    assert "Shall I make a task of this?\n📌 Buy <milk> & bread" in text
    await ada.press("Create “Buy <milk> & bread”")

    assert "step 2 of 4" in ada.text
    assert "Buy <milk> & bread" in ada.text


async def test_more_lines_become_the_description(stage: Stage) -> None:
    ada = await stage.started()

    await ada.send("Buy milk\n2 litres\noat")
    await ada.press("Create")

    assert "Now: 2 litres\noat" in ada.text
    assert "📌 Buy milk" in ada.text


async def test_a_text_too_long_for_a_title_is_kept_whole(stage: Stage) -> None:
    ada = await stage.started()
    story = "word " * 200

    await ada.send(story)
    await ada.press("Create")
    await ada.press("Keep it")
    await ada.press("No category")
    await ada.press("No deadline")

    assert story.strip() in ada.text


async def test_only_the_latest_offer_is_current(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("Buy milk")
    first = ada.shown["message_id"]
    await ada.send("Buy bread")

    assert (await ada.message(first))["buttons"] == []
    answer = await ada.press_data("s:take", message_id=first)

    assert answer["text"] == "This is no longer current."


async def test_an_offer_survives_a_restart(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("Buy milk")

    await stage.restart()
    await ada.press("Create")

    assert "📌 Buy milk" in ada.text


async def test_the_caption_of_a_picture_is_offered_too(stage: Stage) -> None:
    ada = await stage.started()

    text = await ada.send(photo=DOT, caption="Frame this")

    assert "📌 Frame this" in text


async def test_a_text_that_nobody_can_see_is_answered(stage: Stage) -> None:
    ada = await stage.started()

    assert "A task needs a title" in await ada.send("\U000e0041\U000e0042")


async def test_an_unknown_button_is_answered_and_cleaned(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")

    answer = await ada.press_data("of-an-older-version:1")

    assert answer["text"] == "This button is no longer current."
    assert answer["show_alert"]
    assert ada.labels == []
