"""Looking for tasks: in the chat, and from any other one."""

from typing import Final

from taskbot.adapters.telegram.texts.cards import title_line
from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe, escaped, isolated, shortened
from taskbot.adapters.telegram.texts.places import place_name
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.views import TaskCard
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.task import Task
from taskbot.domain.timezone import local

_DESCRIPTION: Final = 600
_TITLE: Final = 120

ASK_WORDS: Final = mark(
    "🔎 <b>What shall I look for?</b>\n"
    "A word or several, in any form: <i>milk</i>, <i>call dentist</i>. I look into titles and "
    "descriptions, also of what is done."
)
HOW_TO_FIND: Final = mark("🔎 Send the words together with the command: <code>/find milk</code>")
FORGOTTEN: Final = mark("I no longer know what was looked for here. Please tell me once more.")
FIND: Final = mark("🔎 Find")
FIND_AGAIN: Final = mark("🔎 Look for something else")

OPEN_BOT: Final = mark("👋 Open the bot to write down your first task")
NOTHING_OPEN: Final = mark("🌿 Nothing is open: write down a new task")
NOTHING_FOUND: Final = mark("🤷 Nothing found: look for it in the bot")
NOT_NOW: Final = mark("⚠️ That did not work: open the bot")
OPEN_TASK: Final = mark("📄 Open in the bot")


def found(voice: Voice, words: str) -> str:
    """The first bold words are what was looked for: buttons below find them there again."""
    return voice.say(
        "🔎 <b>{words}</b>\nWhat was written down last comes first; ✅ is done.", words=words
    )


def nothing_found(voice: Voice, words: str) -> str:
    return voice.say(
        "🤷 Nothing found: <b>{words}</b>\n"
        "Try fewer words, or only the beginning of one. Everything open is under /tasks.",
        words=words,
    )


def offered_title(voice: Voice, task: Task) -> str:
    """Plain text: the heading of a result in another chat."""
    sign = "⚠️ " if task.is_overdue(now=voice.now) else "" if task.is_open else "✅ "
    return f"{sign}{shortened(task.title, _TITLE)}"


def offered_line(voice: Voice, card: TaskCard) -> str:
    """Plain text: what stands below the heading, for the person alone."""
    task, parts = card.task, []
    if task.is_open and task.deadline is not None:
        parts.append(voice.deadline(task.deadline))
    elif task.is_open:
        parts.append(voice.label("No deadline"))
    elif task.completed_at is not None:
        parts.append(voice.label("Done: {when}", when=Safe(voice.moment(task.completed_at))))
    if card.category is not None:
        parts.append(isolated(card.category.name))
    if first_line := task.description.partition("\n")[0].strip():
        parts.append(isolated(shortened(first_line, _TITLE)))
    return " · ".join(parts)


def shared(voice: Voice, task: Task) -> str:
    """The task as it is shown to others, at any time: days have their dates, times their zone."""
    parts = [title_line(task)]
    if task.description:
        shown = escaped(shortened(task.description, _DESCRIPTION))
        parts.append(f"<blockquote>{shown}</blockquote>")
    if task.is_open and task.deadline is not None:
        parts.append(f"📅 {_lasting(voice, task)}")
    return "\n\n".join(parts)


def _lasting(voice: Voice, task: Task) -> str:
    deadline = task.deadline
    if isinstance(deadline, TimedDeadline):
        shown = local(deadline.due_at, voice.timezone)
        return voice.say(
            "{day} at {time} ({place})",
            day=Safe(voice.full_day(shown.date())),
            time=Safe(voice.clock(shown)),
            place=place_name(voice.timezone, voice.language),
        )
    return "" if deadline is None else voice.full_day(deadline.due_on)
