"""What can be done with a reminder, on the reminder itself."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from taskbot.adapters.telegram.callbacks import AboutTask, CardAction, DoneOnReminder, SnoozeFor
from taskbot.adapters.telegram.card import about, find_undo, show_card
from taskbot.adapters.telegram.keyboards import Button, Keyboard, button, keyboard
from taskbot.adapters.telegram.snoozing import snooze_rows, snoozed_until
from taskbot.adapters.telegram.texts import buttons, cards, reminders as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Tasks
from taskbot.domain.errors import TaskAlreadyCompleted
from taskbot.domain.ids import TaskId
from taskbot.domain.task import Task
from taskbot.domain.user import User


def build_router() -> Router:
    router = Router(name="reminders")
    router.callback_query.register(complete, DoneOnReminder.filter())
    router.callback_query.register(snooze, SnoozeFor.filter(F.on_reminder))
    return router


def reminder_buttons(voice: Voice, task: Task, owner: User) -> Keyboard:
    """Buttons under a notification: they work as long as the task exists."""
    done, opening = _done_and_open(voice, task.id)
    return keyboard([done], *snooze_rows(voice, task.id, owner, on_reminder=True), [opening])


def _done_and_open(voice: Voice, task_id: TaskId) -> tuple[Button, Button]:
    done = button(voice.label(buttons.DONE), DoneOnReminder(id=task_id))
    opening = AboutTask(action=CardAction.OPEN, id=task_id)
    return done, button(voice.label(buttons.OPEN), opening)


async def complete(
    _: CallbackQuery, callback_data: DoneOnReminder, turn: Turn, tasks: Tasks
) -> Toast:
    """A second press changes nothing, and shows what the first one did."""
    task_id, said, undo = callback_data.task_id, cards.WELL_DONE, True
    try:
        view = await tasks.complete(task_id, actor=turn.actor.id)
    except TaskAlreadyCompleted:
        view, said = await tasks.get(task_id, actor=turn.actor.id), cards.DONE_ALREADY
        undo = await find_undo(turn, task_id, tasks) is not None
    back = (
        about(turn.voice, task_id, buttons.UNDO, CardAction.UNDO)
        if undo
        else about(turn.voice, task_id, buttons.REOPEN, CardAction.REOPEN)
    )
    await turn.screen.show(words.done(view.task), keyboard([back]))
    return Toast(turn.voice.label(said))


async def snooze(_: CallbackQuery, callback_data: SnoozeFor, turn: Turn, tasks: Tasks) -> Toast:
    task_id = callback_data.task_id
    until = snoozed_until(callback_data.minutes, turn.voice, turn.actor)
    try:
        view = await tasks.snooze(task_id, until=until, actor=turn.actor.id)
    except TaskAlreadyCompleted:
        await show_card(turn, task_id, tasks)
        return Toast(turn.voice.label(cards.DONE_ALREADY))
    buttons_left = keyboard(_done_and_open(turn.voice, task_id))
    await turn.screen.show(words.snoozed(turn.voice, view.task, until), buttons_left)
    return Toast(cards.snoozed(turn.voice, turn.voice.moment(until)))
