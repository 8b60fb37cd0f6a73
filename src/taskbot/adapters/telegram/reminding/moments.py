"""At which moment: by quick buttons, or by typing it.

A button carries either the very moment that it shows (`20261124T1800`), or how many minutes
after the press it lies (`+60`).
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message
from attrs import evolve

from taskbot.adapters.telegram import deadline_choice, edit_form
from taskbot.adapters.telegram.callbacks import SnoozeFor
from taskbot.adapters.telegram.card import refuse_completed, show_card
from taskbot.adapters.telegram.deadline_choice import Question, Way
from taskbot.adapters.telegram.keyboards import Row, button, in_rows_of
from taskbot.adapters.telegram.reminding import form
from taskbot.adapters.telegram.reminding.callbacks import OfReminders, RemindersAction
from taskbot.adapters.telegram.reminding.form import RemindForm
from taskbot.adapters.telegram.reminding.screen import show_list
from taskbot.adapters.telegram.snoozing import EVENING_CLOCK
from taskbot.adapters.telegram.texts import (
    buttons,
    cards,
    create as create_words,
    deadlines,
    reminding as words,
    trouble,
)
from taskbot.adapters.telegram.texts.html import escaped
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.deadline_text import (
    AlreadyPast,
    DayMissing,
    HalfMissing,
    ImpossibleDate,
    ImpossibleTime,
    NotUnderstood,
    Reading,
    Understood,
)
from taskbot.application.interface import Tasks
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.errors import (
    DeadlineOutOfRange,
    DomainError,
    InvalidValue,
    TaskAlreadyCompleted,
    TooManyReminders,
)
from taskbot.domain.ids import TaskId
from taskbot.domain.timezone import moment_of

_Unclear: TypeAlias = (
    AlreadyPast | DayMissing | HalfMissing | ImpossibleDate | ImpossibleTime | NotUnderstood
)

_AHEAD: Final = (timedelta(hours=1), timedelta(hours=3))
_MINUTE: Final = timedelta(minutes=1)
_ACTIONS: Final = {
    RemindForm.moment: RemindersAction.AT,
    RemindForm.snooze: RemindersAction.UNTIL,
}


async def ask_moment(
    _: CallbackQuery, callback_data: OfReminders, turn: Turn, tasks: Tasks
) -> Toast | None:
    return await _begin(turn, turn, RemindForm.moment, callback_data.task_id, tasks)


async def ask_snooze(
    _: CallbackQuery, callback_data: SnoozeFor, turn: Turn, tasks: Tasks
) -> Toast | None:
    """Under a reminder the question comes as a new message: that one may still be needed."""
    beside = evolve(turn, screen=evolve(turn.screen, pressed=None))
    asking = beside if callback_data.on_reminder else turn
    return await _begin(turn, asking, RemindForm.snooze, callback_data.task_id, tasks)


async def _begin(
    turn: Turn, asking: Turn, question: State, task_id: TaskId, tasks: Tasks
) -> Toast | None:
    """*asking*: the same turn, with the screen on which the question is put."""
    if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
        return toast
    if (toast := await refuse_completed(turn, task_id, tasks)) is not None:
        return toast
    await _ask(asking, question, task_id, tasks)
    return None


async def _ask(
    turn: Turn, question: State, task_id: TaskId, tasks: Tasks, *, before: str = ""
) -> None:
    task = (await tasks.get(task_id, actor=turn.actor.id)).task
    asked = words.ask_moment(turn.voice, task, stays=question == RemindForm.moment)
    text = f"{before}\n\n{asked}" if before else asked
    await form.ask(turn, question, task_id, text, _quick_rows(turn, question, task_id))


def _carrier(question: State, task_id: TaskId) -> Callable[[str], OfReminders]:
    return lambda choice: OfReminders(action=_ACTIONS[question], id=task_id, choice=choice)


def _quick_rows(turn: Turn, question: State, task_id: TaskId) -> list[Row]:
    voice, carry = turn.voice, _carrier(question, task_id)
    choices = [button(words.ahead(voice, one), carry(f"+{one // _MINUTE}")) for one in _AHEAD]
    choices += [
        button(buttons.day_and_time(voice, day, clock), carry(f"{day:%Y%m%d}T{clock:%H%M}"))
        for day, clock in _usual(turn)
    ]
    return in_rows_of(2, choices)


def _usual(turn: Turn) -> list[tuple[date, time]]:
    """This evening, tomorrow's and next Monday's morning: as far as they are ahead, once each."""
    today, morning = turn.voice.today, turn.actor.preferences.day_start
    day = timedelta(days=1)
    monday = today + (7 - today.weekday()) * day
    usual = [(today, EVENING_CLOCK), (today + day, morning), (monday, morning)]
    ahead = [one for one in usual if moment_of(*one, turn.voice.timezone) > turn.voice.now]
    return list(dict.fromkeys(ahead))


async def choose_moment(
    _: CallbackQuery, callback_data: OfReminders, turn: Turn, tasks: Tasks
) -> Toast | None:
    is_moment = callback_data.action is RemindersAction.AT
    question = RemindForm.moment if is_moment else RemindForm.snooze
    task_id = callback_data.task_id
    match _follow(turn, question, task_id, callback_data.choice):
        case Question() as further:
            await _put(turn, question, task_id, further)
            return None
        case Way.START:
            await _ask_again(turn, question, task_id, tasks, before="")
            return None
        case Way.NOWHERE:
            return Toast(turn.voice.label(deadlines.NO_SUCH_DAY))
        case reading:
            return await _take(turn, question, task_id, reading, tasks)


def _follow(turn: Turn, question: State, task_id: TaskId, choice: str) -> Reading | Question | Way:
    minutes = choice.removeprefix("+")
    if minutes == choice:
        carry, day_start = _carrier(question, task_id), turn.actor.preferences.day_start
        return deadline_choice.follow(turn.voice, choice, carry, day_start=day_start)
    try:
        moment = turn.voice.now + int(minutes) * _MINUTE
        return Understood(TimedDeadline(moment, turn.voice.timezone), (0, 0))
    except (ValueError, OverflowError, DeadlineOutOfRange):  # forged
        return NotUnderstood()


async def _put(turn: Turn, question: State, task_id: TaskId, further: Question) -> None:
    await form.ask(
        turn,
        question,
        task_id,
        further.text,
        further.rows,
        back=further.back,
        day=further.day,
        time=further.time,
    )


async def take_moment(message: Message, turn: Turn, tasks: Tasks) -> None:
    answers = await turn.answers()
    reading = deadline_choice.read_text(
        turn.voice, message.text or "", at=answers.get("time"), on=answers.get("day")
    )
    question = form.open_question(turn) or RemindForm.moment
    await _take(turn, question, form.task_of(answers), reading, tasks)


async def _take(
    turn: Turn, question: State, task_id: TaskId, reading: Reading, tasks: Tasks
) -> Toast | None:
    moment = _moment_in(reading, turn)
    if isinstance(moment, datetime):
        return await _save(turn, question, task_id, moment, tasks)
    if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
        return toast  # an old button, which no longer says anything useful
    if isinstance(moment, DayMissing | HalfMissing):
        carry = _carrier(question, task_id)
        further = deadline_choice.question_of(turn.voice, moment, carry)
        if further is not None:
            await _put(turn, question, task_id, further)
        return None
    said = deadlines.explain(turn.voice, moment)
    await _ask_again(turn, question, task_id, tasks, before=said)
    return None


def _moment_in(reading: Reading, turn: Turn) -> datetime | _Unclear:
    """The moment ahead that was meant: on a day that is when the person's day starts."""
    if not isinstance(reading, Understood):
        return reading
    deadline = reading.deadline
    if isinstance(deadline, TimedDeadline):
        return deadline.due_at
    moment = deadline.moment_at(turn.actor.preferences.day_start)
    is_ahead = moment > turn.voice.now
    return moment if is_ahead else AlreadyPast(TimedDeadline(moment, deadline.timezone))


