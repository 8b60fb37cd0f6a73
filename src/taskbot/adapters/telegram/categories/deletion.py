"""Deleting a category, and what becomes of its tasks."""

from aiogram.types import CallbackQuery

from taskbot.adapters.telegram.categories import questions
from taskbot.adapters.telegram.categories.callbacks import (
    AboutCategory,
    CategoryAction,
    DeleteCategory,
    Fate,
    MoveTasks,
)
from taskbot.adapters.telegram.categories.screens import (
    about,
    counted,
    on_page,
    show_list,
    turns,
)
from taskbot.adapters.telegram.keyboards import Button, Row, button, keyboard
from taskbot.adapters.telegram.texts import buttons, categories as words
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.categories import TasksLeft
from taskbot.application.interface import Categories
from taskbot.application.views import CountedCategory
from taskbot.domain.errors import CategoryNotFound, StaleCategory
from taskbot.domain.ids import CategoryId

_FATES = {Fate.STAY: TasksLeft.UNCATEGORIZED, Fate.GO: TasksLeft.DELETED}


async def ask_delete(
    _: CallbackQuery, callback_data: AboutCategory, turn: Turn, categories: Categories
) -> None:
    await questions.leave(turn)
    await _ask(turn, callback_data.category_id, categories)


async def _ask(turn: Turn, category_id: CategoryId, categories: Categories) -> None:
    """Ask for the tasks' fate; a category without any is deleted after one confirmation."""
    every = await categories.counts(actor=turn.actor.id)
    one = next((one for one in every if one.category.id == category_id), None)
    if one is None:
        raise CategoryNotFound(category_id)
    voice = turn.voice
    if not one.tasks:
        surely = button(voice.label(words.DELETE_SURELY), _deletion(one, Fate.STAY))
        keep = about(voice, category_id, words.KEEP, CategoryAction.OPEN)
        text = words.ask_delete(voice, one)
        await turn.screen.show(text, keyboard([surely], [keep]))
        return
    rows: list[Row] = [
        [button(voice.label(words.LEAVE_TASKS), _deletion(one, Fate.STAY))],
        [button(voice.label(words.DELETE_TASKS), _deletion(one, Fate.ASK))],
        [about(voice, category_id, buttons.BACK, CategoryAction.OPEN)],
    ]
    if len(every) > 1:
        rows.insert(0, [about(voice, category_id, words.MOVE_TASKS, CategoryAction.MOVE)])
    await turn.screen.show(words.ask_fate(voice, one), keyboard(*rows))


def _deletion(one: CountedCategory, fate: Fate) -> DeleteCategory:
    return DeleteCategory(
        id=one.category.id, tasks=fate, number=one.tasks, version=one.category.version
    )


async def delete(
    _: CallbackQuery, callback_data: DeleteCategory, turn: Turn, categories: Categories
) -> Toast | None:
    """Do what was asked for, if all is still as it was told; else ask again."""
    one = await counted(turn, callback_data.category_id, categories)
    if _deletion(one, callback_data.tasks) != callback_data:
        return await _changed(turn, one.category.id, categories)
    if callback_data.tasks is Fate.ASK:
        await _ask_surely(turn, one)
        return None
    fate = _FATES[callback_data.tasks]
    try:
        await categories.delete(
            one.category.id, tasks=fate, version=callback_data.version, actor=turn.actor.id
        )
    except StaleCategory:
        return await _changed(turn, one.category.id, categories)
    await show_list(turn, categories, before=words.deleted(turn.voice, one, fate))
    return None


async def _changed(turn: Turn, category_id: CategoryId, categories: Categories) -> Toast:
    await _ask(turn, category_id, categories)
    return Toast(turn.voice.label(words.CHANGED), alert=True)


async def _ask_surely(turn: Turn, one: CountedCategory) -> None:
    surely = button(words.delete_so_many(turn.voice, one.tasks), _deletion(one, Fate.GO))
    keep = about(turn.voice, one.category.id, buttons.BACK, CategoryAction.DELETE)
    await turn.screen.show(words.ask_delete_all(turn.voice, one), keyboard([surely], [keep]))


async def ask_target(
    _: CallbackQuery, callback_data: AboutCategory, turn: Turn, categories: Categories
) -> None:
    every = await categories.counts(actor=turn.actor.id)
    one = next((one for one in every if one.category.id == callback_data.id), None)
    if one is None:
        raise CategoryNotFound(callback_data.category_id)
    others = [other for other in every if other != one]
    shown, page = on_page(others, callback_data.page)

    def to_page(number: int) -> AboutCategory:
        return AboutCategory(action=CategoryAction.MOVE, id=one.category.id, page=number)

    rows: list[Row] = [
        [
            button(
                buttons.category(other.category),
                MoveTasks(id=one.category.id, to=other.category.id),
            )
        ]
        for other in shown
    ]
    back: list[Button] = [about(turn.voice, one.category.id, buttons.BACK, CategoryAction.DELETE)]
    around = turns(len(others), page, to_page(max(page - 1, 0)), to_page(page + 1))
    await turn.screen.show(words.ask_target(turn.voice, one), keyboard(*rows, around, back))


async def move(
    _: CallbackQuery, callback_data: MoveTasks, turn: Turn, categories: Categories
) -> None:
    one = await counted(turn, callback_data.category_id, categories)
    target = await counted(turn, callback_data.target_id, categories)
    await categories.delete(one.category.id, tasks=target.category.id, actor=turn.actor.id)
    await show_list(turn, categories, before=words.moved(turn.voice, one, target.category))
