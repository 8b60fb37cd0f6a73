"""From a message to what a task is made of."""

import hashlib
from typing import Final

from aiogram.types import Message
from attrs import frozen
from ulid import ULID

from taskbot.adapters.telegram.capture.sources import source_of, title_of_media
from taskbot.adapters.telegram.texts.html import shortened
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.errors import TitleTooLong
from taskbot.domain.task import DESCRIPTION_LIMIT, checked_description, checked_title

_TITLE_OF_A_STORY: Final = 80
_MOMENT_BYTES: Final = 6
_RANDOM_BYTES: Final = 10


@frozen
class Draft:
    title: str
    description: str


def draft_of(message: Message, voice: Voice) -> Draft | None:
    """What task *message* is; None if there is nothing in it that can be kept.

    The first line is the title and the rest the description, below the source of what was
    forwarded. A text too long for a title is its description as a whole. Raise what the domain
    says of anything else.
    """
    text, source = message.text or message.caption or "", source_of(message, voice)
    if not text.strip():
        title = title_of_media(message, voice) if source else None
        return None if title is None else Draft(title, source)
    first, _, rest = text.strip().partition("\n")
    try:
        title = checked_title(first)
    except TitleTooLong:
        title, rest = checked_title(shortened(first, _TITLE_OF_A_STORY)), text
    description = "\n\n".join(filter(None, [source, rest.strip()]))
    if source:  # whoever forwards cannot write less
        description = shortened(description, DESCRIPTION_LIMIT)
    return Draft(title, checked_description(description))


def key_of(message: Message, bot_id: int) -> ULID:
    """The name of the task that *message* becomes: the same whenever it is handled."""
    name = f"{bot_id}:{message.chat.id}:{message.message_id}"
    moment = int(message.date.timestamp() * 1000)
    digest = hashlib.sha256(name.encode()).digest()
    return ULID(moment.to_bytes(_MOMENT_BYTES) + digest[:_RANDOM_BYTES])
