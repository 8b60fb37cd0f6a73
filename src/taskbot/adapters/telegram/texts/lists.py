"""The list of tasks."""

from taskbot.adapters.telegram.texts.voice import Voice


def open_tasks(voice: Voice) -> str:
    return voice.say("☰ <b>Your open tasks</b>, the nearest deadline first.\nTap one to open it.")


def nothing_open(voice: Voice) -> str:
    return voice.say(
        "🌿 Nothing is open: enjoy it!\nWrite me what needs doing, or send /create, for a new task."
    )
