"""A command in the middle of a dialogue is obeyed; then the open question is put again."""

from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject
from attrs import frozen

from taskbot.adapters.telegram import create, edit, edit_form, reschedule, timezone
from taskbot.adapters.telegram.edit_form import EditForm
from taskbot.adapters.telegram.filters import is_command
from taskbot.adapters.telegram.journal import Handler
from taskbot.adapters.telegram.texts import edits as words
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Categories, Tasks


@frozen
class CommandsInBetween(BaseMiddleware):
    """For the routers whose commands are no part of a dialogue."""

    _tasks: Tasks
    _categories: Categories

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        result = await handler(event, data)
        turn: Turn = data["turn"]
        in_between = isinstance(event, Message) and is_command(event)
        if in_between and turn.step is not None and await turn.current_step() == turn.step:
            await self._go_on(turn)
        return result

    async def _go_on(self, turn: Turn) -> None:
        if create.is_open(turn):
            await create.ask_again(turn, self._categories)
        elif timezone.is_waiting(turn):
            await turn.forget()  # nothing is lost, and its buttons work without it
        elif edit_form.is_open(turn):
            before = turn.voice.say(words.BACK_TO_IT)
            if edit_form.open_question(turn) == EditForm.deadline:
                task_id = edit_form.task_of(await turn.answers())
                await reschedule.ask_again(turn, task_id, self._tasks, before=before)
            else:
                await edit.ask_again(turn, self._tasks, before=before)
