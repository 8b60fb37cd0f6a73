"""Moving a task's deadline, or taking it away."""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram import deadline_choice, edit_form
from taskbot.adapters.telegram.callbacks import AboutTask, CardAction, NewDeadline
from taskbot.adapters.telegram.card import refuse_completed, show_card
from taskbot.adapters.telegram.edit_form import EditForm
from taskbot.adapters.telegram.filters import NoText, PlainText
from taskbot.adapters.telegram.keyboards import button
from taskbot.adapters.telegram.texts import (
    buttons,
    cards,
    create as create_words,
    deadlines,
    edits as words,
)
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.deadline_text import DayMissing, Reading, Understood
from taskbot.application.interface import Tasks
from taskbot.domain.deadline import Deadline
from taskbot.domain.errors import DomainError, TaskAlreadyCompleted
from taskbot.domain.ids import TaskId


def build_router() -> Router:
    router = Router(name="reschedule")
    router.callback_query.register(
        ask_deadline, AboutTask.filter(F.action == CardAction.RESCHEDULE)
    )
    router.callback_query.register(choose_deadline, NewDeadline.filter())
    router.message.register(take_deadline, StateFilter(EditForm.deadline), PlainText())
    router.message.register(not_text, StateFilter(EditForm.deadline), NoText())
    return router


async def ask_deadline(
    _: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks
) -> Toast | None:
    if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
        return toast
    if (toast := await refuse_completed(turn, callback_data.task_id, tasks)) is not None:
        return toast
    await ask(turn, callback_data.task_id, tasks)
    return None


async def ask(turn: Turn, task_id: TaskId, tasks: Tasks, *, before: str = "") -> None:
    """Ask for the new deadline, after *before* (HTML) if there is something to say first."""
    task = (await tasks.get(task_id, actor=turn.actor.id)).task
    rows = deadline_choice.quick_rows(turn.voice, _carrier(task_id))
    if task.deadline is not None:
        remove = NewDeadline(id=task_id, choice=deadline_choice.NONE)
        rows.append([button(turn.voice.label(buttons.REMOVE_DEADLINE), remove)])
    lines = [before, cards.title_line(task), cards.deadline_line(turn.voice, task)]
    text = "\n".join(filter(None, lines))
    text = f"{text}\n\n{words.ask_deadline(turn.voice)}"
    await edit_form.ask(turn, EditForm.deadline, task_id, text, rows)


def _carrier(task_id: TaskId) -> deadline_choice.Carry:
    return lambda choice: NewDeadline(id=task_id, choice=choice)


async def choose_deadline(
    _: CallbackQuery, callback_data: NewDeadline, turn: Turn, tasks: Tasks
) -> Toast | None:
    task_id = callback_data.task_id
    if callback_data.choice == deadline_choice.NONE:
        return await _save(turn, task_id, None, tasks)
    reading = deadline_choice.read_choice(turn.voice, callback_data.choice)
    return await _take(turn, task_id, reading, tasks)


async def take_deadline(message: Message, turn: Turn, tasks: Tasks) -> None:
    answers = await turn.answers()
    reading = deadline_choice.read_text(turn.voice, message.text or "", at=answers.get("time"))
    await _take(turn, edit_form.task_of(answers), reading, tasks)


async def _take(turn: Turn, task_id: TaskId, reading: Reading, tasks: Tasks) -> Toast | None:
    if isinstance(reading, Understood):
        return await _save(turn, task_id, reading.deadline, tasks)
    said = deadlines.explain(turn.voice, reading)
    if isinstance(reading, DayMissing):
        rows = deadline_choice.day_rows(turn.voice, reading.time, _carrier(task_id))
        time = turn.voice.clock(reading.time)
        await edit_form.ask(turn, EditForm.deadline, task_id, said, rows, time=time)
        return None
    if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
        return toast  # an old button, which no longer says anything useful
    await ask_again(turn, task_id, tasks, before=f"{said}\n")
    return None


async def _save(
    turn: Turn, task_id: TaskId, deadline: Deadline | None, tasks: Tasks
) -> Toast | None:
    try:
        await tasks.reschedule(task_id, deadline, actor=turn.actor.id)
    except TaskAlreadyCompleted:
        await edit_form.end(turn)
        await show_card(turn, task_id, tasks)
        return Toast(turn.voice.label(cards.DONE_ALREADY))
    except DomainError:
        await edit_form.end(turn)
        raise
    await edit_form.show_saved(turn, task_id, tasks)
    return None


async def not_text(_: Message, turn: Turn, tasks: Tasks) -> None:
    before = f"{turn.voice.say(create_words.ONLY_TEXT)}\n"
    task_id = edit_form.task_of(await turn.answers())
    await ask_again(turn, task_id, tasks, before=before)


async def ask_again(turn: Turn, task_id: TaskId, tasks: Tasks, *, before: str) -> None:
    """Put the question once more; if the task is gone there is nothing to wait for."""
    try:
        await ask(turn, task_id, tasks, before=before)
    except DomainError:
        await edit_form.end(turn)
        raise
