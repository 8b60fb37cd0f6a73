"""Rows of buttons."""

from collections.abc import Iterable
from typing import Final

from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

Button = InlineKeyboardButton
Keyboard = InlineKeyboardMarkup
Row = list[InlineKeyboardButton]
OwnKeyboard = ReplyKeyboardMarkup | ReplyKeyboardRemove
"""What is put in place of the person's own keyboard, and taken away again."""

NO_KEYBOARD: Final = ReplyKeyboardRemove(remove_keyboard=True)


def button(text: str, carries: CallbackData) -> Button:
    return Button(text=text, callback_data=carries.pack())


def keyboard(*rows: Iterable[Button]) -> Keyboard:
    """Rows from top to bottom; empty ones are left out."""
    return Keyboard(inline_keyboard=[filled for row in rows if (filled := list(row))])


def in_rows_of(width: int, buttons: Iterable[Button]) -> list[Row]:
    every = list(buttons)
    return [every[start : start + width] for start in range(0, len(every), width)]


def location_keyboard(share: str, cancel: str) -> OwnKeyboard:
    """The phone is asked where it is by *share*; *cancel* is sent as it stands."""
    return ReplyKeyboardMarkup(
        keyboard=[
            [KeyboardButton(text=share, request_location=True)],
            [KeyboardButton(text=cancel)],
        ],
        resize_keyboard=True,
        one_time_keyboard=True,
    )
