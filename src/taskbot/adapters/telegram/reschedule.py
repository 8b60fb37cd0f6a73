"""Moving a task's deadline, or taking it away."""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram import deadline_choice, edit_form
from taskbot.adapters.telegram.callbacks import AboutTask, CardAction, NewDeadline
from taskbot.adapters.telegram.card import refuse_completed, show_card
from taskbot.adapters.telegram.deadline_choice import Question, Way
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
from taskbot.application.deadline_text import DayMissing, HalfMissing, Reading, Understood
from taskbot.application.interface import Tasks
from taskbot.domain.deadline import Deadline
from taskbot.domain.errors import DomainError, StaleTask, TaskAlreadyCompleted
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
    carry = _carrier(task_id, task.version)
    rows = deadline_choice.start_rows(turn.voice, carry)
    if task.deadline is not None:
        remove = carry(deadline_choice.NONE)
        rows.append([button(turn.voice.label(buttons.REMOVE_DEADLINE), remove)])
    lines = [before, cards.title_line(task), cards.deadline_line(turn.voice, task)]
    text = "\n".join(filter(None, lines))
    text = f"{text}\n\n{words.ask_deadline(turn.voice)}"
    await edit_form.ask(turn, EditForm.deadline, task_id, text, rows)


def _carrier(task_id: TaskId, version: int | None) -> deadline_choice.Carry:
    return lambda choice: NewDeadline(id=task_id, choice=choice, version=version)


async def choose_deadline(
    _: CallbackQuery, callback_data: NewDeadline, turn: Turn, tasks: Tasks
) -> Toast | None:
    task_id, version = callback_data.task_id, callback_data.version
    if callback_data.choice == deadline_choice.NONE:
        return await _save(turn, task_id, None, tasks, version=version)
    day_start = turn.actor.preferences.day_start
    followed = deadline_choice.follow(
        turn.voice, callback_data.choice, _carrier(task_id, version), day_start=day_start
    )
    match followed:
        case Question() | Way.START:
            return await _ask_on(turn, task_id, followed, tasks)
        case Way.NOWHERE:
            return Toast(turn.voice.label(deadlines.NO_SUCH_DAY))
        case _:
            return await _take(turn, task_id, followed, tasks, version=version)


async def _ask_on(
    turn: Turn, task_id: TaskId, question: Question | Way, tasks: Tasks
) -> Toast | None:
    """Put the next question, or the first one again, unless something is in its way."""
    if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
        return toast
    if (toast := await refuse_completed(turn, task_id, tasks)) is not None:
        await edit_form.end(turn)
        return toast
    if isinstance(question, Question):
        await _put(turn, task_id, question, tasks)
    else:
        await ask(turn, task_id, tasks)
    return None


async def _put(turn: Turn, task_id: TaskId, question: Question, tasks: Tasks) -> None:
    task = (await tasks.get(task_id, actor=turn.actor.id)).task
    await edit_form.ask(
        turn,
        EditForm.deadline,
        task_id,
        f"{cards.title_line(task)}\n\n{question.text}",
        question.rows,
        back=question.back,
        day=question.day,
        time=question.time,
    )


async def take_deadline(message: Message, turn: Turn, tasks: Tasks) -> None:
    answers = await turn.answers()
    reading = deadline_choice.read_text(
        turn.voice, message.text or "", at=answers.get("time"), on=answers.get("day")
    )
    await _take(turn, edit_form.task_of(answers), reading, tasks)


async def _take(
    turn: Turn, task_id: TaskId, reading: Reading, tasks: Tasks, *, version: int | None = None
) -> Toast | None:
    """*version*: of the task as the person saw it; None for what is typed."""
    match reading:
        case Understood(deadline=deadline):
            return await _save(turn, task_id, deadline, tasks, version=version)
        case DayMissing() | HalfMissing():
            question = deadline_choice.question_of(turn.voice, reading, _carrier(task_id, version))
            if question is not None:
                try:
                    await _put(turn, task_id, question, tasks)
                except DomainError:  # the task is gone: there is nothing to wait for
                    await edit_form.end(turn)
                    raise
            return None
        case _:
            if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
                return toast  # an old button, which no longer says anything useful
            said = deadlines.explain(turn.voice, reading)
            await ask_again(turn, task_id, tasks, before=f"{said}\n")
            return None


async def _save(
    turn: Turn,
    task_id: TaskId,
    deadline: Deadline | None,
    tasks: Tasks,
    *,
    version: int | None = None,
) -> Toast | None:
    try:
        await tasks.reschedule(task_id, deadline, version=version, actor=turn.actor.id)
    except StaleTask:
        await edit_form.end(turn)
        task = (await tasks.get(task_id, actor=turn.actor.id)).task
        if task.deadline != deadline:
            raise
        # The second press of a button whose first one was obeyed.
        await show_card(turn, task_id, tasks)
        return Toast(turn.voice.label(cards.SAVED))
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
