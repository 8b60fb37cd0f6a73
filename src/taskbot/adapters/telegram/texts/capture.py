"""Messages that become tasks."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe, escaped, isolated, shortened
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.task import Task

_LINE: Final = 70

CAPTURED: Final = mark("📝 A new task:")
UNDO: Final = mark("↩️ Undo")
WHEN: Final = mark("📅 When…")
ONE_AFTER_ALL: Final = mark("↩️ One task after all")
CHANGED_SINCE: Final = mark("It has been changed since then: this is how it stands.")
NO_FILES: Final = mark(
    "📎 I cannot keep files, only words. Send it with a caption, or write what needs doing: "
    "I will make a task of that."
)


class Media(StrEnum):
    """Kinds of files, by the names that the Bot API has for them in a message."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO_NOTE = "video_note"
    ANIMATION = "animation"  # before the document that comes with it
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


_MEDIA: Final = {
    Media.PHOTO: mark("Photo from {name}"),
    Media.VOICE: mark("Voice message from {name}"),
    Media.VIDEO_NOTE: mark("Video message from {name}"),
    Media.ANIMATION: mark("Animation from {name}"),
    Media.VIDEO: mark("Video from {name}"),
    Media.AUDIO: mark("Recording from {name}"),
    Media.DOCUMENT: mark("File from {name}"),
}


def media_from(voice: Voice, kind: Media, name: str) -> str:
    """A title, which is kept: nothing is fenced off in it."""
    return voice.label(_MEDIA[kind], name=Safe(name))


def forwarded(voice: Voice, name: str, moment: datetime) -> str:
    """A line of a description, as above."""
    when = Safe(voice.stamp(moment))
    return voice.label("Forwarded from {name}, {when}", name=Safe(name), when=when)


def split_into(voice: Voice, number: int) -> str:
    return voice.plural("✂️ {n} task, one per line", "✂️ {n} tasks, one per line", number)


def parts(voice: Voice, tasks: Sequence[Task]) -> str:
    head = voice.plural("✂️ <b>{n} task</b>", "✂️ <b>{n} tasks</b>", len(tasks))
    lines = (f"📌 {escaped(isolated(shortened(task.title, _LINE)))}" for task in tasks)
    return "\n".join([head, "", *lines])


def undone(voice: Voice, task: Task) -> str:
    return voice.say(
        "↩️ No task was made of it: {title}\nYour message is still in the chat.", title=task.title
    )
