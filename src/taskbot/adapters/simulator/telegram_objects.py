"""The simulator's records as Telegram's objects, built with aiogram's own types."""

from typing import Any

from aiogram.types import (
    Chat as TelegramChat,
    Message,
    MessageEntity,
    TelegramObject,
    User,
)

from taskbot.adapters.simulator.state import Account, Person, StoredMessage
from taskbot.adapters.simulator.world import World


def to_json(value: TelegramObject) -> dict[str, Any]:
    """As the Bot API writes it: only what is set, dates as Unix times."""
    shown: dict[str, Any] = value.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude_unset=True
    )
    return shown


def bot_user(account: Account) -> User:
    bot_id = account.bot_id or 0
    return User(id=bot_id, is_bot=True, first_name=account.name, username=f"simulated_{bot_id}_bot")


def person_user(person: Person) -> User:
    return User(
        id=person.id,
        is_bot=False,
        first_name=person.first_name,
        last_name=person.last_name,
        username=person.username,
        language_code=person.language_code,
    )


def chat_with(person: Person) -> TelegramChat:
    if person.is_group:
        return TelegramChat(id=person.id, type="group", title=person.first_name)
    return TelegramChat(
        id=person.id,
        type="private",
        first_name=person.first_name,
        last_name=person.last_name,
        username=person.username,
    )


def message_object(world: World, account: Account, stored: StoredMessage) -> dict[str, Any]:
    return to_json(_message(world, account, stored, with_reply=True))


def _message(world: World, account: Account, stored: StoredMessage, *, with_reply: bool) -> Message:
    person = world.persons[stored.person]
    replied = account.messages.get(stored.reply_to or 0) if with_reply else None
    entities = [_entity(world, raw) for raw in stored.entities] or None
    is_captioned = stored.has_media
    parts: dict[str, Any] = {
        "text": None if is_captioned else stored.text,
        "entities": None if is_captioned else entities,
        "caption": stored.text if is_captioned else None,
        "caption_entities": entities if is_captioned else None,
        "photo": [stored.photo] if stored.photo else None,
        "document": stored.document,
        "location": stored.location,
        "sticker": stored.sticker,
        "edit_date": int(stored.edit_date) if stored.edit_date else None,
        "forward_origin": stored.forward_origin,
        "via_bot": bot_user(account) if stored.via_bot else None,
        "media_group_id": stored.media_group_id,
        "reply_markup": (
            {"inline_keyboard": stored.inline_keyboard} if stored.inline_keyboard else None
        ),
    }
    if replied is not None and not replied.is_deleted:
        parts["reply_to_message"] = _message(world, account, replied, with_reply=False)
    return Message.model_validate(
        {
            "message_id": stored.message_id,
            "from_user": bot_user(account) if stored.is_from_bot else person_user(person),
            "chat": chat_with(person),
            "date": int(stored.date),
            **{name: part for name, part in parts.items() if part is not None},
        }
    )


def _entity(world: World, raw: dict[str, Any]) -> MessageEntity:
    if raw["type"] == "text_mention":
        person = world.persons.get(raw["user"]["id"])
        if person is not None:
            return MessageEntity.model_validate({**raw, "user": person_user(person)})
        raw = {**raw, "user": {"is_bot": False, "first_name": "", **raw["user"]}}
    return MessageEntity.model_validate(raw)
