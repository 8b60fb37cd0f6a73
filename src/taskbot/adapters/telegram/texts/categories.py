"""A person's categories."""

from typing import Final

from taskbot.adapters.telegram.texts.buttons import category_name
from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import escaped, isolated, shortened
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.categories import TasksLeft
from taskbot.application.views import CountedCategory
from taskbot.domain.category import Category

_BUTTON: Final = 44

TASKS: Final = mark("☰ Its tasks")
DELETE_SURELY: Final = mark("🗑 Yes, delete it")
RENAME: Final = mark("✏️ Rename")
EMOJI: Final = mark("😀 Emoji")
NO_EMOJI: Final = mark("No emoji")
ALL_CATEGORIES: Final = mark("◀ Categories")
KEEP: Final = mark("No, keep it")
MOVE_TASKS: Final = mark("📂 Move them to another category")
LEAVE_TASKS: Final = mark("Leave them without a category")
DELETE_TASKS: Final = mark("🗑 Delete them, too")

ASK_NEW_NAME: Final = mark(
    "<b>What shall the new category be called?</b>\nFor example: <i>Home</i>"
)
NOT_AN_EMOJI: Final = mark("🤔 I see no emoji there.")
CHANGED: Final = mark("The category has changed meanwhile: please look again.")


def categories(voice: Voice, number: int) -> str:
    if not number:
        return voice.say(
            "🏷 You have no categories yet.\n"
            "A category keeps together what belongs together: Home, Work, Shopping."
        )
    head = voice.say("🏷 <b>Your categories</b>: {number}", number=number)
    how = voice.say("The numbers are of open tasks. Tap a category to see or change it.")
    return f"{head}\n{how}"


def category_button(one: CountedCategory) -> str:
    number = f" · {one.open}" if one.open else ""
    return f"{isolated(shortened(category_name(one.category), _BUTTON))}{number}"


def category(voice: Voice, one: CountedCategory) -> str:
    return "\n".join(
        (
            f"{_bold(one.category)}\n",
            voice.say("📌 Open tasks: {number}", number=one.open),
            voice.say("✅ Done: {number}", number=one.completed),
        )
    )


def _bold(category: Category) -> str:
    emoji = escaped(category.emoji or "🏷")
    return f"{emoji} <b>{escaped(isolated(category.name))}</b>"


def created(voice: Voice, category: Category) -> str:
    return voice.say("🎉 The category is saved: {name}", name=category.name)


def ask_name(voice: Voice, category: Category) -> str:
    question = voice.say("<b>What shall it be called from now on?</b>")
    return f"{_bold(category)}\n\n{question}"


def ask_emoji(voice: Voice, category: Category) -> str:
    question = voice.say("<b>Which emoji shall mark it?</b>\nTap one, or send me any other.")
    return f"{_bold(category)}\n\n{question}"


def ask_delete(voice: Voice, one: CountedCategory) -> str:
    question = voice.say("<b>Delete this category?</b>\nThere are no tasks in it.")
    return f"{_bold(one.category)}\n\n{question}"


def ask_fate(voice: Voice, one: CountedCategory) -> str:
    has = voice.plural("There is {n} task in it.", "There are {n} tasks in it.", one.tasks)
    question = voice.say("<b>Delete this category: what shall become of its tasks?</b>")
    return f"{_bold(one.category)}\n{has}\n\n{question}"


def ask_delete_all(voice: Voice, one: CountedCategory) -> str:
    question = voice.say("<b>Delete the category with all of its tasks, open and done?</b>")
    warning = voice.say("There is no way back.")
    return f"{_bold(one.category)}\n\n{question}\n{warning}"


def delete_so_many(voice: Voice, number: int) -> str:
    return voice.plural("🗑 Yes, delete {n} task", "🗑 Yes, delete {n} tasks", number)


def ask_target(voice: Voice, one: CountedCategory) -> str:
    question = voice.say("<b>Delete this category: which one takes its tasks?</b>")
    return f"{_bold(one.category)}\n\n{question}"


def deleted(voice: Voice, one: CountedCategory, fate: TasksLeft) -> str:
    said = _deleted(voice, one)
    if not one.tasks:
        return said
    if fate is TasksLeft.DELETED:
        told = voice.plural("{n} task went with it.", "{n} tasks went with it.", one.tasks)
    else:
        told = voice.plural(
            "{n} task has no category now.", "{n} tasks have no category now.", one.tasks
        )
    return f"{said}\n{told}"


def moved(voice: Voice, one: CountedCategory, target: Category) -> str:
    into = voice.say(
        "Its tasks ({number}) are in {name} now.", number=one.tasks, name=category_name(target)
    )
    return f"{_deleted(voice, one)}\n{into}"


def _deleted(voice: Voice, one: CountedCategory) -> str:
    return voice.say("🗑 Deleted: {title}", title=category_name(one.category))
