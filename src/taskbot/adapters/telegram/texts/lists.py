"""Lists of tasks: under which tabs they stand, and what each says."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, assert_never

from taskbot.adapters.telegram.texts import buttons
from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import escaped, isolated, shortened
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import TaskCounts
from taskbot.domain.category import Category
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.ids import CategoryId
from taskbot.domain.task import Task
from taskbot.domain.timezone import local

_NARROW: Final = 24  # with a count behind it


class Tab(StrEnum):
    """In the order in which they are shown; old buttons carry the letters."""

    TODAY = "t"
    UPCOMING = "u"
    OVERDUE = "o"
    ALL = "a"
    NO_DEADLINE = "n"
    DONE = "d"


_TABS: Final = {
    Tab.TODAY: mark("Today"),
    Tab.UPCOMING: mark("Upcoming"),
    Tab.OVERDUE: mark("Overdue"),
    Tab.ALL: mark("All"),
    Tab.NO_DEADLINE: mark("No deadline"),
    Tab.DONE: mark("Done"),
}

BY_CATEGORY: Final = mark("🏷 Category")
OTHER_CATEGORY: Final = mark("🏷 Another category")
CATEGORY_GONE: Final = mark("This category was deleted.")
ASK_CATEGORY: Final = mark("🏷 <b>Tasks of which category?</b>\nThe numbers are open tasks.")
NO_CATEGORIES: Final = mark(
    "🏷 There are no categories yet.\n"
    "Name one while you create a task (/create), or on the card of a task."
)


def tab(voice: Voice, tab: Tab, counts: TaskCounts, *, is_shown: bool) -> str:
    """What the button says; three of them stand side by side on a phone, with a dozen letters each.

    With the number of tasks where it is known and there is room for it; a dot marks the tab that
    is open.
    """
    number = {
        Tab.TODAY: counts.due_today,
        Tab.UPCOMING: counts.upcoming,
        Tab.ALL: counts.open,
    }.get(tab, 0)
    label = voice.label(_TABS[tab])
    if tab is Tab.OVERDUE and counts.overdue:
        label = voice.label("⚠️ {n} overdue", n=counts.overdue)
    elif number:
        label = f"{label} {number}"
    return f"• {label}" if is_shown else label


def tab_text(voice: Voice, tab: Tab, counts: TaskCounts) -> str:
    """What stands above the tasks under *tab*."""
    match tab:
        case Tab.TODAY:
            lines = [voice.say("📅 <b>Today</b>: {number}", number=counts.due_today)]
            return "\n".join([*lines, *_overdue(voice, counts)])
        case Tab.UPCOMING:
            lines = [voice.say("🗓 <b>From tomorrow on</b>: {number}", number=counts.upcoming)]
            return "\n".join([*lines, *_overdue(voice, counts)])
        case Tab.OVERDUE:
            return voice.say(
                "⚠️ <b>Overdue</b>: {number}\n"
                "What has waited longest comes first. Tap a task to finish or to move it.",
                number=counts.overdue,
            )
        case Tab.ALL:
            return open_tasks(voice, counts)
        case Tab.NO_DEADLINE:
            return voice.say(
                "☁️ <b>Without a deadline</b>: {number}\n"
                "I never remind you of these by myself. Tap one to give it a deadline.",
                number=counts.without_deadline,
            )
        case Tab.DONE:
            return voice.say(
                "✅ <b>Done</b>\nThe latest comes first, with the day when it was done."
            )
        case _:
            assert_never(tab)


def open_tasks(voice: Voice, counts: TaskCounts) -> str:
    lines = [voice.say("☰ <b>Your open tasks</b>: {number}", number=counts.open)]
    lines += _overdue(voice, counts)
    if counts.due_today:
        lines.append(voice.say("📅 due today: {number}", number=counts.due_today))
    lines.append(voice.say("The nearest deadline comes first. Tap a task to open it."))
    return "\n".join(lines)


def _overdue(voice: Voice, counts: TaskCounts) -> list[str]:
    if not counts.overdue:
        return []
    return [voice.say("⚠️ overdue: {number}", number=counts.overdue)]


def empty_tab(voice: Voice, tab: Tab, counts: TaskCounts) -> str:
    """That there is nothing under *tab*, and what to do next."""
    if tab is Tab.DONE:
        return voice.say("Nothing is done yet.\nOpen a task and tap <b>✅ Done</b>: it moves here.")
    if not counts.open:
        return nothing_open(voice)
    match tab:
        case Tab.TODAY:
            said = voice.say(
                "🌿 Nothing is due today.\n"
                "What comes later is under <b>Upcoming</b>, the rest under <b>No deadline</b>."
            )
            return "\n".join([said, *_overdue(voice, counts)])
        case Tab.UPCOMING:
            return voice.say(
                "🌿 Nothing is due from tomorrow on.\n"
                "To plan something, open a task and give it a deadline."
            )
        case Tab.OVERDUE:
            return voice.say(
                "🎉 Nothing is overdue.\n"
                "What is due next is under <b>Today</b> and <b>Upcoming</b>."
            )
        case Tab.NO_DEADLINE:
            return voice.say(
                "👌 Every open task has a deadline.\n"
                "Ideas for some day belong here: just write me one."
            )
        case _:
            return nothing_open(voice)  # closed between two looks


def nothing_open(voice: Voice) -> str:
    return voice.say(
        "🌿 Nothing is open: enjoy it!\nWrite me what needs doing, or send /create, for a new task."
    )


def task(voice: Voice, task: Task, *, under: Tab | None = None) -> str:
    """One line of a list *under* a tab: without what the tab says already."""
    if under is Tab.TODAY and isinstance(task.deadline, TimedDeadline):
        shown = local(task.deadline.due_at, voice.timezone)
        return buttons.task(voice, task, when=voice.clock(shown))
    if under is Tab.TODAY:
        return buttons.task(voice, task, when="")
    if under is Tab.DONE and task.completed_at is not None:
        day = local(task.completed_at, voice.timezone).date()
        return buttons.task(voice, task, when=voice.short_day(day))
    return buttons.task(voice, task)


def category(category: Category, number: int) -> str:
    name = isolated(shortened(buttons.category_name(category), _NARROW))
    return f"{name} · {number}" if number else name


def no_category(voice: Voice, number: int) -> str:
    return f"{voice.label(buttons.NO_CATEGORY)} · {number}"


def category_text(
    voice: Voice, category: Category | None, counts: Mapping[CategoryId | None, int]
) -> str:
    """What stands above the tasks of *category*, or of none."""
    number = counts.get(None if category is None else category.id, 0)
    name = f"<b>{_named(voice, category)}</b>"
    if number:
        return f"{name}: {number}\n" + voice.say("The nearest deadline comes first.")
    if category is None:
        return f"{name}\n" + voice.say("🌿 Every open task has its category.")
    return f"{name}\n" + voice.say(
        "🌿 Nothing is open here.\n"
        "To put a task here, choose this category on its card, or begin a new one."
    )


def _named(voice: Voice, category: Category | None) -> str:
    if category is None:
        return f"🏷 {voice.say(buttons.NO_CATEGORY)}"
    return escaped(isolated(buttons.category_name(category)))
