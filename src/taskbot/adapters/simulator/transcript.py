"""Messages and persons as the control interface shows them."""

from typing import Any

from taskbot.adapters.simulator.formatted_text import Entity, FormattedText
from taskbot.adapters.simulator.html_rendering import render_html
from taskbot.adapters.simulator.state import Account, Chat, Person, StoredMessage
from taskbot.adapters.simulator.world import World


def message_view(message: StoredMessage) -> dict[str, Any]:
    """One message as its reader sees it; dates are Unix times with a fraction."""
    entities = tuple(Entity.from_json(raw) for raw in message.entities)
    return {
        "message_id": message.message_id,
        "from": "bot" if message.is_from_bot else "person",
        "date": message.date,
        "edit_date": message.edit_date,
        "text": message.text or "",
        "html": render_html(FormattedText(message.text or "", entities)),
        "entities": message.entities,
        "buttons": [
            [_button_view(button) for button in row] for row in message.inline_keyboard or []
        ],
        "keyboard": message.keyboard,
        "photo": _photo_view(message.photo),
        "document": _document_view(message.document),
        "location": message.location,
        "sticker": {"emoji": message.sticker["emoji"]} if message.sticker else None,
        "reply_to": message.reply_to,
        "forwarded_from": _origin_name(message.forward_origin),
        "via_bot": message.via_bot,
        "reactions": message.reactions,
        "deleted": message.is_deleted,
        "revision": message.revision,
    }


def _button_view(button: dict[str, Any]) -> dict[str, Any]:
    shown = {"text": button["text"]}
    if "callback_data" in button:
        shown["data"] = button["callback_data"]
    if "url" in button:
        shown["url"] = button["url"]
    return shown


def _photo_view(photo: dict[str, Any] | None) -> dict[str, Any] | None:
    return photo and {
        "file_id": photo["file_id"],
        "width": photo["width"],
        "height": photo["height"],
        "size": photo["file_size"],
        "url": f"/sim/files/{photo['file_id']}",
    }


def _document_view(document: dict[str, Any] | None) -> dict[str, Any] | None:
    return document and {
        "file_id": document["file_id"],
        "name": document["file_name"],
        "mime_type": document["mime_type"],
        "size": document["file_size"],
        "url": f"/sim/files/{document['file_id']}",
    }


def _origin_name(origin: dict[str, Any] | None) -> str | None:
    if origin is None:
        return None
    if chat := origin.get("chat") or origin.get("sender_chat"):
        return str(chat["title"])
    user = origin.get("sender_user")
    return str(user["first_name"] if user else origin["sender_user_name"])


def person_view(world: World, account: Account, person: Person) -> dict[str, Any]:
    chat = account.chats.get(person.id) or Chat(bot=account.number, person=person.id)
    revisions = (message.revision for message in account.transcript(person.id))
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
        "language_code": person.language_code,
        "started": chat.is_started,
        "blocked": chat.is_blocked,
        "deactivated": person.is_deactivated,
        "typing": chat.typing_until > world.now(),
        "keyboard": chat.keyboard,
        "revision": max(revisions, default=0),
    }


def last_message(account: Account, person: Person) -> dict[str, Any] | None:
    for message_id in reversed(account.transcripts.get(person.id, ())):
        message = account.messages[message_id]
        if not message.is_deleted:
            return message_view(message)
    return None
