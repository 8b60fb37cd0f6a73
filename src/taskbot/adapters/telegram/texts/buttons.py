"""What buttons say."""

from datetime import date, time
from functools import cache
from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark, translations
from taskbot.adapters.telegram.texts.html import Safe, isolated, shortened
from taskbot.adapters.telegram.texts.places import place_name
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.category import Category
from taskbot.domain.task import Priority, Task
from taskbot.domain.timezone import local
from taskbot.domain.user import Language

_NARROW: Final = 28  # two such buttons fit side by side on a phone
_TITLE: Final = 44

DONE: Final = mark("✅ Done")
REOPEN: Final = mark("↩️ Reopen")
OPEN: Final = mark("Open the task")
EDIT: Final = mark("✏️ Edit")
RESCHEDULE: Final = mark("📅 Reschedule")
SET_DEADLINE: Final = mark("📅 Set a deadline")
SNOOZE: Final = mark("💤 Remind me")
SNOOZE_10_MINUTES: Final = mark("💤 10 min")
SNOOZE_1_HOUR: Final = mark("💤 1 hour")
SNOOZE_OTHER: Final = mark("💤 Another time…")
REMINDERS: Final = mark("🔔 Reminders")
DELETE: Final = mark("🗑 Delete")
UNDO: Final = mark("↩️ Undo")
ALL_TASKS: Final = mark("☰ All tasks")
NEW_TASK: Final = mark("📝 New task")
EARLIER: Final = mark("◀ Earlier")
LATER: Final = mark("Later ▶")

BACK: Final = mark("◀ Back")
CANCEL: Final = mark("✖ Cancel")
SKIP: Final = mark("Skip ▶")
KEEP_ANSWER: Final = mark("Keep it ▶")
GO_ON: Final = mark("▶ Continue")
START_OVER: Final = mark("Start over")

SETTINGS: Final = mark("⚙️ Settings")
LANGUAGE: Final = mark("🌐 Language")
TIMEZONE: Final = mark("🕒 Time zone")
LEAD_TIMES: Final = mark("⏰ Reminders")
DAY_START: Final = mark("🌅 Start of the day")
PAUSE_REMINDERS: Final = mark("🔕 Pause reminders")
RESUME_REMINDERS: Final = mark("🔔 Resume reminders")
SEND_LOCATION: Final = mark("📍 Send location")
NO_PLACE_BUT_TASK: Final = mark("📝 It is a task")
STAY: Final = mark("No, leave it")
KEEP_CLOCK: Final = mark("🕒 Keep the clock time")
KEEP_MOMENT: Final = mark("⏳ Keep the moment")

TITLE: Final = mark("Title")
DESCRIPTION: Final = mark("Description")
CATEGORY: Final = mark("Category")
PRIORITY: Final = mark("Priority")
NEW_CATEGORY: Final = mark("➕ New category…")
NO_CATEGORY: Final = mark("No category")
NO_DEADLINE: Final = mark("No deadline")
NO_DESCRIPTION: Final = mark("No description")
REMOVE_DEADLINE: Final = mark("Remove the deadline")

DAYS: Final = {
    "today": mark("Today"),
    "tomorrow": mark("Tomorrow"),
    "weekend": mark("Weekend"),
    "next week": mark("Next week"),
}
"""By what `understand_deadline` calls them."""
_VAGUE: Final = {"weekend", "next week"}

PRIORITY_MARKS: Final = {
    Priority.URGENT: "🔴",
    Priority.HIGH: "🟠",
    Priority.MEDIUM: "🟡",
    Priority.NORMAL: "⚪",
}
_PRIORITIES: Final = {
    Priority.URGENT: mark("urgent"),
    Priority.HIGH: mark("high"),
    Priority.MEDIUM: mark("medium"),
    Priority.NORMAL: mark("normal"),
}


def chosen(label: str, *, is_on: bool) -> str:
    """One of several, of which one is chosen."""
    return f"✅ {label}" if is_on else label


def switch(label: str, *, is_on: bool) -> str:
    """One of several, of which any may be on."""
    return f"{'✅' if is_on else '▫️'} {_capitalized(label)}"


def move_to(voice: Voice, zone: str) -> str:
    place, clock = place_name(zone, voice.language), voice.clock(local(voice.now, zone))
    return voice.label("🕒 Yes: {place} {clock}", place=Safe(place), clock=Safe(clock))


@cache
def in_every_language(label: str) -> frozenset[str]:
    return frozenset(translations(language).gettext(label) for language in Language)


def priority(voice: Voice, priority: Priority) -> str:
    return f"{PRIORITY_MARKS[priority]} {_capitalized(priority_name(voice, priority))}"


def change_priority(voice: Voice, task: Task) -> str:
    return f"{PRIORITY_MARKS[task.priority]} {voice.label(PRIORITY)}"


def change_category(voice: Voice) -> str:
    return f"🏷 {voice.label(CATEGORY)}"


def priority_name(voice: Voice, priority: Priority) -> str:
    return voice.label(_PRIORITIES[priority])


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def category_name(category: Category) -> str:
    return f"{category.emoji or '🏷'} {category.name}"


def category(category: Category) -> str:
    return isolated(shortened(category_name(category), _NARROW))


def task(voice: Voice, task: Task, *, when: str | None = None) -> str:
    """One line of a list. The time comes first: clients cut what does not fit at the end.

    *when*: instead of the deadline, which a task that is done no longer has to tell.
    """
    marks = "" if task.is_open else "✅ "
    if task.is_overdue(now=voice.now):
        marks = "⚠️ "
    if task.is_open and task.priority is not Priority.NORMAL:
        marks = f"{marks}{PRIORITY_MARKS[task.priority]} "
    if when is None and task.is_open and task.deadline is not None:
        when = voice.short_deadline(task.deadline)
    shown = f"{when} · " if when else ""
    return f"{marks}{shown}{isolated(shortened(task.title, _TITLE))}"


def snooze_until_tomorrow(voice: Voice, clock_time: str) -> str:
    return f"💤 {voice.label('Tomorrow')} {clock_time}"


def snooze_until_evening(voice: Voice, clock_time: str) -> str:
    return voice.label("💤 Evening {time}", time=Safe(clock_time))


def quick_day(voice: Voice, which: str, day: date) -> str:
    """*which*: one of `DAYS`, which fell on *day*."""
    label = voice.label(DAYS[which])
    return f"{label} · {voice.weekday(day)}" if which in _VAGUE else label


def day_and_time(voice: Voice, day: date, clock_time: time) -> str:
    return _capitalized(f"{voice.short_day(day)} {voice.clock(clock_time)}")
