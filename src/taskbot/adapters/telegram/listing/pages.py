"""One page of a list, and the way to the others."""

from collections.abc import Callable
from typing import Final

from aiogram.filters.callback_data import CallbackData
from attrs import evolve

from taskbot.adapters.telegram.callbacks import AboutTask, CardAction
from taskbot.adapters.telegram.keyboards import Row, button
from taskbot.adapters.telegram.listing.callbacks import packed
from taskbot.adapters.telegram.texts import buttons, lists as words
from taskbot.adapters.telegram.texts.lists import Tab
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Tasks
from taskbot.application.ports import TaskPage, TaskPosition
from taskbot.application.task_commands import ListTasks

PAGE: Final = 8


def every_task(turn: Turn) -> ListTasks:
    """All tasks of whoever is asking, to be narrowed down."""
    return ListTasks(actor=turn.actor.id, timezone=turn.actor.timezone, limit=PAGE)


async def page_at(
    wanted: ListTasks, place: TaskPosition | None, *, backwards: bool, tasks: Tasks
) -> TaskPage:
    """The page behind *place*, or before it; the first one if that has emptied meanwhile."""
    if place is None:
        return await tasks.page(wanted)
    beyond = evolve(wanted, before=place) if backwards else evolve(wanted, after=place)
    page = await tasks.page(beyond)
    return page if page.items else await tasks.page(wanted)


def task_rows(voice: Voice, page: TaskPage, *, under: Tab | None = None) -> list[Row]:
    return [
        [
            button(
                words.task(voice, view.task, under=under),
                AboutTask(action=CardAction.OPEN, id=view.task.id),
            )
        ]
        for view in page.items
    ]


def turns(voice: Voice, page: TaskPage, to: Callable[[bool, str], CallbackData]) -> Row:
    """The ways to the pages around *page*; *to*: whether backwards, and from which place."""
    row = []
    if page.preceding is not None:
        row.append(button(voice.label(buttons.EARLIER), to(True, packed(page.preceding))))
    if page.following is not None:
        row.append(button(voice.label(buttons.LATER), to(False, packed(page.following))))
    return row
