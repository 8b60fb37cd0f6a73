"""Filters that several features share.

Classes with an async call on purpose: aiogram runs a magic filter (`F...`) in a thread.
"""

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.turn import Turn


class PlainText(Filter):
    """Text that is no command, known or not."""

    async def __call__(self, message: Message) -> bool:
        return bool(message.text) and not is_command(message)


class NoText(Filter):
    """A sticker, a picture, a place: whatever cannot be an answer."""

    async def __call__(self, message: Message) -> bool:
        return not message.text


class AnyCommand(Filter):
    """A command, known or not."""

    async def __call__(self, message: Message) -> bool:
        return is_command(message)


class NotThePrompt(Filter):
    """The button is under another message than the question that is open."""

    async def __call__(self, query: CallbackQuery, turn: Turn) -> bool:
        return not await turn.is_prompt_pressed()


def is_command(message: Message) -> bool:
    return (message.text or "").startswith("/")
