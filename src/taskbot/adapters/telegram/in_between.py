"""A command in the middle of a dialogue is obeyed; then the open question is put again."""

from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject
from attrs import frozen

from taskbot.adapters.telegram import (
    categories,
    create,
    edit,
    edit_form,
    listing,
    reschedule,
    tokens,
)
from taskbot.adapters.telegram.edit_form import EditForm
from taskbot.adapters.telegram.filters import is_command
from taskbot.adapters.telegram.journal import Handler
from taskbot.adapters.telegram.reminding import form as remind_form, moments
from taskbot.adapters.telegram.settings import waiting
from taskbot.adapters.telegram.texts import edits as words
from taskbot.adapters.telegram.turn import PROMPT, Turn
from taskbot.application.interface import Categories, Tasks


@frozen
class CommandsInBetween(BaseMiddleware):
    """For the routers whose commands are no part of a dialogue."""

    _tasks: Tasks
    _categories: Categories

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        turn: Turn = data["turn"]
        in_between = isinstance(event, Message) and is_command(event) and turn.step is not None
        asked = await _question(turn) if in_between else None
        result = await handler(event, data)
        if in_between and isinstance(event, Message):
            if waiting.is_waiting(turn) and await _question(turn) != asked:
                return result  # the command has put that very question
            await self._go_on(turn, event)
        return result

    async def _go_on(self, turn: Turn, command: Message) -> None:
        if turn.step is None or await turn.current_step() != turn.step:
            return
        if create.is_open(turn):
            await create.ask_again(turn, self._categories)
        elif listing.is_waiting(turn):
            await listing.forget_question(turn, command)
        elif waiting.is_waiting(turn):
            await waiting.stop_typing(turn)
        elif categories.is_open(turn):
            before = turn.voice.say(words.BACK_TO_IT)
            await categories.ask_again(turn, self._categories, before=before)
        elif remind_form.is_open(turn):
            await moments.ask_again(turn, self._tasks, before=turn.voice.say(words.BACK_TO_IT))
        elif tokens.is_open(turn):
            await tokens.ask_again(turn)
        elif edit_form.is_open(turn):
            before = turn.voice.say(words.BACK_TO_IT)
            if edit_form.open_question(turn) == EditForm.deadline:
                task_id = edit_form.task_of(await turn.answers())
                await reschedule.ask_again(turn, task_id, self._tasks, before=before)
            else:
                await edit.ask_again(turn, self._tasks, before=before)


async def _question(turn: Turn) -> int | None:
    """The message with the question that is open; only where it may be put anew by a command."""
    return (await turn.answers()).get(PROMPT) if waiting.is_waiting(turn) else None
