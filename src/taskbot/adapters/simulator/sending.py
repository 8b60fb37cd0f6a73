"""What is checked before anything reaches a chat: who may be written to, and what with."""

from collections.abc import Mapping
from typing import Any, Final

from aiogram.types import InlineKeyboardMarkup, MessageEntity, ReplyParameters
from attrs import field, frozen

from taskbot.adapters.simulator.connections import Connection
from taskbot.adapters.simulator.formatted_text import Entity, FormattedText
from taskbot.adapters.simulator.html_parsing import MarkupError, parse_html
from taskbot.adapters.simulator.keyboards import AnyMarkup, inline_rows, reply_keyboard
from taskbot.adapters.simulator.links import usable
from taskbot.adapters.simulator.refusals import bad_request, forbidden
from taskbot.adapters.simulator.state import Account, Chat
from taskbot.adapters.simulator.telegram_objects import to_json
from taskbot.adapters.simulator.updates import UpdateQueue
from taskbot.adapters.simulator.world import World

TEXT_LENGTH: Final = 4_096
CAPTION_LENGTH: Final = 1_024
SOURCE_BYTES: Final = 32_768


@frozen
class Caller:
    """The bot that calls, and the world it calls into."""

    world: World
    account: Account
    connection: Connection = field(factory=Connection)

    @property
    def queue(self) -> UpdateQueue:
        return self.world.queue_of(self.account)


def known_chat(caller: Caller, chat_id: int | str | None) -> Chat:
    """Raise `Refusal` if the bot cannot know that chat."""
    if chat_id is None or chat_id == "":
        raise bad_request("chat_id is empty")
    try:
        person = caller.world.persons.get(int(chat_id))
    except ValueError:
        person = None  # "@name" of a person is not an address, and any other text even less
    if person is None:
        raise bad_request("chat not found")
    return caller.world.chat(caller.account, person.id)


def writable_chat(caller: Caller, chat_id: int | str | None) -> Chat:
    """Raise `Refusal` unless the person can be written to."""
    chat = known_chat(caller, chat_id)
    person = caller.world.persons[chat.person]
    if person.is_group:
        return chat
    if person.is_deactivated:
        raise forbidden("user is deactivated")
    if chat.is_blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.is_started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def formatted(
    source: str, parse_mode: object, entities: list[MessageEntity] | None
) -> FormattedText:
    """The text after parsing, cleaned. Raise `Refusal` if the markup is not Telegram's."""
    mode = parse_mode.lower() if isinstance(parse_mode, str) else ""
    if mode == "html":
        try:
            parsed = parse_html(source)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    elif mode in {"markdown", "markdownv2"}:
        raise bad_request("can't parse entities: this simulator reads the parse_mode HTML only")
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        explicit = [Entity.from_json(to_json(entity)) for entity in entities or []]
        if any(entity.offset < 0 or entity.length < 0 for entity in explicit):
            raise bad_request("can't parse entities JSON object")
        kept = (entity for entity in map(usable, explicit) if entity is not None)
        parsed = FormattedText(source, tuple(kept))
    return parsed.cleaned().with_found_entities()


def message_text(
    source: str, parse_mode: object, entities: list[MessageEntity] | None
) -> FormattedText:
    if not source:
        raise bad_request("message text is empty")
    if len(source.encode()) > SOURCE_BYTES:
        raise bad_request("text is too long")
    text = formatted(source, parse_mode, entities)
    if text.is_empty():
        raise bad_request("message text is empty")
    if text.length > TEXT_LENGTH:
        raise bad_request("message is too long")
    return text


def caption_text(
    source: str | None, parse_mode: object, entities: list[MessageEntity] | None
) -> FormattedText:
    text = formatted(source or "", parse_mode, entities)
    if text.length > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    return text


def text_fields(text: FormattedText) -> dict[str, Any]:
    return {
        "text": text.text or None,
        "entities": [entity.to_json() for entity in text.entities],
    }


def markup_fields(caller: Caller, chat: Chat, markup: AnyMarkup | None) -> Mapping[str, Any]:
    """The message's buttons; a reply keyboard becomes the chat's."""
    if isinstance(markup, InlineKeyboardMarkup):
        return {"inline_keyboard": inline_rows(markup)}
    keyboard = reply_keyboard(markup)
    if keyboard is not None:
        chat.keyboard = keyboard if "buttons" in keyboard else None
        caller.world.save(chat)
    return {"keyboard": keyboard}


def replied_message(
    caller: Caller,
    chat: Chat,
    parameters: ReplyParameters | None,
    *,
    old_id: int | None,
    is_optional: bool | None,
) -> int | None:
    """The id of the message replied to. Raise `Refusal` if it is gone and was not optional."""
    message_id = parameters.message_id if parameters else old_id
    if message_id is None:
        return None
    message = caller.account.messages.get(message_id)
    if message is None or message.is_deleted or message.person != chat.person:
        if is_optional or (parameters and parameters.allow_sending_without_reply is True):
            return None
        raise bad_request("message to be replied not found")
    return message_id