async def _save(
    turn: Turn, question: State, task_id: TaskId, moment: datetime, tasks: Tasks
) -> Toast | None:
    is_typed, is_snooze = turn.screen.pressed is None, question == RemindForm.snooze
    try:
        if is_snooze:
            await tasks.snooze(task_id, until=moment, actor=turn.actor.id)
        else:
            await tasks.add_reminder(task_id, at=moment, actor=turn.actor.id)
    except TaskAlreadyCompleted:
        await form.end(turn)
        await show_card(turn, task_id, tasks)
        return Toast(turn.voice.label(cards.DONE_ALREADY))
    except TooManyReminders as refusal:
        await form.end(turn)
        await show_list(turn, task_id, tasks, before=escaped(trouble.refusal(turn.voice, refusal)))
        return None
    except InvalidValue as refusal:
        if not is_typed:
            raise
        said = escaped(trouble.refusal(turn.voice, refusal))
        await _ask_again(turn, question, task_id, tasks, before=said)
        return None
    except DomainError:
        await form.end(turn)  # the task is gone: there is nothing to wait for
        raise
    await form.end(turn)
    say = words.snoozed if is_snooze else words.added
    show = show_card if is_snooze else show_list
    await show(turn, task_id, tasks, before=say(turn.voice, moment) if is_typed else "")
    return Toast(words.toast(turn.voice, moment, is_snooze=is_snooze))


async def stop_snoozing(
    _: CallbackQuery, callback_data: OfReminders, turn: Turn, tasks: Tasks
) -> None:
    await form.end(turn)
    await show_card(turn, callback_data.task_id, tasks)


async def not_text(_: Message, turn: Turn, tasks: Tasks) -> None:
    await ask_again(turn, tasks, before=turn.voice.say(create_words.ONLY_TEXT))


async def ask_again(turn: Turn, tasks: Tasks, *, before: str) -> None:
    """Put the open question once more, after something else came in between."""
    question = form.open_question(turn) or RemindForm.moment
    await _ask_again(turn, question, form.task_of(await turn.answers()), tasks, before=before)


async def _ask_again(
    turn: Turn, question: State, task_id: TaskId, tasks: Tasks, *, before: str
) -> None:
    try:
        await _ask(turn, question, task_id, tasks, before=before)
    except DomainError:
        await form.end(turn)
        raise
