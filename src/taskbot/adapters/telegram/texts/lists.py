"""The list of tasks."""

from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import TaskCounts


def open_tasks(voice: Voice, counts: TaskCounts) -> str:
    lines = [voice.say("☰ <b>Your open tasks</b>: {number}", number=counts.open)]
    if counts.overdue:
        lines.append(voice.say("⚠️ overdue: {number}", number=counts.overdue))
    if counts.due_today:
        lines.append(voice.say("📅 due today: {number}", number=counts.due_today))
    lines.append(voice.say("The nearest deadline comes first. Tap a task to open it."))
    return "\n".join(lines)


def nothing_open(voice: Voice) -> str:
    return voice.say(
        "🌿 Nothing is open: enjoy it!\nWrite me what needs doing, or send /create, for a new task."
    )
