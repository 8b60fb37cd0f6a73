"""A question about one field of one task, and what became of the answer."""

from typing import Final

from aiogram.fsm.state import State, StatesGroup
from ulid import ULID

from taskbot.adapters.telegram import create
from taskbot.adapters.telegram.callbacks import CancelEdit
from taskbot.adapters.telegram.card import show_card
from taskbot.adapters.telegram.keyboards import Button, Row, button, keyboard
from taskbot.adapters.telegram.texts import buttons, cards, create as create_words
from taskbot.adapters.telegram.turn import PROMPT, Answers, Toast, Turn
from taskbot.application.interface import Tasks
from taskbot.domain.ids import TaskId


class EditForm(StatesGroup):
    """The answers are `task_id`, and of a deadline `time` or `day`, while the other is asked."""

    title = State()
    description = State()
    category_name = State()
    deadline = State()


TASK: Final = "task_id"


def is_open(turn: Turn) -> bool:
    return open_question(turn) is not None


def open_question(turn: Turn) -> State | None:
    return next((one for one in EditForm.__all_states__ if one.state == turn.step), None)


def task_of(answers: Answers) -> TaskId:
    return TaskId(ULID.from_str(answers[TASK]))


def refuse_in_the_middle(turn: Turn) -> Toast | None:
    """A half-filled new task shall not be lost for a question about another one."""
    if create.is_open(turn):
        return Toast(turn.voice.label(create_words.FINISH_FIRST), alert=True)
    return None


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
    """Wait for a typed answer about the task, with *rows* of buttons that answer it, too.

    *back* leads to the question before, if there was one. *day* (YYYY-MM-DD), *time* (HH:MM): one
    half of a deadline, which still lacks the other.
    """
    last = (await turn.answers()).get(PROMPT)
    cancel = button(turn.voice.label(buttons.CANCEL), CancelEdit(id=task_id))
    answers = {TASK: str(task_id), "day": day, "time": time, PROMPT: last}
    way_out = [cancel] if back is None else [back, cancel]
    await turn.ask(question, answers, text, keyboard(*rows, way_out))


async def end(turn: Turn) -> None:
    """Stop waiting for an answer; a dialogue of another kind stays open."""
    if is_open(turn):
        await turn.leave()


async def show_saved(turn: Turn, task_id: TaskId, tasks: Tasks) -> None:
    await end(turn)
    await show_card(turn, task_id, tasks, before=turn.voice.say(cards.SAVED))
