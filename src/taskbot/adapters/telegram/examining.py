"""`/doctor`, in the chat where operators are told of trouble; elsewhere it is no command."""

from typing import Any, Final

from aiogram import BaseMiddleware, Bot, Router
from aiogram.enums import ChatAction, ChatType
from aiogram.filters import Command, Filter
from aiogram.types import Message, TelegramObject
from attrs import frozen

from taskbot.adapters.telegram.journal import Handler, entry_in
from taskbot.adapters.telegram.people import strangers_voice
from taskbot.adapters.telegram.screens import Screen, patiently
from taskbot.adapters.telegram.texts import doctor as words
from taskbot.adapters.telegram.texts.html import cut
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.doctor import Doctor
from taskbot.application.ports import Clock

_COMMAND: Final = "doctor"


@frozen
class OperatorsDoctor:
    """*chat_id*: a person's chat with the bot, or a group; whoever writes there is an operator."""

    doctor: Doctor
    chat_id: int


@frozen
class _InChat(Filter):
    _chat_id: int

    async def __call__(self, message: Message) -> bool:
        return message.chat.id == self._chat_id


def build_router(operators: OperatorsDoctor) -> Router:
    async def examine(_: Message, turn: Turn) -> None:
        await turn.screen.look_busy(ChatAction.TYPING)
        report = await operators.doctor.examine()
        await turn.screen.say(words.report_text(turn.voice, report))

    router = Router(name="doctor")
    router.message.register(examine, Command(_COMMAND), _InChat(operators.chat_id))
    return router


@frozen
class OperatorsGroup(BaseMiddleware):
    """In a group nobody is registered, and nothing but this is answered in earnest.

    So it is done here, before anybody asks who it is: in the language of their Telegram.
    """

    _operators: OperatorsDoctor
    _clock: Clock

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        bot: Bot = data["bot"]
        if not (isinstance(event, Message) and await self._is_asked(event, bot)):
            return await handler(event, data)
        entry_in(data).what = f"/{_COMMAND}"
        await Screen(bot, event.chat.id).look_busy(ChatAction.TYPING)
        report = await self._operators.doctor.examine()
        text = cut(words.report_text(strangers_voice(event, self._clock), report))
        await patiently(lambda: event.reply(text))
        return None

    async def _is_asked(self, message: Message, bot: Bot) -> bool:
        if message.chat.id != self._operators.chat_id or message.chat.type == ChatType.PRIVATE:
            return False
        return bool(await Command(_COMMAND)(message, bot))
