"""The list of a task's reminders, and how long before the deadline they come."""

from datetime import timedelta
from typing import Final

from aiogram.types import CallbackQuery

from taskbot.adapters.telegram.callbacks import CardAction
from taskbot.adapters.telegram.card import about, refuse_completed, show_card
from taskbot.adapters.telegram.keyboards import Button, button, in_rows_of, keyboard
from taskbot.adapters.telegram.reminding import form
from taskbot.adapters.telegram.reminding.callbacks import (
    LeadTime,
    OfReminders,
    RemindersAction,
    RemoveReminder,
)
from taskbot.adapters.telegram.texts import buttons, cards, reminding as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Tasks
from taskbot.application.task_commands import EditTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.errors import ReminderNotFound, ReminderOver, TaskAlreadyCompleted
from taskbot.domain.ids import TaskId
from taskbot.domain.task import Task

_MINUTE: Final = timedelta(minutes=1)
_OFFERED: Final = tuple(
    minutes * _MINUTE for minutes in (0, 5, 10, 30, 60, 3 * 60, 24 * 60, 7 * 24 * 60)
)


async def show_list(turn: Turn, task_id: TaskId, tasks: Tasks, *, before: str = "") -> None:
    """Show the reminders, below *before* (HTML) if there is something to say first."""
    card, voice = await tasks.card(task_id, actor=turn.actor.id), turn.voice
    ahead = [one for one in card.reminders if one.is_ahead]
    removing = [
        button(words.remove(voice, one.fire_at), RemoveReminder(id=task_id, reminder=one.id))
        for one in ahead
    ]
    adding = [_of(voice, task_id, words.ADD, RemindersAction.ADD)]
    if isinstance(card.task.deadline, TimedDeadline):
        adding.insert(0, _of(voice, task_id, words.LEADS, RemindersAction.LEADS))
    text = words.reminders(voice, card)
    await turn.screen.show(
        f"{before}\n\n{text}" if before else text,
        keyboard(
            *in_rows_of(2, removing),
            adding,
            _as_preferred(voice, card.task),
            [about(voice, task_id, buttons.BACK, CardAction.OPEN)],
        ),
    )


def _of(voice: Voice, task_id: TaskId, label: str, action: RemindersAction) -> Button:
    return button(voice.label(label), OfReminders(action=action, id=task_id))


def _as_preferred(voice: Voice, task: Task) -> list[Button]:
    if task.lead_times is None or task.deadline is None:
        return []
    return [_of(voice, task.id, words.AS_PREFERRED, RemindersAction.AS_PREFERRED)]


async def open_list(
    _: CallbackQuery, callback_data: OfReminders, turn: Turn, tasks: Tasks
) -> Toast | None:
    await form.end(turn)
    if (toast := await refuse_completed(turn, callback_data.task_id, tasks)) is not None:
        return toast
    await show_list(turn, callback_data.task_id, tasks)
    return None


async def remove(
    _: CallbackQuery, callback_data: RemoveReminder, turn: Turn, tasks: Tasks
) -> Toast:
    """A second press changes nothing, and shows what there is."""
    task_id = callback_data.task_id
    said = words.REMOVED
    try:
        await tasks.remove_reminder(task_id, callback_data.reminder_id, actor=turn.actor.id)
    except (ReminderNotFound, ReminderOver):
        said = words.OVER
    if (toast := await refuse_completed(turn, task_id, tasks)) is not None:
        return toast
    await show_list(turn, task_id, tasks)
    return Toast(turn.voice.label(said))


async def open_leads(
    _: CallbackQuery, callback_data: OfReminders, turn: Turn, tasks: Tasks
) -> Toast | None:
    if (toast := await refuse_completed(turn, callback_data.task_id, tasks)) is not None:
        return toast
    await _show_leads(turn, callback_data.task_id, tasks)
    return None


async def _show_leads(turn: Turn, task_id: TaskId, tasks: Tasks) -> None:
    task, voice = (await tasks.get(task_id, actor=turn.actor.id)).task, turn.voice
    wanted = task.lead_times_for(turn.actor.preferences)
    choices = [
        button(
            words.lead_choice(voice, lead, is_on=lead in wanted),
            LeadTime(id=task_id, minutes=lead // _MINUTE, wanted=lead not in wanted),
        )
        for lead in sorted({*_OFFERED, *wanted})
    ]
    back = _of(voice, task_id, buttons.BACK, RemindersAction.LIST)
    await turn.screen.show(
        words.ask_leads(voice, task),
        keyboard(*in_rows_of(2, choices), _as_preferred(voice, task), [back]),
    )


async def set_lead(
    _: CallbackQuery, callback_data: LeadTime, turn: Turn, tasks: Tasks
) -> Toast | None:
    task_id, lead = callback_data.task_id, callback_data.lead_time
    task = (await tasks.get(task_id, actor=turn.actor.id)).task
    leads = set(task.lead_times_for(turn.actor.preferences)) - {lead}
    if callback_data.wanted:
        leads.add(lead)
    edit = EditTask(actor=turn.actor.id, task_id=task_id, lead_times=sorted(leads))
    if (toast := await _edit(turn, edit, tasks)) is not None:
        return toast
    await _show_leads(turn, task_id, tasks)
    return None


async def remind_as_preferred(
    _: CallbackQuery, callback_data: OfReminders, turn: Turn, tasks: Tasks
) -> Toast | None:
    edit = EditTask(actor=turn.actor.id, task_id=callback_data.task_id, lead_times=None)
    if (toast := await _edit(turn, edit, tasks)) is not None:
        return toast
    await show_list(turn, callback_data.task_id, tasks)
    return None


async def _edit(turn: Turn, edit: EditTask, tasks: Tasks) -> Toast | None:
    try:
        await tasks.edit(edit)
    except TaskAlreadyCompleted:
        await show_card(turn, edit.task_id, tasks)
        return Toast(turn.voice.label(cards.DONE_ALREADY))
    return None
