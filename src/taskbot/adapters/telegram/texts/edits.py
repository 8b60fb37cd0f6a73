"""Changing a task."""

from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.deadlines import examples
from taskbot.adapters.telegram.texts.voice import Voice

ASK_TITLE: Final = mark("<b>What is the new title?</b>")
ASK_DESCRIPTION: Final = mark("<b>What is the new description?</b>")
ASK_CATEGORY: Final = mark("<b>Which category?</b>")
ASK_CATEGORY_NAME: Final = mark("<b>What shall the new category be called?</b>")
ASK_PRIORITY: Final = mark("<b>How important is it?</b>")
BACK_TO_IT: Final = mark("👇 I was asking:")


def ask_deadline(voice: Voice) -> str:
    asked = voice.say("<b>Until when?</b>\nTap a day, or write it your own way.")
    return f"{asked}\n{examples(voice)}"
