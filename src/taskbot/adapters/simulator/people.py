"""What a person can do in a chat with the bot, and what the bot gets to hear of it."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from aiogram.enums import ChatMemberStatus, MessageOriginType
from aiogram.types import (
    CallbackQuery,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberUpdated,
    InaccessibleMessage,
    MessageOriginHiddenUser,
    MessageOriginUser,
    User,
)

from taskbot.adapters.simulator.formatted_text import Entity, FormattedText
from taskbot.adapters.simulator.refusals import ControlRefusal
from taskbot.adapters.simulator.sending import TEXT_LENGTH, text_fields
from taskbot.adapters.simulator.state import Account, Chat, PressedButton, StoredMessage
from taskbot.adapters.simulator.telegram_objects import (
    bot_user,
    chat_with,
    message_object,
    person_user,
    to_json,
)
from taskbot.adapters.simulator.world import World

QUERY_IDS: Final = 10**18
NEVER: Final = datetime.fromtimestamp(0, UTC)
DAY: Final = 86_400.0
MEDIA: Final = ("photo", "document", "location", "sticker")


def open_chat(world: World, account: Account, person_id: int) -> Chat:
    """The chat in which the person can act. Raise `ControlRefusal` if they cannot."""
    person = world.person(person_id)
    if person.is_group:
        raise ControlRefusal(409, f"nobody speaks in the group {person_id}")
    if person.is_deactivated:
        raise ControlRefusal(409, f"the account of person {person_id} is deactivated")
    chat = world.chat(account, person_id)
    if chat.is_blocked:
        raise ControlRefusal(409, f"person {person_id} has blocked the bot; unblock it first")
    return chat


def message_of(account: Account, person_id: int, message_id: int) -> StoredMessage:
    """A message that the person can see. Raise `ControlRefusal` if there is none."""
    message = account.messages.get(message_id)
    if message is None or message.person != person_id or message.is_deleted:
        raise ControlRefusal(404, f"person {person_id} has no message {message_id}")
    return message


def pieces(text: str) -> Iterator[str]:
    """A long text in parts of 4096 UTF-16 units, as Telegram's clients send it."""
    part, length = "", 0
    for character in text:
        width = 2 if character > "\uffff" else 1
        if length + width > TEXT_LENGTH:
            yield part
            part, length = "", 0
        part += character
        length += width
    yield part


def write(
    world: World,
    account: Account,
    chat: Chat,
    *,
    text: str | None = None,
    entities: tuple[Entity, ...] = (),
    **contents: Any,
) -> list[int]:
    """Send text or something with a caption; return the ids of the messages it became."""
    formatted = FormattedText(text or "", entities).cleaned().with_found_entities()
    if formatted.is_empty() and not any(contents.get(name) for name in MEDIA):
        raise ControlRefusal(400, "the message is empty")
    parts = [formatted]
    if formatted.length > TEXT_LENGTH:
        parts = [FormattedText(part).with_found_entities() for part in pieces(formatted.text)]
    chat.is_started = True
    _put_away_one_time_keyboard(chat, formatted.text)
    world.save(chat)
    return [_write_one(world, account, chat, part, contents) for part in parts]


def _write_one(
    world: World, account: Account, chat: Chat, text: FormattedText, contents: dict[str, Any]
) -> int:
    message = world.add_message(
        account, person=chat.person, is_from_bot=False, **text_fields(text), **contents
    )
    body = message_object(world, account, message)
    world.enqueue(account, "message", body, lane=f"chat:{chat.person}")
    return message.message_id


def _put_away_one_time_keyboard(chat: Chat, text: str) -> None:
    if chat.keyboard and chat.keyboard.get("one_time"):
        labels = {button["text"] for row in chat.keyboard["buttons"] for button in row}
        if text in labels:
            chat.keyboard = None


