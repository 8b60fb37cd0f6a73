"""What a request of the control interface puts into a person's message."""

from datetime import UTC, datetime
from typing import Any, Final
from zlib import crc32

import msgspec
from aiogram.enums import MessageOriginType
from aiogram.types import Chat, MessageOriginChannel, MessageOriginChat
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException

from taskbot.adapters.simulator import people
from taskbot.adapters.simulator.control_bodies import (
    AnyRequest,
    EarlierMessage,
    FileBody,
    ForeignChat,
    SendBody,
)
from taskbot.adapters.simulator.files import Upload, keep_document, keep_photo
from taskbot.adapters.simulator.formatted_text import Entity
from taskbot.adapters.simulator.links import usable
from taskbot.adapters.simulator.refusals import ControlRefusal
from taskbot.adapters.simulator.state import Account, Chat as BotChat
from taskbot.adapters.simulator.telegram_objects import to_json
from taskbot.adapters.simulator.world import World

_FIRST_CHAT_ID: Final = -1_000_000_000_000


def contents(
    world: World, account: Account, chat: BotChat, body: SendBody, files: dict[str, Upload]
) -> dict[str, Any]:
    """What `people.write` takes. Raise `ControlRefusal` if it cannot be sent."""
    sent: dict[str, Any] = {"text": body.caption if body.text is None else body.text}
    sent |= {"entities": _entities(body), "media_group_id": body.album}
    if body.reply_to is not None:
        sent["reply_to"] = people.message_of(account, chat.person, body.reply_to).message_id
    if body.location is not None:
        sent["location"] = {
            "latitude": body.location.latitude,
            "longitude": body.location.longitude,
        }
    if body.photo is not None:
        photo = FileBody(data=body.photo) if isinstance(body.photo, str) else body.photo
        files["photo"] = photo.to_upload()
    if body.document is not None:
        files["document"] = body.document.to_upload()
    if "photo" in files:
        sent["photo"] = keep_photo(world, files["photo"])
    if "document" in files:
        sent["document"] = keep_document(world, files["document"])
    if body.sticker is not None:
        sent["sticker"] = _sticker(body.sticker)
    sent |= _forwarded(world, account, chat, body)
    if sum(sent.get(name) is not None for name in people.MEDIA) > 1:
        raise ControlRefusal(400, "a message carries one of: " + ", ".join(people.MEDIA))
    return sent


def _entities(body: SendBody) -> tuple[Entity, ...]:
    raw = (Entity.from_json(msgspec.to_builtins(entity)) for entity in body.entities)
    return tuple(entity for entity in map(usable, raw) if entity is not None)


def _sticker(emoji: str) -> dict[str, Any]:
    return {
        "file_id": f"sticker-{emoji.encode().hex()}",
        "file_unique_id": emoji.encode().hex(),
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": emoji,
    }


def _forwarded(world: World, account: Account, chat: BotChat, body: SendBody) -> dict[str, Any]:
    if body.forward_from_chat is not None:
        return {"forward_origin": _chat_origin(world, body.forward_from_chat)}
    source = body.forward_from
    if source is None:
        return {}
    if not isinstance(source, EarlierMessage):
        return {"forward_origin": people.origin_of(world, account, source)}
    message = people.message_of(account, chat.person, source.message_id)
    copied = {name: getattr(message, name) for name in people.MEDIA}
    return {
        "text": message.text,
        "entities": tuple(Entity.from_json(raw) for raw in message.entities),
        "forward_origin": message.forward_origin or people.origin_of(world, account, message),
        **copied,
    }


def _chat_origin(world: World, source: ForeignChat) -> dict[str, Any]:
    date = datetime.fromtimestamp(int(world.now()), UTC)
    chat_id = _FIRST_CHAT_ID - crc32(source.title.encode())
    chat = Chat(id=chat_id, type=source.type, title=source.title, username=source.username)
    if source.type == "channel":
        return to_json(
            MessageOriginChannel(
                type=MessageOriginType.CHANNEL,
                date=date,
                chat=chat,
                message_id=source.message_id,
                author_signature=source.author,
            )
        )
    return to_json(
        MessageOriginChat(
            type=MessageOriginType.CHAT,
            date=date,
            sender_chat=chat,
            author_signature=source.author,
        )
    )


async def read_form(request: AnyRequest) -> tuple[SendBody, dict[str, Upload]]:
    """A photo or document as a file part, its caption as a field."""
    try:
        form = await request.form()
    except (ClientException, ValueError):
        raise ControlRefusal(400, "the multipart body cannot be read") from None
    body, files = SendBody(), {}
    for name, value in form.items():
        if name in {"photo", "document"} and isinstance(value, UploadFile):
            content = await value.read()
            files[name] = Upload(value.filename or name, content, value.content_type)
        elif name in {"caption", "text"} and isinstance(value, str):
            body.caption = value
        else:
            raise ControlRefusal(400, f"unexpected part {name!r}")
    return body, files
