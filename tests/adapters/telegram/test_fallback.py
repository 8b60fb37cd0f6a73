"""What nothing else answers."""

import pytest

from support.telegram import Stage

pytestmark = pytest.mark.anyio


async def test_an_unknown_button_is_answered_and_cleaned(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")

    answer = await ada.press_data("of-an-older-version:1")

    assert answer["text"] == "This button is no longer current."
    assert answer["show_alert"]
    assert ada.labels == []
