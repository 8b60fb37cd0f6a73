"""A task's card: everything about it, and what can be done with it."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from taskbot.adapters.telegram.callbacks import AboutTask, CardAction, ListPage, SnoozeFor
from taskbot.adapters.telegram.keyboards import Button, Keyboard, button, keyboard
from taskbot.adapters.telegram.reminding.callbacks import LIST_REMINDERS, OfReminders
from taskbot.adapters.telegram.snoozing import snooze_rows, snoozed_until
from taskbot.adapters.telegram.texts import buttons, cards as words, trouble
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Tasks
from taskbot.application.views import TaskCard, Undoable
from taskbot.domain.errors import (
    NothingToUndo,
    TaskAlreadyCompleted,
    TaskNotCompleted,
    TaskNotFound,
)
from taskbot.domain.ids import TaskId
from taskbot.domain.task import Task


def build_router() -> Router:
    router = Router(name="card")
    pressed = router.callback_query.register
    pressed(open_card, AboutTask.filter(F.action == CardAction.OPEN))
    pressed(complete, AboutTask.filter(F.action == CardAction.DONE))
    pressed(reopen, AboutTask.filter(F.action == CardAction.REOPEN))
    pressed(ask_snooze, AboutTask.filter(F.action == CardAction.SNOOZE))
    pressed(snooze, SnoozeFor.filter(~F.on_reminder))
    pressed(undo, AboutTask.filter(F.action == CardAction.UNDO))
    deletes = F.action.in_({CardAction.DELETE, CardAction.DELETE_SURELY})
    pressed(delete, AboutTask.filter(deletes))
    return router


async def show_card(
    turn: Turn, task_id: TaskId, tasks: Tasks, *, before: str = "", undo: bool = False
) -> None:
    """Show the task, below *before* (HTML) if there is something to say first.

    *undo*: whether its completion can be undone, and was what the person has just done.
    """
    card = await tasks.card(task_id, actor=turn.actor.id)
    text = words.card(turn.voice, card)
    await turn.screen.show(
        f"{before}\n\n{text}" if before else text, card_buttons(turn.voice, card.task, undo=undo)
    )


async def show_question(
    turn: Turn, task_id: TaskId, tasks: Tasks, question: str, buttons: Keyboard
) -> None:
    """Show the task with a *question* (HTML) below it."""
    card = await tasks.card(task_id, actor=turn.actor.id)
    await show_question_below(turn, card, question, buttons)


async def show_question_below(turn: Turn, card: TaskCard, question: str, buttons: Keyboard) -> None:
    await turn.screen.show(f"{words.card(turn.voice, card)}\n\n{question}", buttons)


async def show_gone(turn: Turn, task_id: TaskId, tasks: Tasks) -> None:
    """Clean a message whose buttons lead nowhere any more, but perhaps back."""
    every = button(turn.voice.label(buttons.ALL_TASKS), ListPage())
    undoable = await find_undo(turn, task_id, tasks)
    if undoable is None:
        await turn.screen.show(words.gone(turn.voice), keyboard([every]))
    else:
        await _show_deleted(turn, task_id, undoable.title)


async def _show_deleted(turn: Turn, task_id: TaskId, title: str) -> None:
    back = about(turn.voice, task_id, buttons.UNDO, CardAction.UNDO)
    every = button(turn.voice.label(buttons.ALL_TASKS), ListPage())
    await turn.screen.show(words.deleted(turn.voice, title), keyboard([back, every]))


async def find_undo(turn: Turn, task_id: TaskId, tasks: Tasks) -> Undoable | None:
    try:
        return await tasks.undoable(task_id, actor=turn.actor.id)
    except (NothingToUndo, TaskNotFound):
        return None


def about(
    voice: Voice, task_id: TaskId, label: str, action: CardAction, *, version: int | None = None
) -> Button:
    """*version*: of a button that changes the task, the one that the person sees."""
    return button(voice.label(label), AboutTask(action=action, id=task_id, version=version))


def card_buttons(voice: Voice, task: Task, *, undo: bool = False) -> Keyboard:
    def of(label: str, action: CardAction) -> Button:
        return about(voice, task.id, label, action)

    def change(label: str, action: CardAction) -> Button:
        return about(voice, task.id, label, action, version=task.version)

    delete = change(buttons.DELETE, CardAction.DELETE)
    every = button(voice.label(buttons.ALL_TASKS), ListPage())
    if not task.is_open:
        again = of(buttons.UNDO, CardAction.UNDO)
        return keyboard(
            [again if undo else change(buttons.REOPEN, CardAction.REOPEN), delete], [every]
        )
    deadline = buttons.RESCHEDULE if task.deadline else buttons.SET_DEADLINE
    priority = AboutTask(action=CardAction.EDIT_PRIORITY, id=task.id)
    category = AboutTask(action=CardAction.EDIT_CATEGORY, id=task.id)
    return keyboard(
        [change(buttons.DONE, CardAction.DONE), of(buttons.SNOOZE, CardAction.SNOOZE)],
        [
            of(deadline, CardAction.RESCHEDULE),
            button(voice.label(buttons.REMINDERS), OfReminders(action=LIST_REMINDERS, id=task.id)),
        ],
        [
            button(buttons.change_priority(voice, task), priority),
            button(buttons.change_category(voice), category),
        ],
        [of(buttons.EDIT, CardAction.EDIT), delete],
        [every],
    )


async def open_card(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> None:
    await show_card(turn, callback_data.task_id, tasks)


async def complete(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> Toast:
    """A second press changes nothing, and shows what the first one did."""
    task_id, said, undo = callback_data.task_id, words.WELL_DONE, True
    try:
        await tasks.complete(task_id, version=callback_data.version, actor=turn.actor.id)
    except TaskAlreadyCompleted:
        said, undo = words.DONE_ALREADY, await find_undo(turn, task_id, tasks) is not None
    await show_card(turn, task_id, tasks, undo=undo)
    return Toast(turn.voice.label(said))


async def reopen(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> Toast:
    task_id, said = callback_data.task_id, words.REOPENED
    try:
        await tasks.reopen(task_id, version=callback_data.version, actor=turn.actor.id)
    except TaskNotCompleted:
        said = words.OPEN_ALREADY
    await show_card(turn, task_id, tasks)
    return Toast(turn.voice.label(said))


async def undo(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> Toast:
    """A second press, or one that comes too late, changes nothing and shows how things stand."""
    task_id = callback_data.task_id
    try:
        await tasks.undo(task_id, actor=turn.actor.id)
    except NothingToUndo as refusal:
        return await _refuse_undo(turn, task_id, tasks, refusal)
    await show_card(turn, task_id, tasks)
    return Toast(turn.voice.label(words.UNDONE))


async def _refuse_undo(turn: Turn, task_id: TaskId, tasks: Tasks, refusal: NothingToUndo) -> Toast:
    said = trouble.refusal(turn.voice, refusal)
    try:
        is_open = (await tasks.get(task_id, actor=turn.actor.id)).task.is_open
    except TaskNotFound:
        await show_gone(turn, task_id, tasks)
        return Toast(said, alert=True)
    await show_card(turn, task_id, tasks)
    return Toast(turn.voice.label(words.OPEN_ALREADY)) if is_open else Toast(said, alert=True)


async def ask_snooze(
    _: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks
) -> Toast | None:
    task_id = callback_data.task_id
    if (toast := await refuse_completed(turn, task_id, tasks)) is not None:
        return toast
    rows = snooze_rows(turn.voice, task_id, turn.actor, on_reminder=False)
    back = about(turn.voice, task_id, buttons.BACK, CardAction.OPEN)
    question = turn.voice.say(words.ASK_SNOOZE)
    await show_question(turn, task_id, tasks, question, keyboard(*rows, [back]))
    return None


async def refuse_completed(turn: Turn, task_id: TaskId, tasks: Tasks) -> Toast | None:
    """Of a completed task show how it stands instead of asking something about its future."""
    view = await tasks.get(task_id, actor=turn.actor.id)
    if view.task.is_open:
        return None
    await show_card(turn, task_id, tasks)
    return Toast(turn.voice.label(words.DONE_ALREADY))


async def snooze(_: CallbackQuery, callback_data: SnoozeFor, turn: Turn, tasks: Tasks) -> Toast:
    task_id = callback_data.task_id
    if (toast := await refuse_completed(turn, task_id, tasks)) is not None:
        return toast
    until = snoozed_until(callback_data.minutes, turn.voice, turn.actor)
    await tasks.snooze(task_id, until=until, actor=turn.actor.id)
    await show_card(turn, task_id, tasks)
    return Toast(words.snoozed(turn.voice, turn.voice.moment(until)))


async def delete(
    _: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks
) -> Toast | None:
    """At once: it can be undone. A second press changes nothing."""
    task_id = callback_data.task_id
    try:
        view = await tasks.get(task_id, actor=turn.actor.id)
        await tasks.delete(task_id, version=callback_data.version, actor=turn.actor.id)
    except TaskNotFound:
        undoable = await find_undo(turn, task_id, tasks)
        if undoable is None:
            raise
        await _show_deleted(turn, task_id, undoable.title)
        return Toast(turn.voice.label(words.DELETED_ALREADY))
    await _show_deleted(turn, task_id, view.task.title)
    return None
