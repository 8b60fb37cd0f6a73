"""First words, help, and how the bot presents itself."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe
from taskbot.adapters.telegram.texts.places import place_name
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import TaskCounts
from taskbot.domain.timezone import local

COMMANDS: Final = {
    "create": mark("a new task"),
    "tasks": mark("open tasks"),
    "find": mark("look for a task"),
    "categories": mark("your categories"),
    "stats": mark("what got done"),
    "settings": mark("language, time zone, reminders"),
    "token": mark("access for your programs"),
    "export": mark("all your data as a file"),
    "delete_me": mark("delete your account"),
    "cancel": mark("stop what we are doing"),
    "help": mark("what I can do"),
}
"""What the menu shows, in this order."""

WITHOUT_MENU: Final = ("start", "timezone", "language")
"""Commands that work, and that the menu does not show."""

_GROUPS: Final = (
    (mark("<b>Tasks</b>"), ("create", "tasks", "find", "categories", "stats")),
    (mark("<b>About you</b>"), ("settings", "token", "export", "delete_me")),
    (mark("<b>Besides</b>"), ("cancel", "help")),
)
_SIMILAR_ENOUGH: Final = 0.6

DESCRIPTION: Final = mark(
    "Write down a task in seconds, and I will remind you exactly on time.\n\n"
    "Tap Start and tell me what needs doing."
)
SHORT_DESCRIPTION: Final = mark("Write down a task in seconds and be reminded exactly on time.")

NOTHING_TO_CANCEL: Final = mark("There is nothing to cancel. /help shows what I can do.")
CANCELLED: Final = mark("Cancelled. Nothing was changed.")
FIRST_TASK: Final = mark(
    "📝 <b>What needs to be done first?</b>\nJust write it, for example: <i>Call the dentist</i>"
)
PRIVATE_ONLY: Final = mark("I look after tasks in a private chat only: write to me there.")


def first_greeting(voice: Voice, name: str) -> str:
    """Who I am in three lines, and the one question that has to be asked."""
    hello = voice.say("👋 Hello, {name}!", name=name)
    asked = voice.say(
        "🕒 <b>What time is it where you live?</b>\n"
        "Tap a place with your time, send your location, or write a city."
    )
    return f"{hello}\n\n{_introduction(voice)}\n\n{asked}"


def _introduction(voice: Voice) -> str:
    return voice.say(
        "📝 Just write me what needs doing: I make a task of it.\n"
        "🔔 I remind you before a deadline, and when it comes.\n"
        "☰ /tasks shows what is open, /help what else I can do."
    )


def greeting(voice: Voice, name: str, counts: TaskCounts) -> str:
    hello = voice.say("👋 Hello, {name}!", name=name)
    return f"{hello}\n\n{how_it_stands(voice, counts)}"


def how_it_stands(voice: Voice, counts: TaskCounts) -> str:
    lines = []
    if late := counts.overdue:
        lines.append(voice.plural("⚠️ {n} task is overdue.", "⚠️ {n} tasks are overdue.", late))
    if due := counts.due_today:
        today = voice.plural("📅 {n} task is due today.", "📅 {n} tasks are due today.", due)
        lines.append(today)
    return "\n".join(lines) or voice.say("🌿 Nothing is due today.")


def guess_kept(voice: Voice) -> str:
    return voice.say(
        "🕒 I take it that your time is {clock} ({place}). To change that: /settings",
        clock=Safe(voice.clock(local(voice.now, voice.timezone))),
        place=place_name(voice.timezone, voice.language),
    )


def help_text(voice: Voice) -> str:
    just_write = voice.say("📝 Just write me what needs doing: I make a task of it.")
    return "\n\n".join([just_write, *_groups(voice)])


def _groups(voice: Voice) -> Iterator[str]:
    for title, names in _GROUPS:
        lines = [_command(voice, name) for name in names if name in COMMANDS]
        yield "\n".join([voice.say(title), *lines])


def _command(voice: Voice, name: str) -> str:
    return f"/{name} — {voice.say(COMMANDS[name])}"


def unknown_command(voice: Voice, written: str) -> str:
    """Name the command that was perhaps meant by *written*, else all of them."""
    name = written.strip().partition(" ")[0].partition("@")[0].removeprefix("/").casefold()
    known = [*COMMANDS, *WITHOUT_MENU]
    similar = get_close_matches(name[:32], known, n=1, cutoff=_SIMILAR_ENOUGH)
    if not similar:
        told = "\n".join(_command(voice, one) for one in COMMANDS)
        said = voice.say("I do not know this command. Here is what I can do:")
        return f"{said}\n\n{told}"
    (meant,) = similar
    told = _command(voice, meant) if meant in COMMANDS else f"/{meant}"
    said = voice.say("I do not know this command. Did you mean this one?")
    return f"{said}\n\n{told}"
