"""A message about several tasks that are due together: a line for each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from taskbot.adapters.telegram.texts import buttons
from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe, escaped, isolated, shortened
from taskbot.adapters.telegram.texts.reminders import due_line
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.task import Task

_TITLE: Final = 150  # ten of them, and what is said about each, fit into one message

EVERYTHING_DONE: Final = mark("Well done, that was everything!")


@frozen
class Entry:
    """*late_by*: how late the reminder is, where that is worth an apology."""

    task: Task
    late_by: timedelta | None = None
    snoozed_until: datetime | None = None


def digest(voice: Voice, entries: Sequence[Entry]) -> str:
    heading = voice.plural("🔔 <b>{n} task</b>", "🔔 <b>{n} tasks</b>", len(entries))
    lines = [_line(voice, number, entry) for number, entry in enumerate(entries, start=1)]
    return "\n\n".join([heading, *lines])


def _line(voice: Voice, number: int, entry: Entry) -> str:
    task = entry.task
    title = escaped(isolated(shortened(task.title, _TITLE)))
    if not task.is_open:
        return f"{number}. ✅ <s>{title}</s>"
    lines = [f"{number}. <b>{title}</b>"]
    if entry.snoozed_until is not None:
        when = voice.shown(entry.snoozed_until)
        lines.append(voice.say("💤 I will remind you {when}.", when=when))
    elif task.deadline is not None:
        lines.append(due_line(voice, task))
    if entry.late_by is not None:
        late = Safe(voice.duration(entry.late_by))
        lines.append(voice.say("<i>Sorry, this reminder is late by {late}.</i>", late=late))
    return "\n".join(lines)


def done(number: int) -> str:
    return f"✅ {number}"


def reopen(number: int) -> str:
    return f"↩️ {number}"


def snooze(voice: Voice, number: int) -> str:
    return f"{number}. {voice.label(buttons.SNOOZE_1_HOUR)}"


def open_card(number: int) -> str:
    return f"📄 {number}"
