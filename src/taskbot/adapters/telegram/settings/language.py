"""Which language the bot speaks."""

from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import SetLanguage
from taskbot.adapters.telegram.keyboards import button, in_rows_of, keyboard
from taskbot.adapters.telegram.settings.callbacks import Speak
from taskbot.adapters.telegram.settings.screen import show_settings, to_settings
from taskbot.adapters.telegram.texts import buttons, settings as words
from taskbot.adapters.telegram.texts.languages import MANNERS
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import People
from taskbot.domain.user import Language


async def ask_language(_: Message | CallbackQuery, turn: Turn) -> None:
    choices = [
        button(buttons.chosen(manner.name, is_on=one is turn.actor.language), Speak(language=one))
        for one, manner in MANNERS.items()
    ]
    back = to_settings(turn.voice, buttons.BACK)
    text = turn.voice.say(words.ASK_LANGUAGE)
    await turn.screen.show(text, keyboard(*in_rows_of(2, choices), [back]))


async def set_language(
    _: CallbackQuery, callback_data: SetLanguage | Speak, turn: Turn, users: People
) -> Toast:
    user = await users.speak(Language(callback_data.language), actor=turn.actor.id)
    spoken = turn.by(user)
    await show_settings(spoken)
    return Toast(spoken.voice.label(words.SPEAKING))
