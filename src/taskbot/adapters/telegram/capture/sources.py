"""Where a forwarded message comes from, and what to call one without words."""

from aiogram.types import (
    Chat,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

from taskbot.adapters.telegram.texts import capture as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.task import TITLE_LIMIT
from taskbot.domain.text import shortened, single_line


def source_of(message: Message, voice: Voice) -> str:
    """Who said it and when, with a link if there is one; nothing if it was not forwarded."""
    origin = message.forward_origin
    match origin:
        case None:
            return ""
        case MessageOriginChannel(chat=Chat(username=str(username))):
            link = f"https://t.me/{username}/{origin.message_id}"
        case _:
            link = ""
    line = words.forwarded(voice, name_of(message), origin.date)
    return f"{line}\n{link}" if link else line


def name_of(message: Message) -> str:
    """Who or what it was forwarded from; an author who signed is named with the chat."""
    author: str | None = None
    match message.forward_origin:
        case MessageOriginUser(sender_user=sender):
            name = sender.full_name
        case MessageOriginHiddenUser(sender_user_name=hidden):
            name = hidden
        case MessageOriginChat(sender_chat=chat, author_signature=author):
            name = chat.full_name
        case MessageOriginChannel(chat=chat, author_signature=author):
            name = chat.full_name
        case _:
            name = ""
    name = single_line(name)
    return f"{name} ({single_line(author)})" if author else name


def title_of_media(message: Message, voice: Voice) -> str | None:
    """What to call a picture or a recording that came without words; None for anything else."""
    kind = kind_of(message)
    if kind is None:
        return None
    return shortened(words.media_from(voice, kind, _named(message)), TITLE_LIMIT)


def _named(message: Message) -> str:
    name = name_of(message)
    if message.document is not None and message.document.file_name:
        return f"{message.document.file_name}, {name}"
    return name


def kind_of(message: Message) -> words.Media | None:
    """What is in it that cannot be kept; None if that is not a file at all."""
    found = (kind for kind in words.Media if getattr(message, kind.value) is not None)
    return next(found, None)
