"""The dialogue in which a task is created."""

from typing import Final

from taskbot.adapters.telegram.texts.buttons import category_name
from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.deadlines import examples
from taskbot.adapters.telegram.texts.html import escaped, isolated, shortened
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.category import Category

_ECHO: Final = 160

CREATED: Final = mark("🎉 The task is saved.")
CANCELLED: Final = mark("✖ Cancelled: no task was created.")
NOT_CURRENT: Final = mark("This is no longer current.")
ONLY_TEXT: Final = mark("I can only read text here, so please write it.")
FINISH_FIRST: Final = mark("Please finish the new task first, or cancel it: /cancel")
BACK_TO_IT: Final = mark("👇 Let us go on with the new task.")
TITLE_FIRST: Final = mark("A task needs a title: please write one.")
CATEGORY_GONE: Final = mark("The category you chose was deleted meanwhile. Please choose again.")


def step_line(voice: Voice, number: int) -> str:
    return voice.say("📝 <b>New task</b> · step {n} of 4", n=number)


def so_far(title: str, description: str, category: Category | None) -> str:
    """What was answered already; nothing where there is nothing yet."""
    lines = []
    if title:
        lines.append(f"📌 <b>{escaped(isolated(title))}</b>")
    if description:
        one_line = " ".join(shortened(description, _ECHO).split())
        lines.append(f"<i>{escaped(isolated(one_line))}</i>")
    if category is not None:
        lines.append(escaped(isolated(category_name(category))))
    return "\n".join(lines)


def ask_title(voice: Voice) -> str:
    return voice.say("<b>What needs to be done?</b>\nFor example: <i>Call the dentist</i>")


def ask_description(voice: Voice) -> str:
    return voice.say("<b>Any details?</b>\nA link, an address, a list: whatever will help you.")


def ask_category(voice: Voice, *, has_some: bool) -> str:
    if has_some:
        return voice.say("<b>Which category?</b>\nTap one, or write the name of a new one.")
    return voice.say(
        "<b>Which category?</b>\nYou have none yet: write a name, such as <i>Home</i>, or go on."
    )


def ask_category_name(voice: Voice) -> str:
    return voice.say("<b>What shall the new category be called?</b>")


def ask_deadline(voice: Voice) -> str:
    asked = voice.say("<b>By when?</b>\nTap a day, or write it your own way.")
    return f"{asked}\n{examples(voice)}"


def now_is(voice: Voice, answer: str) -> str:
    return voice.say("Now: {answer}", answer=shortened(answer, _ECHO))


def in_the_middle(voice: Voice, title: str) -> str:
    return voice.say("You have begun a task: {title}. Shall we go on with it?", title=title)
