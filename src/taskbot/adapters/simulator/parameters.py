"""A call's parameters, read into aiogram's own method classes.

What the classes do not accept Telegram does not accept either; its words for it are here.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar, get_args

from aiogram.methods import SetWebhook, TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    ForceReply,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    TelegramObject,
)
from pydantic import ValidationError

from taskbot.adapters.simulator.files import Upload
from taskbot.adapters.simulator.refusals import Refusal, bad_request
from taskbot.adapters.simulator.telegram_objects import to_json

Method = TypeVar("Method", bound=TelegramMethod[Any])

JSON_FIELDS: Final = {
    "reply_markup": "reply keyboard markup",
    "entities": "entities",
    "caption_entities": "caption entities",
    "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options",
    "commands": "commands",
    "scope": "BotCommandScope",
    "allowed_updates": "allowed updates",
    "reaction": "reaction types",
    "menu_button": "menu button",
    "message_ids": "message identifiers",
    "results": "inline query results",
    "button": "inline query results button",
}
FILE_FIELDS: Final = frozenset({"photo", "document", "thumbnail", "certificate"})
NUMBER: Final = re.compile(r"-?\d{1,16}")
MARKUPS: Final[dict[str, type[TelegramObject]]] = {
    "inline_keyboard": InlineKeyboardMarkup,
    "keyboard": ReplyKeyboardMarkup,
    "remove_keyboard": ReplyKeyboardRemove,
    "force_reply": ForceReply,
}
TRUE: Final = frozenset({"true", "yes", "1"})
OF_FIELD: Final = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "callback_query_id": ("query is too old and response timeout expired or query ID is invalid"),
    "inline_query_id": ("query is too old and response timeout expired or query ID is invalid"),
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "action": "wrong parameter action in request",
    "file_id": "invalid file_id",
    "url": "bad webhook: invalid webhook URL specified",
    "commands": "can't parse commands JSON object",
}


def read_method(
    kind: type[Method], raw: Mapping[str, Any], uploads: Mapping[str, Upload]
) -> Method:
    """Raise `Refusal` in Telegram's words if *raw* is not a proper call."""
    fields = kind.model_fields
    values: dict[str, Any] = {}
    for name in raw.keys() & fields.keys():
        value = _read(name, raw[name], fields[name].annotation, uploads)
        if value is not None:
            values[name] = value
    for name in FILE_FIELDS & fields.keys() & uploads.keys():
        values[name] = TypedFile(uploads[name])
    if kind is SetWebhook:
        values.setdefault("url", "")  # a webhook without an address is removed
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise _refusal(error) from None


def _read(name: str, raw: Any, annotation: Any, uploads: Mapping[str, Upload]) -> Any:
    value = _decoded(name, raw)
    if name == "reply_markup" and value is not None:
        return _markup(value)
    if name in FILE_FIELDS:
        return _file(value, uploads)
    if not isinstance(value, str):
        return value
    if name == "chat_id" and NUMBER.fullmatch(value):
        return int(value)
    if bool in get_args(annotation):
        return value.lower() in TRUE
    return value


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    if name not in JSON_FIELDS:
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise bad_request(f"can't parse {JSON_FIELDS[name]} JSON object") from None


def _markup(raw: Any) -> Any:
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    for name, kind in MARKUPS.items():
        if name not in raw:
            continue
        if name == "keyboard":
            raw = {**raw, "keyboard": _buttons(raw["keyboard"])}
        try:
            return kind.model_validate(raw)
        except ValidationError as error:
            what = "inline keyboard button" if name == "inline_keyboard" else "keyboard button"
            *_, field = error.errors()[0]["loc"]
            raise bad_request(f"can't parse {what}: can't find or read field \"{field}\"") from None
    return None


def _buttons(rows: Any) -> Any:
    """A button of a reply keyboard may be a bare string."""
    if not isinstance(rows, list):
        return rows
    return [
        [{"text": button} if isinstance(button, str) else button for button in row]
        if isinstance(row, list)
        else row
        for row in rows
    ]


def _file(value: Any, uploads: Mapping[str, Upload]) -> Any:
    """A file id stays as it is; `attach://NAME` is a part of the request."""
    if not isinstance(value, str) or not value.startswith("attach://"):
        return value
    upload = uploads.get(value.removeprefix("attach://"))
    if upload is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return TypedFile(upload)


def described(method: TelegramMethod[Any]) -> dict[str, Any]:
    """The parameters of a call as JSON, files by name and size, without secrets."""
    shown: dict[str, Any] = {}
    for name in sorted(method.model_fields_set & type(method).model_fields.keys()):
        value = getattr(method, name)
        match value:
            case None:
                continue
            case TypedFile():
                shown[name] = {"file": value.upload.name, "size": len(value.upload.content)}
            case TelegramObject():
                shown[name] = to_json(value)
            case list():
                shown[name] = [_shown(item) for item in value]
            case _:
                shown[name] = "***" if name == "secret_token" else value
    return shown


def _shown(item: Any) -> Any:
    return to_json(item) if isinstance(item, TelegramObject) else item


class TypedFile(BufferedInputFile):
    """An uploaded file that remembers its type."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(upload.content, upload.name)
        self.upload = upload


def _refusal(error: ValidationError) -> Refusal:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if name == "reply_markup":
        return bad_request("inline keyboard expected")
    if name in JSON_FIELDS and name != "commands":
        return bad_request(f"can't parse {JSON_FIELDS[name]} JSON object")
    return bad_request(OF_FIELD.get(name, f"invalid parameter {name} specified"))
