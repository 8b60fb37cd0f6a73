"""A task's card: everything about it, and what can be done with it."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from taskbot.adapters.telegram.callbacks import AboutTask, CardAction, ListPage, SnoozeFor
from taskbot.adapters.telegram.keyboards import Button, Keyboard, button, keyboard
from taskbot.adapters.telegram.reminding.callbacks import LIST_REMINDERS, OfReminders
from taskbot.adapters.telegram.snoozing import snooze_rows, snoozed_until
from taskbot.adapters.telegram.texts import buttons, cards as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Tasks
from taskbot.domain.errors import TaskAlreadyCompleted, TaskNotCompleted
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
    pressed(ask_delete, AboutTask.filter(F.action == CardAction.DELETE))
    pressed(delete, AboutTask.filter(F.action == CardAction.DELETE_SURELY))
    return router


async def show_card(turn: Turn, task_id: TaskId, tasks: Tasks, *, before: str = "") -> None:
    """Show the task, below *before* (HTML) if there is something to say first."""
    card = await tasks.card(task_id, actor=turn.actor.id)
    text = words.card(turn.voice, card)
    await turn.screen.show(
        f"{before}\n\n{text}" if before else text, card_buttons(turn.voice, card.task)
    )


async def show_question(
    turn: Turn, task_id: TaskId, tasks: Tasks, question: str, buttons: Keyboard
) -> None:
    """Show the task with a *question* (HTML) below it."""
    card = await tasks.card(task_id, actor=turn.actor.id)
    await turn.screen.show(f"{words.card(turn.voice, card)}\n\n{question}", buttons)


def about(voice: Voice, task_id: TaskId, label: str, action: CardAction) -> Button:
    return button(voice.label(label), AboutTask(action=action, id=task_id))


def card_buttons(voice: Voice, task: Task) -> Keyboard:
    def of(label: str, action: CardAction) -> Button:
        return about(voice, task.id, label, action)

    delete = of(buttons.DELETE, CardAction.DELETE)
    every = button(voice.label(buttons.ALL_TASKS), ListPage())
    if not task.is_open:
        return keyboard([of(buttons.REOPEN, CardAction.REOPEN), delete], [every])
    deadline = buttons.RESCHEDULE if task.deadline else buttons.SET_DEADLINE
    return keyboard(
        [of(buttons.DONE, CardAction.DONE), of(buttons.SNOOZE, CardAction.SNOOZE)],
        [of(deadline, CardAction.RESCHEDULE), of(buttons.EDIT, CardAction.EDIT)],
        [button(voice.label(buttons.REMINDERS), OfReminders(action=LIST_REMINDERS, id=task.id))],
        [delete, every],
    )


async def open_card(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> None:
    await show_card(turn, callback_data.task_id, tasks)


async def complete(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> Toast:
    """A second press changes nothing, and shows what the first one did."""
    said = words.WELL_DONE
    try:
        await tasks.complete(callback_data.task_id, actor=turn.actor.id)
    except TaskAlreadyCompleted:
        said = words.DONE_ALREADY
    await show_card(turn, callback_data.task_id, tasks)
    return Toast(turn.voice.label(said))


async def reopen(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> Toast:
    said = words.REOPENED
    try:
        await tasks.reopen(callback_data.task_id, actor=turn.actor.id)
    except TaskNotCompleted:
        said = words.OPEN_ALREADY
    await show_card(turn, callback_data.task_id, tasks)
    return Toast(turn.voice.label(said))


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


async def ask_delete(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> None:
    task_id = callback_data.task_id
    surely = about(turn.voice, task_id, buttons.DELETE_SURELY, CardAction.DELETE_SURELY)
    keep = about(turn.voice, task_id, buttons.KEEP_TASK, CardAction.OPEN)
    question = turn.voice.say(words.ASK_DELETE)
    await show_question(turn, task_id, tasks, question, keyboard([surely], [keep]))


async def delete(_: CallbackQuery, callback_data: AboutTask, turn: Turn, tasks: Tasks) -> None:
    view = await tasks.get(callback_data.task_id, actor=turn.actor.id)
    await tasks.delete(callback_data.task_id, actor=turn.actor.id)
    back = button(turn.voice.label(buttons.ALL_TASKS), ListPage())
    await turn.screen.show(words.deleted(turn.voice, view.task), keyboard([back]))
