"""What nothing else answered: the bot is never silent."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.filters import AnyCommand
from taskbot.adapters.telegram.texts import start, trouble
from taskbot.adapters.telegram.turn import Toast, Turn


def build_router() -> Router:
    router = Router(name="fallback")
    router.message.register(unknown_command, AnyCommand())
    router.callback_query.register(unknown_button)
    return router


async def unknown_command(message: Message, turn: Turn) -> None:
    await turn.screen.say(start.unknown_command(turn.voice, message.text or ""))


async def unknown_button(_: CallbackQuery, turn: Turn) -> Toast:
    """Of an older version, or forged."""
    await turn.screen.take_buttons(turn.screen.pressed)
    return Toast(turn.voice.label(trouble.OLD_BUTTON), alert=True)
