"""Rows of buttons."""

from collections.abc import Iterable

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

Button = InlineKeyboardButton
Keyboard = InlineKeyboardMarkup
Row = list[InlineKeyboardButton]


def button(text: str, carries: CallbackData) -> Button:
    return Button(text=text, callback_data=carries.pack())


def keyboard(*rows: Iterable[Button]) -> Keyboard:
    """Rows from top to bottom; empty ones are left out."""
    return Keyboard(inline_keyboard=[filled for row in rows if (filled := list(row))])


def in_rows_of(width: int, buttons: Iterable[Button]) -> list[Row]:
    every = list(buttons)
    return [every[start : start + width] for start in range(0, len(every), width)]
