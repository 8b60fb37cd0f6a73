"""What got done: a picture, and three lines."""

import asyncio

from aiogram import Router
from aiogram.enums import ChatAction
from aiogram.filters import Command
from aiogram.types import Message

from taskbot.adapters.telegram.callbacks import ListPage, Step, StepAction
from taskbot.adapters.telegram.keyboards import button, keyboard
from taskbot.adapters.telegram.texts import buttons, statistics as words
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Progress
from taskbot.application.ports import Painter


def build_router() -> Router:
    router = Router(name="statistics")
    router.message.register(show_statistics, Command("stats"))
    return router


async def show_statistics(_: Message, turn: Turn, progress: Progress, painter: Painter) -> None:
    found = await progress.statistics(
        actor=turn.actor.id, timezone=turn.actor.timezone, days=1, weeks=words.WEEKS
    )
    if not found.open and not found.completed:
        new = button(turn.voice.label(buttons.NEW_TASK), Step(action=StepAction.START))
        await turn.screen.say(turn.voice.say(words.NOTHING_YET), keyboard([new]))
        return
    png, _busy = await asyncio.gather(
        painter.paint(words.picture(turn.voice, found)),
        turn.screen.look_busy(ChatAction.UPLOAD_PHOTO),
    )
    every = button(turn.voice.label(buttons.ALL_TASKS), ListPage())
    await turn.screen.show_picture(png, words.caption(turn.voice, found), keyboard([every]))
