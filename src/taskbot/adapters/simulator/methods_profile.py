"""The Bot API's methods about the bot itself: its name, texts, commands, files.

Source: https://core.telegram.org/bots/api#available-methods.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from aiogram.methods import (
    DeleteMyCommands,
    GetChat,
    GetChatMenuButton,
    GetFile,
    GetMe,
    GetMyCommands,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
)
from aiogram.types import BotCommandScopeUnion, File

from taskbot.adapters.simulator.files import DOWNLOAD_BYTES
from taskbot.adapters.simulator.formatted_text import utf16_length
from taskbot.adapters.simulator.refusals import bad_request
from taskbot.adapters.simulator.sending import Caller, known_chat
from taskbot.adapters.simulator.state import Account
from taskbot.adapters.simulator.telegram_objects import bot_user, chat_with, to_json

COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE: Final = re.compile(r"(?:[a-z]{2})?")
COMMANDS: Final = 100
COMMAND_DESCRIPTION_LENGTH: Final = 256
NAME_LENGTH: Final = 64
DESCRIPTION_LENGTH: Final = 512
SHORT_DESCRIPTION_LENGTH: Final = 120


async def get_me(caller: Caller, call: GetMe) -> dict[str, Any]:
    return to_json(bot_user(caller.account)) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _language(code: str | None) -> str:
    if LANGUAGE.fullmatch(code or "") is None:
        raise bad_request("LANG_CODE_INVALID")
    return code or ""


def _scope(caller: Caller, scope: BotCommandScopeUnion | None) -> str:
    if scope is None:
        return "default"
    chat_id = getattr(scope, "chat_id", None)
    if chat_id is None:
        return str(scope.type)
    return f"{scope.type}:{known_chat(caller, chat_id).person}"


def _commands_key(caller: Caller, call: SetMyCommands | GetMyCommands | DeleteMyCommands) -> str:
    return f"{_scope(caller, call.scope)}|{_language(call.language_code)}"


async def set_my_commands(caller: Caller, call: SetMyCommands) -> bool:
    key = _commands_key(caller, call)
    if len(call.commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = []
    for command in call.commands:
        name = command.command.removeprefix("/").lower()
        if COMMAND.fullmatch(name) is None:
            raise bad_request("BOT_COMMAND_INVALID")
        description = command.description.strip()
        if not 0 < utf16_length(description) <= COMMAND_DESCRIPTION_LENGTH:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": name, "description": description})
    caller.account.commands[key] = commands
    caller.world.save(caller.account)
    return True


async def get_my_commands(caller: Caller, call: GetMyCommands) -> list[dict[str, Any]]:
    return caller.account.commands.get(_commands_key(caller, call), [])


async def delete_my_commands(caller: Caller, call: DeleteMyCommands) -> bool:
    caller.account.commands.pop(_commands_key(caller, call), None)
    caller.world.save(caller.account)
    return True


def shown_commands(account: Account, *, person: int | None, language: str) -> list[dict[str, Any]]:
    """The commands that a person sees: the narrowest scope first, their language first.

    Source: https://core.telegram.org/bots/api#determining-list-of-commands.
    """
    for key in _keys_by_priority(person, language):
        if key in account.commands:
            return account.commands[key]
    return []


def _keys_by_priority(person: int | None, language: str) -> Iterator[str]:
    for scope in (f"chat:{person}", "all_private_chats", "default"):
        yield f"{scope}|{language}"
        yield f"{scope}|"


def _set(
    caller: Caller, texts: dict[str, str], language: str | None, text: str | None, limit: int
) -> bool:
    key = _language(language)
    if utf16_length(text or "") > limit:
        raise bad_request("the text is too long")
    if text:
        texts[key] = text
    else:
        texts.pop(key, None)
    caller.world.save(caller.account)
    return True


def in_language(texts: dict[str, str], language: str | None) -> str:
    return texts.get(language or "", texts.get("", ""))


async def set_my_name(caller: Caller, call: SetMyName) -> bool:
    return _set(caller, caller.account.names, call.language_code, call.name, NAME_LENGTH)


async def get_my_name(caller: Caller, call: GetMyName) -> dict[str, Any]:
    name = in_language(caller.account.names, call.language_code) or caller.account.name
    return {"name": name}


async def set_my_description(caller: Caller, call: SetMyDescription) -> bool:
    texts = caller.account.descriptions
    return _set(caller, texts, call.language_code, call.description, DESCRIPTION_LENGTH)


async def get_my_description(caller: Caller, call: GetMyDescription) -> dict[str, Any]:
    return {"description": in_language(caller.account.descriptions, call.language_code)}


async def set_my_short_description(caller: Caller, call: SetMyShortDescription) -> bool:
    texts = caller.account.short_descriptions
    text = call.short_description
    return _set(caller, texts, call.language_code, text, SHORT_DESCRIPTION_LENGTH)


async def get_my_short_description(caller: Caller, call: GetMyShortDescription) -> dict[str, Any]:
    texts = caller.account.short_descriptions
    return {"short_description": in_language(texts, call.language_code)}


async def set_chat_menu_button(caller: Caller, call: SetChatMenuButton) -> bool:
    key = "" if call.chat_id is None else str(known_chat(caller, call.chat_id).person)
    button = {"type": "default"} if call.menu_button is None else to_json(call.menu_button)
    caller.account.menu_buttons[key] = button
    caller.world.save(caller.account)
    return True


async def get_chat_menu_button(caller: Caller, call: GetChatMenuButton) -> dict[str, Any]:
    buttons = caller.account.menu_buttons
    key = "" if call.chat_id is None else str(known_chat(caller, call.chat_id).person)
    return buttons.get(key, buttons.get("", {"type": "commands"}))


async def get_chat(caller: Caller, call: GetChat) -> dict[str, Any]:
    person = caller.world.persons[known_chat(caller, call.chat_id).person]
    return to_json(chat_with(person)) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


async def get_file(caller: Caller, call: GetFile) -> dict[str, Any]:
    file = caller.world.files.get(call.file_id)
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return to_json(
        File(
            file_id=file.file_id,
            file_unique_id=file.file_unique_id,
            file_size=file.size,
            file_path=file.path,
        )
    )


METHODS: Final = (
    (GetMe, get_me),
    (SetMyCommands, set_my_commands),
    (GetMyCommands, get_my_commands),
    (DeleteMyCommands, delete_my_commands),
    (SetMyName, set_my_name),
    (GetMyName, get_my_name),
    (SetMyDescription, set_my_description),
    (GetMyDescription, get_my_description),
    (SetMyShortDescription, set_my_short_description),
    (GetMyShortDescription, get_my_short_description),
    (SetChatMenuButton, set_chat_menu_button),
    (GetChatMenuButton, get_chat_menu_button),
    (GetChat, get_chat),
    (GetFile, get_file),
)
