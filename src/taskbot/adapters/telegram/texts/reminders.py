"""The notification itself, and what becomes of it."""

from datetime import datetime, timedelta
from typing import Final

from taskbot.adapters.telegram.texts.cards import deadline_line, title_line
from taskbot.adapters.telegram.texts.html import Safe, escaped, isolated
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.task import Task

_RIGHT_NOW: Final = timedelta(seconds=59)


def reminder(voice: Voice, task: Task, *, late_by: timedelta | None) -> str:
    """*late_by*: how late the reminder is, where that is worth an apology."""
    lines = [f"🔔 <b>{escaped(isolated(task.title))}</b>"]
    if task.deadline is not None:
        lines.append(due_line(voice, task))
    if late_by is not None:
        late = Safe(voice.duration(late_by))
        lines.append(voice.say("<i>Sorry, this reminder is late by {late}.</i>", late=late))
    return "\n".join(lines)


def due_line(voice: Voice, task: Task) -> str:
    """The deadline, as a message that comes at that moment tells it."""
    if isinstance(task.deadline, TimedDeadline):
        when = voice.shown_deadline(task.deadline)
        if abs(task.deadline.due_at - voice.now) <= _RIGHT_NOW:
            return voice.say("📅 {when}, right now", when=when)
    return deadline_line(voice, task)


def done(task: Task) -> str:
    return title_line(task)


def snoozed(voice: Voice, task: Task, until: datetime) -> str:
    told = reminder(voice, task, late_by=None)
    put_off = voice.say("💤 I will remind you {when}.", when=voice.shown(until))
    return f"{told}\n{put_off}"
