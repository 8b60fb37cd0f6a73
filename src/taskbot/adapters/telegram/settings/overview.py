"""The one screen that all of it is reached from, and what it switches by itself."""

from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.settings.callbacks import WantReminders
from taskbot.adapters.telegram.settings.screen import show_settings
from taskbot.adapters.telegram.texts import settings as words
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import People
from taskbot.application.users import EditUser


async def open_settings(_: Message | CallbackQuery, turn: Turn) -> None:
    await show_settings(turn)


async def want_reminders(
    _: CallbackQuery, callback_data: WantReminders, turn: Turn, users: People
) -> Toast:
    wanted = callback_data.wanted
    user = await users.edit(EditUser(actor=turn.actor.id, notifications=wanted))
    await show_settings(turn.by(user))
    return Toast(turn.voice.label(words.RESUMED if wanted else words.PAUSED))
