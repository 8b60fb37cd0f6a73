"""Buttons under messages and in place of the keyboard, checked as Telegram checks them."""

from typing import Any, Final

from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from taskbot.adapters.simulator.links import WrongUrl, checked_url, mentioned_user
from taskbot.adapters.simulator.refusals import bad_request
from taskbot.adapters.simulator.telegram_objects import to_json

CALLBACK_DATA_BYTES: Final = 64
BUTTONS: Final = 100
ACTIONS: Final = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)

InlineRows = list[list[dict[str, Any]]]
AnyMarkup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply


def inline_rows(markup: InlineKeyboardMarkup | None) -> InlineRows | None:
    """The checked buttons; none if there are no rows. Raise `Refusal`."""
    if markup is None:
        return None
    rows = [[_checked(button) for button in row] for row in markup.inline_keyboard if row]
    if sum(map(len, rows)) > BUTTONS:
        raise bad_request("reply markup is too long")
    return rows or None


def _checked(button: InlineKeyboardButton) -> dict[str, Any]:
    if not button.text.strip():
        raise bad_request('can\'t parse inline keyboard button: field "text" must be non-empty')
    if all(getattr(button, action) is None for action in ACTIONS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    shown = to_json(button)
    if button.url is not None:
        shown["url"] = _checked_button_url(button.url)
    data = button.callback_data
    if data is not None and not 0 < len(data.encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return shown


def _checked_button_url(url: str) -> str:
    if mentioned_user(url) is not None:
        return url
    try:
        return checked_url(url)
    except WrongUrl as error:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {error}") from None


def reply_keyboard(markup: AnyMarkup | None) -> dict[str, Any] | None:
    """What a message does to the person's keyboard, in the control interface's words."""
    match markup:
        case ReplyKeyboardMarkup():
            rows = [row for row in markup.keyboard if row]
            if not rows:
                raise bad_request("there is no keyboard buttons in the request")
            return {
                "buttons": [[_keyboard_button(to_json(button)) for button in row] for row in rows],
                "one_time": bool(markup.one_time_keyboard),
                "resize": bool(markup.resize_keyboard),
                "persistent": bool(markup.is_persistent),
                "placeholder": markup.input_field_placeholder,
            }
        case ReplyKeyboardRemove():
            return {"remove": True}
        case ForceReply():
            return {"force_reply": True, "placeholder": markup.input_field_placeholder}
        case _:
            return None


def _keyboard_button(button: dict[str, Any]) -> dict[str, Any]:
    if not button["text"].strip():
        raise bad_request('can\'t parse keyboard button: field "text" must be non-empty')
    return button
