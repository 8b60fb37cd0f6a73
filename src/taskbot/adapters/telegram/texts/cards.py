"""A task's card, a line at a time."""

from typing import Final

from taskbot.adapters.telegram.texts.buttons import (
    PRIORITY_MARKS,
    category_name,
    priority_name,
)
from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import (
    MESSAGE_LIMIT,
    Safe,
    escaped,
    isolated,
    shortened,
    units,
)
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.views import TaskCard
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.task import Priority, Task

_FOLDED_FROM: Final = 400
_RESERVE: Final = 300  # for a question or a line that is put above or below the card
_REMINDERS_SHOWN: Final = 3
_TOAST_TITLE: Final = 60

SAVED: Final = mark("👍 Saved.")
WELL_DONE: Final = mark("Well done!")
DONE_ALREADY: Final = mark("It is done already.")
REOPENED: Final = mark("Open again.")
OPEN_ALREADY: Final = mark("It is open already.")
UNDONE: Final = mark("Undone: all is as it was.")
DELETED_ALREADY: Final = mark("It is deleted already.")
CHANGED_SINCE: Final = mark("The task has changed since then. This is how it stands now.")
ASK_SNOOZE: Final = mark("<b>When shall I remind you?</b>")
ASK_CHANGE: Final = mark("<b>What do you want to change?</b>")


def title_line(task: Task) -> str:
    sign = "📌" if task.is_open else "✅"
    title = escaped(isolated(task.title))
    return f"{sign} <b>{title}</b>" if task.is_open else f"{sign} <s>{title}</s>"


def card(voice: Voice, card: TaskCard) -> str:
    """Everything about the task; a very long description is cut, so that all the rest fits."""
    title, facts = title_line(card.task), "\n".join(_facts(voice, card))
    room = MESSAGE_LIMIT - units(title) - units(facts) - _RESERVE
    return "\n\n".join(filter(None, [title, _description(card.task.description, room), facts]))


def _description(text: str, room: int) -> str:
    if not text:
        return ""
    fold = " expandable" if units(text) > _FOLDED_FROM else ""
    return f"<blockquote{fold}>{escaped(shortened(text, room))}</blockquote>"


def _facts(voice: Voice, card: TaskCard) -> list[str]:
    task, facts = card.task, list[str]()
    if task.completed_at is not None:
        facts.append(voice.say("Done: {when}", when=voice.shown(task.completed_at)))
    facts.append(deadline_line(voice, task))
    if card.category is not None:
        facts.append(escaped(isolated(category_name(card.category))))
    if task.priority is not Priority.NORMAL:
        name = Safe(priority_name(voice, task.priority))
        told = voice.say("Priority: {name}", name=name)
        facts.append(f"{PRIORITY_MARKS[task.priority]} {told}")
    return facts + _reminder_lines(voice, card)


def deadline_line(voice: Voice, task: Task) -> str:
    """When the task is due: in words, by the clock, and how far away that is."""
    if task.deadline is None:
        return voice.say("📅 No deadline")
    when = voice.shown_deadline(task.deadline)
    is_timed = isinstance(task.deadline, TimedDeadline)
    left = task.deadline.ends_at - voice.now
    if task.is_overdue(now=voice.now):
        if not is_timed:
            return voice.say("⚠️ <b>Overdue</b>: {when}", when=when)
        late = Safe(voice.duration(-left))
        return voice.say("⚠️ <b>Overdue</b> by {late}: {when}", late=late, when=when)
    if task.is_open and is_timed:
        return voice.say("📅 {when} ({ahead})", when=when, ahead=Safe(voice.ahead(left)))
    return voice.say("📅 {when}", when=when)


def _reminder_lines(voice: Voice, card: TaskCard) -> list[str]:
    ahead = [one for one in card.reminders if one.is_ahead]
    over = [
        one
        for one in card.reminders
        if one.state.is_final and one.state is not ReminderState.CANCELLED
    ]
    lines = []
    if ahead and voice.paused:
        lines.append(voice.say("🔕 Reminders are paused: /settings"))
    elif ahead:
        moments = voice.moments(one.fire_at for one in ahead[:_REMINDERS_SHOWN])
        lines.append(voice.say("🔔 I will remind you: {moments}", moments=moments))
    elif card.task.is_open and card.task.deadline is not None:
        lines.append(voice.say("🔕 No reminders ahead"))
    return lines + [receipt(voice, one) for one in over[-_REMINDERS_SHOWN:]]


def receipt(voice: Voice, reminder: Reminder) -> str:
    """What became of *reminder*, which is over."""
    when = voice.shown(reminder.fire_at)
    if reminder.state is ReminderState.UNKNOWN:
        told = voice.say("❔ A reminder may have been lost: {when}", when=when)
        return _with_reason(told, reminder)
    if reminder.sent_at is None:
        tries = Safe(voice.plural("{n} try", "{n} tries", reminder.attempt))
        told = voice.say("❌ A reminder could not be sent: {when}, {tries}", when=when, tries=tries)
        return _with_reason(told, reminder)
    if not reminder.is_late(now=reminder.sent_at):
        return voice.say("📨 Reminded: {when}", when=when)
    late = Safe(voice.duration(reminder.lateness(now=reminder.sent_at)))
    return voice.say("📨 Reminded: {when}, late by {late}", when=when, late=late)


def _with_reason(told: str, reminder: Reminder) -> str:
    """*told*, and what Telegram or the network had to say, which has no translation."""
    if reminder.last_error is None:
        return told
    return f"{told}\n<i>{escaped(isolated(reminder.last_error))}</i>"


def snoozed(voice: Voice, until: str) -> str:
    return voice.label("💤 I will remind you {when}.", when=Safe(until))


def deleted(voice: Voice, title: str) -> str:
    return voice.say("🗑 Deleted: {title}", title=title)


def gone(voice: Voice) -> str:
    return voice.say("🗑 This task was deleted.")
