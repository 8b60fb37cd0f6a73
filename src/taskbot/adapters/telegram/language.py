"""Which language the bot speaks."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import SetLanguage
from taskbot.adapters.telegram.keyboards import button, keyboard
from taskbot.adapters.telegram.texts import settings as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import People
from taskbot.domain.user import Language


def build_router() -> Router:
    router = Router(name="language")
    router.message.register(ask_language, Command("language"))
    router.callback_query.register(
        set_language, SetLanguage.filter(F.language.in_({one.value for one in Language}))
    )
    return router


async def ask_language(_: Message, turn: Turn) -> None:
    choices = [button(name, SetLanguage(language=one)) for one, name in words.LANGUAGES.items()]
    await turn.screen.say(turn.voice.say(words.ASK_LANGUAGE), keyboard(choices))


async def set_language(
    _: CallbackQuery, callback_data: SetLanguage, turn: Turn, users: People
) -> None:
    user = await users.speak(Language(callback_data.language), actor=turn.actor.id)
    await turn.screen.show(Voice.for_user(user, turn.voice.now).say(words.SPEAKING))
