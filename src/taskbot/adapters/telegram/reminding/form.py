"""Waiting for a moment to be typed: for a reminder of one's own, or for a snooze."""

from typing import Final

from aiogram.fsm.state import State, StatesGroup
from ulid import ULID

from taskbot.adapters.telegram.keyboards import Button, Row, button, keyboard
from taskbot.adapters.telegram.reminding.callbacks import OfReminders, RemindersAction
from taskbot.adapters.telegram.texts import buttons
from taskbot.adapters.telegram.turn import PROMPT, Answers, Turn
from taskbot.domain.ids import TaskId


class RemindForm(StatesGroup):
    """The answers are `task_id`, and `day` or `time` as long as the other is not known."""

    moment = State()
    snooze = State()


_TASK: Final = "task_id"
_WAY_OUT: Final = {
    RemindForm.moment: RemindersAction.LIST,
    RemindForm.snooze: RemindersAction.NO_SNOOZE,
}


def open_question(turn: Turn) -> State | None:
    return next((one for one in RemindForm.__all_states__ if one.state == turn.step), None)


def is_open(turn: Turn) -> bool:
    return open_question(turn) is not None


def task_of(answers: Answers) -> TaskId:
    return TaskId(ULID.from_str(answers[_TASK]))


async def ask(
    turn: Turn,
    question: State,
    task_id: TaskId,
    text: str,
    rows: list[Row],
    *,
    back: Button | None = None,
    day: str | None = None,
    time: str | None = None,
) -> None:
    """Wait for a typed moment, with *rows* of buttons that name one, too; as `edit_form.ask`."""
    last = (await turn.answers()).get(PROMPT)
    way_out = OfReminders(action=_WAY_OUT[question], id=task_id)
    cancel = button(turn.voice.label(buttons.CANCEL), way_out)
    answers = {_TASK: str(task_id), "day": day, "time": time, PROMPT: last}
    await turn.ask(
        question, answers, text, keyboard(*rows, [cancel] if back is None else [back, cancel])
    )


async def end(turn: Turn) -> None:
    """Stop waiting; a dialogue of another kind stays open."""
    if is_open(turn):
        await turn.leave()
