"""The open tasks of one category, or of none."""

from typing import Final

from aiogram.types import CallbackQuery
from attrs import evolve

from taskbot.adapters.telegram.callbacks import ListPage, Step, StepAction
from taskbot.adapters.telegram.keyboards import Row, button, in_rows_of, keyboard
from taskbot.adapters.telegram.listing.callbacks import AskCategory, CategoryList, unpacked
from taskbot.adapters.telegram.listing.pages import every_task, page_at, task_rows, turns
from taskbot.adapters.telegram.texts import buttons, lists as words
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Categories, Tasks
from taskbot.application.ports import UNCATEGORIZED
from taskbot.domain.task import TaskStatus

_CHOICES: Final = 16  # in rows of two


async def ask_category(
    _: CallbackQuery, callback_data: AskCategory, turn: Turn, tasks: Tasks, categories: Categories
) -> None:
    await _ask(turn, callback_data.page, tasks, categories)


async def _ask(turn: Turn, page: int, tasks: Tasks, categories: Categories) -> None:
    voice = turn.voice
    known = await categories.list(actor=turn.actor.id)
    counts = await tasks.counts(actor=turn.actor.id, timezone=turn.actor.timezone)
    last_page = max(len(known) - 1, 0) // _CHOICES
    page = min(max(page, 0), last_page)  # some may be gone meanwhile
    choices = [
        button(words.category(one, counts.by_category.get(one.id, 0)), CategoryList(id=one.id))
        for one in known[page * _CHOICES : (page + 1) * _CHOICES]
    ]
    around: Row = []
    if page > 0:
        around.append(button(voice.label(buttons.EARLIER), AskCategory(page=page - 1)))
    if page < last_page:
        around.append(button(voice.label(buttons.LATER), AskCategory(page=page + 1)))
    loose = counts.by_category.get(None, 0)
    none = [button(words.no_category(voice, loose), CategoryList())] if loose else []
    back = button(voice.label(buttons.ALL_TASKS), ListPage())
    text = voice.say(words.ASK_CATEGORY if known else words.NO_CATEGORIES)
    await turn.screen.show(text, keyboard(*in_rows_of(2, choices), around, none, [back]))


async def list_category(
    _: CallbackQuery, callback_data: CategoryList, turn: Turn, tasks: Tasks, categories: Categories
) -> Toast | None:
    wanted, voice = callback_data.category_id, turn.voice
    known = [] if wanted is None else await categories.list(actor=turn.actor.id)
    category = next((one for one in known if one.id == wanted), None)
    if wanted is not None and category is None:
        await _ask(turn, 0, tasks, categories)
        return Toast(voice.label(words.CATEGORY_GONE), alert=True)
    filed = evolve(
        every_task(turn),
        status=TaskStatus.OPEN,
        category=UNCATEGORIZED if wanted is None else wanted,
    )
    place, backwards = unpacked(callback_data.place), callback_data.backwards
    page = await page_at(filed, place, backwards=backwards, tasks=tasks)
    counts = await tasks.counts(actor=turn.actor.id, timezone=turn.actor.timezone)
    rows = task_rows(voice, page)
    if not rows:
        rows = [[button(voice.label(buttons.NEW_TASK), Step(action=StepAction.START))]]
    around = turns(
        voice, page, lambda back, at: CategoryList(id=callback_data.id, backwards=back, place=at)
    )
    ways = [
        button(voice.label(words.OTHER_CATEGORY), AskCategory()),
        button(voice.label(buttons.ALL_TASKS), ListPage()),
    ]
    text = words.category_text(voice, category, counts.by_category)
    await turn.screen.show(text, keyboard(*rows, around, ways))
    return None
