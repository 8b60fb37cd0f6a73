"""The list of open tasks, page by page."""

from typing import Final

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import (
    AboutTask,
    CardAction,
    ListPage,
    Step,
    StepAction,
)
from taskbot.adapters.telegram.keyboards import Row, button, keyboard
from taskbot.adapters.telegram.texts import buttons, lists as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Tasks
from taskbot.application.ports import TaskPage, TaskPosition
from taskbot.application.tasks import ListTasks
from taskbot.domain.task import TaskStatus

_PAGE: Final = 8


def build_router() -> Router:
    router = Router(name="listing")
    router.message.register(list_tasks, Command("tasks"))
    router.callback_query.register(turn_page, ListPage.filter())
    return router


async def list_tasks(_: Message, turn: Turn, tasks: Tasks) -> None:
    await show_tasks(turn, tasks)


async def show_tasks(turn: Turn, tasks: Tasks) -> None:
    await _show_page(turn, None, backwards=False, tasks=tasks)


async def turn_page(_: CallbackQuery, callback_data: ListPage, turn: Turn, tasks: Tasks) -> None:
    try:
        position = callback_data.position
    except OverflowError:  # only a forged button carries it
        position = None
    await _show_page(turn, position, backwards=callback_data.backwards, tasks=tasks)


async def _show_page(
    turn: Turn, position: TaskPosition | None, *, backwards: bool, tasks: Tasks
) -> None:
    page = await tasks.page(
        ListTasks(
            actor=turn.actor.id,
            timezone=turn.actor.timezone,
            status=TaskStatus.OPEN,
            limit=_PAGE,
            after=None if backwards else position,
            before=position if backwards else None,
        )
    )
    if page.items:
        rows = [_task_row(turn.voice, page, place) for place in range(len(page.items))]
        counts = await tasks.counts(actor=turn.actor.id, timezone=turn.actor.timezone)
        text = words.open_tasks(turn.voice, counts)
        await turn.screen.show(text, keyboard(*rows, _turns(turn.voice, page)))
    elif position is not None:
        # What was on this page is done or gone meanwhile: begin again at the top.
        await _show_page(turn, None, backwards=False, tasks=tasks)
    else:
        new = button(turn.voice.label(buttons.NEW_TASK), Step(action=StepAction.START))
        await turn.screen.show(words.nothing_open(turn.voice), keyboard([new]))


def _task_row(voice: Voice, page: TaskPage, place: int) -> Row:
    task = page.items[place].task
    return [button(buttons.task(voice, task), AboutTask(action=CardAction.OPEN, id=task.id))]


def _turns(voice: Voice, page: TaskPage) -> Row:
    turns = []
    if page.preceding is not None:
        before = ListPage.at(page.preceding, backwards=True)
        turns.append(button(voice.label(buttons.EARLIER), before))
    if page.following is not None:
        after = ListPage.at(page.following, backwards=False)
        turns.append(button(voice.label(buttons.LATER), after))
    return turns
