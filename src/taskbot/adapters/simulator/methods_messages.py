"""The Bot API's methods that write to a chat.

Source: https://core.telegram.org/bots/api#available-methods.
"""

from typing import Any, Final

from aiogram.methods import (
    DeleteMessage,
    DeleteMessages,
    EditMessageCaption,
    EditMessageReplyMarkup,
    EditMessageText,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendPhoto,
    SetMessageReaction,
)
from aiogram.types import InlineKeyboardMarkup, InputFile

from taskbot.adapters.simulator.files import document, keep_document, keep_photo, photo_size
from taskbot.adapters.simulator.formatted_text import FormattedText
from taskbot.adapters.simulator.keyboards import inline_rows
from taskbot.adapters.simulator.parameters import TypedFile
from taskbot.adapters.simulator.refusals import bad_request
from taskbot.adapters.simulator.sending import (
    Caller,
    caption_text,
    known_chat,
    markup_fields,
    message_text,
    replied_message,
    text_fields,
    writable_chat,
)
from taskbot.adapters.simulator.state import Chat, StoredFile, StoredMessage
from taskbot.adapters.simulator.telegram_objects import message_object, to_json

DELETION_AGE: Final = 48 * 3600.0
ACTION_SECONDS: Final = 5.0
ACTIONS: Final = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


async def send_message(caller: Caller, call: SendMessage) -> dict[str, Any]:
    chat = writable_chat(caller, call.chat_id)
    text = message_text(call.text, call.parse_mode, call.entities)
    return _send(caller, chat, call, text)


async def send_photo(caller: Caller, call: SendPhoto) -> dict[str, Any]:
    chat = writable_chat(caller, call.chat_id)
    caption = caption_text(call.caption, call.parse_mode, call.caption_entities)
    if isinstance(call.photo, TypedFile):
        photo = keep_photo(caller.world, call.photo.upload)
    else:
        file = _stored_file(caller, call.photo)
        if file.width is None:
            raise bad_request("can't use file of type Document as Photo")
        photo = photo_size(file)
    return _send(caller, chat, call, caption, photo=photo)


async def send_document(caller: Caller, call: SendDocument) -> dict[str, Any]:
    chat = writable_chat(caller, call.chat_id)
    caption = caption_text(call.caption, call.parse_mode, call.caption_entities)
    if isinstance(call.document, TypedFile):
        sent = keep_document(caller.world, call.document.upload)
    else:
        file = _stored_file(caller, call.document)
        if file.width is not None:
            raise bad_request("can't use file of type Photo as Document")
        sent = document(file)
    return _send(caller, chat, call, caption, document=sent)


def _stored_file(caller: Caller, file_id: str | InputFile) -> StoredFile:
    if isinstance(file_id, str) and file_id.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # the simulator fetches nothing
    file = caller.world.files.get(str(file_id))
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return file


def _send(
    caller: Caller,
    chat: Chat,
    call: SendMessage | SendPhoto | SendDocument,
    text: FormattedText,
    **contents: Any,
) -> dict[str, Any]:
    replied = replied_message(
        caller,
        chat,
        call.reply_parameters,
        old_id=call.reply_to_message_id,
        is_optional=call.allow_sending_without_reply,
    )
    markup = markup_fields(caller, chat, call.reply_markup)
    chat.typing_until = 0.0
    sent = caller.world.add_message(
        caller.account,
        person=chat.person,
        is_from_bot=True,
        reply_to=replied,
        **text_fields(text),
        **markup,
        **contents,
    )
    return message_object(caller.world, caller.account, sent)


def _editable(caller: Caller, call: Any) -> StoredMessage:
    if call.inline_message_id is not None:
        raise bad_request("message to edit not found")
    if call.message_id is None:
        raise bad_request("message identifier is not specified")
    chat = known_chat(caller, call.chat_id)
    message = caller.account.messages.get(call.message_id)
    if message is None or message.is_deleted or message.person != chat.person:
        raise bad_request("message to edit not found")
    if not message.is_from_bot or message.keyboard is not None:
        raise bad_request("message can't be edited")
    return message


