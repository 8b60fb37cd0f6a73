"""What a new person wrote in answer to the first question may be their first task."""

from aiogram.types import CallbackQuery

from taskbot.adapters.telegram.card import show_card
from taskbot.adapters.telegram.settings import waiting
from taskbot.adapters.telegram.texts import create as words
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Tasks
from taskbot.application.task_commands import CreateTask


async def take_as_task(_: CallbackQuery, turn: Turn, tasks: Tasks) -> Toast | None:
    text = (await turn.answers()).get(waiting.UNPLACED) if turn.step else None
    if not text:
        await turn.screen.take_buttons(turn.screen.pressed)
        return Toast(turn.voice.label(words.NOT_CURRENT))
    title, _, rest = text.strip().partition("\n")
    new = CreateTask(actor=turn.actor.id, title=title, description=rest)
    view = await tasks.create(new)
    await turn.forget()
    await show_card(turn, view.task.id, tasks, before=turn.voice.say(words.CREATED))
    return None
