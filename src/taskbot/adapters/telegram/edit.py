"""Changing a task's title, description, category and priority."""

from collections.abc import Callable

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram import edit_form
from taskbot.adapters.telegram.callbacks import (
    AboutTask,
    CancelEdit,
    CardAction,
    NewCategory,
    NewPriority,
)
from taskbot.adapters.telegram.card import about, show_card, show_question, show_question_below
from taskbot.adapters.telegram.create.steps import CATEGORIES_SHOWN
from taskbot.adapters.telegram.edit_form import EditForm
from taskbot.adapters.telegram.filters import NoText, PlainText
from taskbot.adapters.telegram.keyboards import Row, button, in_rows_of, keyboard
from taskbot.adapters.telegram.naming import category_called
from taskbot.adapters.telegram.texts import (
    buttons,
    cards,
    create as create_words,
    edits as words,
    trouble,
)
from taskbot.adapters.telegram.texts.html import escaped
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Categories, Tasks
from taskbot.application.task_commands import EditTask
from taskbot.domain.errors import DomainError, InvalidValue, StaleTask
from taskbot.domain.ids import TaskId
from taskbot.domain.task import Priority, Task


def build_router() -> Router:
    router = Router(name="edit")
    pressed = router.callback_query.register
    pressed(show_menu, AboutTask.filter(F.action == CardAction.EDIT))
    pressed(ask_title, AboutTask.filter(F.action == CardAction.EDIT_TITLE))
    pressed(ask_description, AboutTask.filter(F.action == CardAction.EDIT_DESCRIPTION))
    pressed(remove_description, AboutTask.filter(F.action == CardAction.NO_DESCRIPTION))
    pressed(ask_category, AboutTask.filter(F.action == CardAction.EDIT_CATEGORY))
    pressed(ask_category_name, AboutTask.filter(F.action == CardAction.NEW_CATEGORY))
    pressed(ask_priority, AboutTask.filter(F.action == CardAction.EDIT_PRIORITY))
    pressed(set_category, NewCategory.filter())
    pressed(set_priority, NewPriority.filter())
    pressed(cancel, CancelEdit.filter())
    typed = router.message.register
    typed(take_title, StateFilter(EditForm.title), PlainText())
    typed(take_description, StateFilter(EditForm.description), PlainText())
    typed(take_category_name, StateFilter(EditForm.category_name), PlainText())
    naming = StateFilter(EditForm.title, EditForm.description, EditForm.category_name)
    typed(not_text, naming, NoText())
    return router