def edit(world: World, account: Account, chat: Chat, message_id: int, text: str) -> None:
    message = message_of(account, chat.person, message_id)
    if message.is_from_bot:
        raise ControlRefusal(400, "a person can edit their own messages only")
    formatted = FormattedText(text).cleaned().with_found_entities()
    if formatted.is_empty() and not message.has_media:
        raise ControlRefusal(400, "the message is empty")
    if formatted.length > TEXT_LENGTH:
        raise ControlRefusal(400, f"the message is longer than {TEXT_LENGTH}")
    for name, value in text_fields(formatted).items():
        setattr(message, name, value)
    message.edit_date = world.now()
    world.touch(account, message)
    body = message_object(world, account, message)
    world.enqueue(account, "edited_message", body, lane=f"chat:{chat.person}")


async def press(
    world: World, account: Account, chat: Chat, message_id: int, data: str, *, seconds: float
) -> dict[str, Any]:
    """Press a callback button and wait for the bot to answer, as the person's client does."""
    person = world.person(chat.person)
    pressed = PressedButton(
        bot=account.number,
        id=str(secrets.randbelow(9 * QUERY_IDS) + QUERY_IDS),
        person=person.id,
        message_id=message_id,
        data=data,
        date=world.now(),
    )
    for old in [old for old in account.pressed.values() if world.now() - old.date > DAY]:
        del account.pressed[old.id]
        world.drop(old)
    account.pressed[pressed.id] = pressed
    world.save(pressed)
    query = CallbackQuery(
        id=pressed.id,
        from_user=person_user(person),
        chat_instance=f"{account.number}{person.id}",
        data=data,
    )
    message = account.messages.get(message_id)
    if message is None or message.is_deleted or message.person != person.id:
        shown = to_json(InaccessibleMessage(chat=chat_with(person), message_id=message_id, date=0))
    else:
        shown = message_object(world, account, message)
    body = to_json(query) | {"message": shown}
    world.enqueue(account, "callback_query", body, lane=f"user:{person.id}")
    world.commit()
    await world.changes.until(lambda: pressed.answer is not None, seconds=seconds)
    answer = pressed.answer or {"text": None, "show_alert": False, "url": None}
    return {"answered": pressed.answer is not None, "callback_query_id": pressed.id, **answer}


def block(world: World, account: Account, person_id: int, *, is_blocked: bool) -> None:
    """Block or unblock the bot; nothing happens, and the bot hears nothing, if it is so already."""
    person = world.person(person_id)
    chat = world.chat(account, person_id)
    if chat.is_blocked is is_blocked:
        return
    chat.is_blocked = is_blocked
    world.save(chat)
    bot = bot_user(account)
    member = ChatMemberMember(status=ChatMemberStatus.MEMBER, user=bot)
    kicked = ChatMemberBanned(status=ChatMemberStatus.KICKED, user=bot, until_date=NEVER)
    before, after = (member, kicked) if is_blocked else (kicked, member)
    change = ChatMemberUpdated(
        chat=chat_with(person),
        from_user=person_user(person),
        date=_moment(world.now()),
        old_chat_member=before,
        new_chat_member=after,
    )
    world.enqueue(account, "my_chat_member", to_json(change), lane=f"member:{person_id}")


def _moment(unix_time: float) -> datetime:
    return datetime.fromtimestamp(int(unix_time), UTC)


def origin_of(world: World, account: Account, source: int | str | StoredMessage) -> dict[str, Any]:
    """Where a forwarded message comes from: a person, a name that is not linked, a message."""
    date = _moment(source.date if isinstance(source, StoredMessage) else world.now())
    if isinstance(source, str):
        return to_json(
            MessageOriginHiddenUser(
                type=MessageOriginType.HIDDEN_USER, date=date, sender_user_name=source
            )
        )
    if isinstance(source, StoredMessage) and source.is_from_bot:
        sender: User = bot_user(account)
    else:
        sender = person_user(
            world.person(source.person if isinstance(source, StoredMessage) else source)
        )
    return to_json(MessageOriginUser(type=MessageOriginType.USER, date=date, sender_user=sender))
