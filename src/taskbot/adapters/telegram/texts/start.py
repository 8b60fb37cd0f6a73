"""First words, help, and how the bot presents itself."""

from datetime import time
from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe
from taskbot.adapters.telegram.texts.places import place_name
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.timezone import local

COMMANDS: Final = {
    "create": mark("a new task"),
    "tasks": mark("open tasks"),
    "find": mark("look for a task"),
    "categories": mark("your categories"),
    "timezone": mark("your time zone"),
    "language": mark("your language"),
    "stats": mark("what got done"),
    "token": mark("access for your programs"),
    "export": mark("all your data as a file"),
    "delete_me": mark("delete your account"),
    "cancel": mark("stop what we are doing"),
    "help": mark("what I can do"),
}
DESCRIPTION: Final = mark(
    "Write down a task in seconds, and I will remind you exactly on time.\n\n"
    "Tap Start and tell me what needs doing."
)
SHORT_DESCRIPTION: Final = mark("Write down a task in seconds and be reminded exactly on time.")

NOTHING_TO_CANCEL: Final = mark("There is nothing to cancel. /help shows what I can do.")
CANCELLED: Final = mark("Cancelled. Nothing was changed.")
UNKNOWN_COMMAND: Final = mark("I do not know this command. Here is what I can do:")
PRIVATE_ONLY: Final = mark("I look after tasks in a private chat only: write to me there.")


def greeting(voice: Voice, name: str, day_start: time) -> str:
    hello = voice.say("👋 Hello, {name}!", name=name)
    return f"{hello}\n\n{_introduction(voice, day_start)}\n\n{timezone_line(voice)}"


def _introduction(voice: Voice, day_start: time) -> str:
    return voice.say(
        "I keep your tasks and remind you of them on time:\n"
        "📝 Just write me what needs doing, or send /create.\n"
        "☰ /tasks shows what is open; you can change everything there.\n"
        "🔔 I remind you an hour before a deadline and once more when it comes; "
        "if it is a whole day, at {time} that morning.",
        time=Safe(voice.clock(day_start)),
    )


def timezone_line(voice: Voice) -> str:
    return voice.say(
        "🕒 I take it that your time is now {clock} ({place}). If not: /timezone",
        clock=Safe(voice.clock(local(voice.now, voice.timezone))),
        place=place_name(voice.timezone, voice.language),
    )


def help_text(voice: Voice, day_start: time) -> str:
    return f"{_introduction(voice, day_start)}\n\n{commands(voice)}"


def commands(voice: Voice) -> str:
    return "\n".join(f"/{name} — {voice.say(what)}" for name, what in COMMANDS.items())