async def show_menu(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> None:
    task_id, voice = callback_data.task_id, turn.voice
    rows = (
        [
            about(voice, task_id, buttons.TITLE, CardAction.EDIT_TITLE),
            about(voice, task_id, buttons.DESCRIPTION, CardAction.EDIT_DESCRIPTION),
        ],
        [about(voice, task_id, buttons.BACK, CardAction.OPEN)],
    )
    await show_question(turn, task_id, tasks, voice.say(cards.ASK_CHANGE), keyboard(*rows))


async def ask_title(
    _: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks
) -> Toast | None:
    return await _begin(turn, EditForm.title, callback_data.task_id, tasks)


async def ask_description(
    _: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks
) -> Toast | None:
    return await _begin(turn, EditForm.description, callback_data.task_id, tasks)


async def ask_category_name(
    _: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks
) -> Toast | None:
    return await _begin(turn, EditForm.category_name, callback_data.task_id, tasks)


async def _begin(turn: Turn, question: State, task_id: TaskId, tasks: Tasks) -> Toast | None:
    if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
        return toast
    await ask(turn, question, task_id, tasks)
    return None


async def ask(
    turn: Turn, question: State, task_id: TaskId, tasks: Tasks, *, before: str = ""
) -> None:
    """Put *question*, after *before* (HTML) if there is something to say first."""
    view = await tasks.get(task_id, actor=turn.actor.id)
    rows: list[Row] = []
    if question == EditForm.title:
        asked, now = words.ASK_TITLE, view.task.title
    elif question == EditForm.description:
        asked, now = words.ASK_DESCRIPTION, view.task.description
        if now:
            none = about(turn.voice, task_id, buttons.NO_DESCRIPTION, CardAction.NO_DESCRIPTION)
            rows = [[none]]
    else:
        asked, now = words.ASK_CATEGORY_NAME, ""
    shown = create_words.now_is(turn.voice, now) if now else ""
    text = "\n\n".join(filter(None, [before, turn.voice.say(asked), shown]))
    await edit_form.ask(turn, question, task_id, text, rows)


async def cancel(_: CallbackQuery, callback_data: CancelEdit, turn: Turn, tasks: Tasks) -> None:
    await edit_form.end(turn)
    await show_card(turn, callback_data.task_id, tasks)


async def take_title(message: Message, turn: Turn, tasks: Tasks) -> None:
    task_id = edit_form.task_of(await turn.answers())
    command = EditTask(actor=turn.actor.id, task_id=task_id, title=message.text or "")
    await _edit(turn, command, tasks)


async def take_description(message: Message, turn: Turn, tasks: Tasks) -> None:
    task_id = edit_form.task_of(await turn.answers())
    command = EditTask(actor=turn.actor.id, task_id=task_id, description=message.text or "")
    await _edit(turn, command, tasks)


async def remove_description(
    _: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks
) -> None:
    command = EditTask(actor=turn.actor.id, task_id=callback_data.task_id, description="")
    await _edit(turn, command, tasks)


async def _edit(turn: Turn, command: EditTask, tasks: Tasks) -> None:
    """Change the task; ask again where the domain does not take the answer."""
    try:
        await tasks.edit(command)
    except InvalidValue as error:
        question = edit_form.open_question(turn)
        if question is None or turn.screen.pressed is not None:
            raise
        before = escaped(trouble.refusal(turn.voice, error))
        await ask(turn, question, command.task_id, tasks, before=before)
        return
    except DomainError:
        await edit_form.end(turn)  # the task is gone: there is nothing to wait for
        raise
    await edit_form.show_saved(turn, command.task_id, tasks)


async def take_category_name(
    message: Message, turn: Turn, tasks: Tasks, categories: Categories
) -> None:
    task_id = edit_form.task_of(await turn.answers())
    try:
        category = await category_called(message.text or "", turn=turn, categories=categories)
    except InvalidValue as error:
        before = escaped(trouble.refusal(turn.voice, error))
        await ask(turn, EditForm.category_name, task_id, tasks, before=before)
        return
    command = EditTask(actor=turn.actor.id, task_id=task_id, category_id=category.id)
    await _edit(turn, command, tasks)


async def not_text(_: Message, turn: Turn, tasks: Tasks) -> None:
    await ask_again(turn, tasks, before=turn.voice.say(create_words.ONLY_TEXT))


async def ask_again(turn: Turn, tasks: Tasks, *, before: str) -> None:
    """Put the open question once more, after something else came in between."""
    question = edit_form.open_question(turn)
    task_id = edit_form.task_of(await turn.answers())
    try:
        await ask(turn, question or EditForm.title, task_id, tasks, before=before)
    except DomainError:
        await edit_form.end(turn)
        raise


async def ask_category(
    _: CallbackQuery,
    callback_data: AboutTask,
    turn: Turn,
    tasks: Tasks,
    categories: Categories,
) -> None:
    task_id, voice = callback_data.task_id, turn.voice
    card = await tasks.card(task_id, actor=turn.actor.id)
    version = card.task.version
    known = await categories.list(actor=turn.actor.id)
    choices = [
        button(buttons.category(one), NewCategory(id=task_id, category=one.id, version=version))
        for one in known[:CATEGORIES_SHOWN]
    ]
    none = NewCategory(id=task_id, version=version)
    last = [
        about(voice, task_id, buttons.NEW_CATEGORY, CardAction.NEW_CATEGORY),
        button(voice.label(buttons.NO_CATEGORY), none),
    ]
    back = about(voice, task_id, buttons.BACK, CardAction.OPEN)
    rows = keyboard(*in_rows_of(2, choices), last, [back])
    await show_question_below(turn, card, voice.say(words.ASK_CATEGORY), rows)


async def set_category(
    _: CallbackQuery, callback_data: NewCategory, turn: Turn, tasks: Tasks
) -> Toast | None:
    task_id, chosen = callback_data.task_id, callback_data.category_id
    version, actor = callback_data.version, turn.actor.id
    command = EditTask(actor=actor, task_id=task_id, version=version, category_id=chosen)
    return await _set(turn, command, tasks, is_so=lambda task: task.category_id == chosen)


async def ask_priority(
    _: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks
) -> None:
    task_id, voice = callback_data.task_id, turn.voice
    card = await tasks.card(task_id, actor=turn.actor.id)
    version = card.task.version
    choices = [
        button(buttons.priority(voice, one), NewPriority(id=task_id, priority=one, version=version))
        for one in Priority
    ]
    back = about(voice, task_id, buttons.BACK, CardAction.OPEN)
    rows = keyboard(*in_rows_of(2, choices), [back])
    await show_question_below(turn, card, voice.say(words.ASK_PRIORITY), rows)


async def set_priority(
    _: CallbackQuery, callback_data: NewPriority, turn: Turn, tasks: Tasks
) -> Toast | None:
    task_id, chosen = callback_data.task_id, callback_data.priority
    version, actor = callback_data.version, turn.actor.id
    command = EditTask(actor=actor, task_id=task_id, version=version, priority=chosen)
    return await _set(turn, command, tasks, is_so=lambda task: task.priority == chosen)


async def _set(
    turn: Turn, command: EditTask, tasks: Tasks, *, is_so: Callable[[Task], bool]
) -> Toast | None:
    """Change what a button says. A second press finds that it *is so* already."""
    try:
        await _edit(turn, command, tasks)
    except StaleTask:
        view = await tasks.get(command.task_id, actor=turn.actor.id)
        if not is_so(view.task):
            raise
        await edit_form.show_saved(turn, command.task_id, tasks)
        return Toast(turn.voice.label(cards.SAVED))
    return None