def _edit(
    caller: Caller,
    message: StoredMessage,
    markup: InlineKeyboardMarkup | None,
    text: FormattedText | None = None,
) -> dict[str, Any]:
    """An edit without buttons takes the buttons away, as Telegram does."""
    rows = inline_rows(markup)
    fields: dict[str, Any] = {"inline_keyboard": rows}
    if text is not None:
        fields |= text_fields(text)
    if all(getattr(message, name) == value for name, value in fields.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        )
    for name, value in fields.items():
        setattr(message, name, value)
    message.edit_date = caller.world.now()
    caller.world.touch(caller.account, message)
    return message_object(caller.world, caller.account, message)


async def edit_message_text(caller: Caller, call: EditMessageText) -> dict[str, Any]:
    text = message_text(call.text or "", call.parse_mode, call.entities)
    message = _editable(caller, call)
    if message.has_media:
        raise bad_request("there is no text in the message to edit")
    return _edit(caller, message, call.reply_markup, text)


async def edit_message_caption(caller: Caller, call: EditMessageCaption) -> dict[str, Any]:
    caption = caption_text(call.caption, call.parse_mode, call.caption_entities)
    message = _editable(caller, call)
    if not (message.photo or message.document):
        raise bad_request("there is no caption in the message to edit")
    return _edit(caller, message, call.reply_markup, caption)


async def edit_message_reply_markup(caller: Caller, call: EditMessageReplyMarkup) -> dict[str, Any]:
    return _edit(caller, _editable(caller, call), call.reply_markup)


def _deletable(caller: Caller, chat: Chat, message_id: int) -> StoredMessage | None:
    message = caller.account.messages.get(message_id)
    if message is None or message.is_deleted or message.person != chat.person:
        return None
    if caller.world.now() - message.date >= DELETION_AGE:
        raise bad_request("message can't be deleted for everyone")
    return message


def _delete(caller: Caller, message: StoredMessage) -> None:
    message.is_deleted = True
    caller.world.touch(caller.account, message)


async def delete_message(caller: Caller, call: DeleteMessage) -> bool:
    message = _deletable(caller, known_chat(caller, call.chat_id), call.message_id)
    if message is None:
        raise bad_request("message to delete not found")
    _delete(caller, message)
    return True


async def delete_messages(caller: Caller, call: DeleteMessages) -> bool:
    """Messages that are not there are skipped."""
    chat = known_chat(caller, call.chat_id)
    messages = [_deletable(caller, chat, message_id) for message_id in call.message_ids]
    for message in messages:
        if message is not None:
            _delete(caller, message)
    return True


async def send_chat_action(caller: Caller, call: SendChatAction) -> bool:
    chat = writable_chat(caller, call.chat_id)
    if call.action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing_until = caller.world.now() + ACTION_SECONDS
    return True


async def set_message_reaction(caller: Caller, call: SetMessageReaction) -> bool:
    chat = writable_chat(caller, call.chat_id)
    message = caller.account.messages.get(call.message_id)
    if message is None or message.is_deleted or message.person != chat.person:
        raise bad_request("message to react not found")
    reactions = [to_json(reaction) for reaction in call.reaction or []]
    message.reactions = [reaction["emoji"] for reaction in reactions if "emoji" in reaction]
    caller.world.touch(caller.account, message)
    return True


METHODS: Final = (
    (SendMessage, send_message),
    (SendPhoto, send_photo),
    (SendDocument, send_document),
    (EditMessageText, edit_message_text),
    (EditMessageCaption, edit_message_caption),
    (EditMessageReplyMarkup, edit_message_reply_markup),
    (DeleteMessage, delete_message),
    (DeleteMessages, delete_messages),
    (SendChatAction, send_chat_action),
    (SetMessageReaction, set_message_reaction),
)
