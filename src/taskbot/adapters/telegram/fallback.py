"""What nothing else answered: the bot is never silent."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.create import begin
from taskbot.adapters.telegram.filters import AnyCommand, PlainText
from taskbot.adapters.telegram.texts import start, trouble
from taskbot.adapters.telegram.turn import Toast, Turn


def build_router() -> Router:
    router = Router(name="fallback")
    router.message.register(unknown_command, AnyCommand())
    router.message.register(offer_task, PlainText())
    router.message.register(not_text)
    router.callback_query.register(unknown_button)
    return router


async def unknown_command(message: Message, turn: Turn) -> None:
    await turn.screen.say(start.unknown_command(turn.voice, message.text or ""))


async def offer_task(message: Message, turn: Turn) -> None:
    await begin.offer(turn, message.text or "")


async def not_text(message: Message, turn: Turn) -> None:
    """A caption may be meant as a task; of a picture itself nothing can be kept so far."""
    if message.caption:
        await begin.offer(turn, message.caption)
    else:
        await turn.screen.say(turn.voice.say(trouble.ONLY_TEXT))


async def unknown_button(_: CallbackQuery, turn: Turn) -> Toast:
    """Of an older version, or forged."""
    await turn.screen.take_buttons(turn.screen.pressed)
    return Toast(turn.voice.label(trouble.OLD_BUTTON), alert=True)
