"""The reminders of one task, and questions about them."""

from datetime import datetime, timedelta
from typing import Final

from taskbot.adapters.telegram.texts.cards import deadline_line, receipt, title_line
from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.deadlines import examples
from taskbot.adapters.telegram.texts.html import Safe
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.views import TaskCard
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Task

_RECEIPTS_SHOWN: Final = 10
_WEEK: Final = timedelta(weeks=1)

ADD: Final = mark("➕ Add a reminder")
LEADS: Final = mark("⏱ Before the deadline")
AS_PREFERRED: Final = mark("⚙️ As in my settings")
REMOVED: Final = mark("This reminder will not come.")
OVER: Final = mark("This reminder is over already.")

_KINDS: Final = {
    ReminderKind.DUE: mark("at the deadline"),
    ReminderKind.DAY: mark("on the day"),
    ReminderKind.SNOOZE: mark("once more"),
    ReminderKind.MOMENT: mark("you asked"),
}


def reminders(voice: Voice, card: TaskCard) -> str:
    """What is planned, and what became of the last ones."""
    task = card.task
    head = f"{title_line(task)}\n{deadline_line(voice, task)}"
    planned = [voice.say("🔔 <b>Reminders</b>")]
    planned += [_planned(voice, task, one) for one in card.reminders if one.is_ahead]
    if len(planned) == 1:
        planned.append(voice.say("🔕 No reminders ahead"))
    if task.deadline is not None and task.lead_times is not None:
        own = _NO_LEADS if task.lead_times == () else _OWN_LEADS
        planned.append(f"<i>{voice.say(own)}</i>")
    over = [one for one in card.reminders if _is_told(one)][-_RECEIPTS_SHOWN:]
    earlier = [voice.say("<b>Earlier</b>"), *(receipt(voice, one) for one in over)] if over else []
    return "\n\n".join("\n".join(part) for part in ([head], planned, earlier) if part)


_OWN_LEADS: Final = mark("This task has its own times before the deadline.")
_NO_LEADS: Final = mark("I do not remind you of this deadline, as you wished.")


def _is_told(reminder: Reminder) -> bool:
    return reminder.state.is_final and reminder.state is not ReminderState.CANCELLED


def _planned(voice: Voice, task: Task, reminder: Reminder) -> str:
    when, kind = voice.shown(reminder.fire_at), Safe(_kind(voice, task, reminder))
    left = reminder.fire_at - voice.now
    if left <= timedelta(0):
        return voice.say("• {when}, on its way · {kind}", when=when, kind=kind)
    ahead = Safe(voice.ahead(left))
    return voice.say("• {when}, {ahead} · {kind}", when=when, ahead=ahead, kind=kind)


def _kind(voice: Voice, task: Task, reminder: Reminder) -> str:
    if reminder.kind is not ReminderKind.LEAD:
        return voice.label(_KINDS[reminder.kind])
    if not isinstance(task.deadline, TimedDeadline):
        return ""
    lead = Safe(_duration(voice, task.deadline.due_at - reminder.fire_at))
    return voice.label("{duration} before", duration=lead)


def _duration(voice: Voice, duration: timedelta) -> str:
    weeks, rest = divmod(duration, _WEEK)
    if weeks and not rest:
        return voice.plural("{n} week", "{n} weeks", weeks)
    return voice.duration(duration)


def remove(voice: Voice, moment: datetime) -> str:
    return f"✖ {voice.short_moment(moment)}"


def ask_leads(voice: Voice, task: Task) -> str:
    asked = voice.say(
        "<b>How long before the deadline shall I remind you?</b>\nTap to switch it on or off."
    )
    return f"{title_line(task)}\n{deadline_line(voice, task)}\n\n{asked}"


def lead_choice(voice: Voice, lead: timedelta, *, is_on: bool) -> str:
    told = _duration(voice, lead) if lead else voice.label(_KINDS[ReminderKind.DUE])
    return f"{'✅' if is_on else '▫️'} {told}"


def ahead(voice: Voice, duration: timedelta) -> str:
    """A button: so long from the press on."""
    told = voice.ahead(duration)
    return told[:1].upper() + told[1:]


def ask_moment(voice: Voice, task: Task, *, stays: bool) -> str:
    """*stays*: the reminder does, wherever the deadline goes."""
    lines = [
        voice.say("<b>When shall I remind you?</b>\nTap a moment, or write it your own way."),
        examples(voice),
    ]
    if stays and task.deadline is not None:
        lines.append(voice.say("<i>This one stays even if the deadline moves.</i>"))
    asked = "\n".join(lines)
    return f"{title_line(task)}\n{deadline_line(voice, task)}\n\n{asked}"


_ADDED: Final = mark("🔔 I will remind you {when}.")
_SNOOZED: Final = mark("💤 I will remind you {when}.")


def added(voice: Voice, moment: datetime) -> str:
    return voice.say(_ADDED, when=voice.shown(moment))


def snoozed(voice: Voice, moment: datetime) -> str:
    return voice.say(_SNOOZED, when=voice.shown(moment))


def toast(voice: Voice, moment: datetime, *, is_snooze: bool) -> str:
    said = _SNOOZED if is_snooze else _ADDED
    return voice.label(said, when=Safe(voice.moment(moment)))
