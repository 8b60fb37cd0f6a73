"""The last answer, and the task."""

from aiogram.types import CallbackQuery, Message
from ulid import ULID

from taskbot.adapters.telegram import deadline_choice
from taskbot.adapters.telegram.callbacks import Step, StepAction, StepDeadline
from taskbot.adapters.telegram.card import show_card
from taskbot.adapters.telegram.create.steps import KEY, CreateForm, ask, carry_deadline
from taskbot.adapters.telegram.deadline_choice import Question, Way
from taskbot.adapters.telegram.keyboards import button, keyboard
from taskbot.adapters.telegram.texts import buttons, create as words, deadlines
from taskbot.adapters.telegram.turn import PROMPT, Answers, Toast, Turn
from taskbot.application.deadline_text import DayMissing, HalfMissing, Reading, Understood
from taskbot.application.interface import Categories, Tasks
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import Deadline
from taskbot.domain.errors import CategoryNotFound
from taskbot.domain.ids import CategoryId


async def choose_deadline(
    _: CallbackQuery,
    callback_data: StepDeadline,
    turn: Turn,
    tasks: Tasks,
    categories: Categories,
) -> Toast | None:
    if callback_data.choice == deadline_choice.NONE:
        await _finish(turn, None, tasks, categories)
        return None
    day_start = turn.actor.preferences.day_start
    followed = deadline_choice.follow(
        turn.voice, callback_data.choice, carry_deadline, day_start=day_start
    )
    match followed:
        case Question():
            await _ask(turn, followed)
        case Way.START:
            await ask(turn, CreateForm.deadline, _whole(await turn.answers()), categories)
        case Way.NOWHERE:
            return Toast(turn.voice.label(deadlines.NO_SUCH_DAY))
        case _:
            await _take(turn, followed, tasks, categories)
    return None


async def take_deadline(message: Message, turn: Turn, tasks: Tasks, categories: Categories) -> None:
    answers = await turn.answers()
    reading = deadline_choice.read_text(
        turn.voice, message.text or "", at=answers.get("time"), on=answers.get("day")
    )
    await _take(turn, reading, tasks, categories)


async def _take(turn: Turn, reading: Reading, tasks: Tasks, categories: Categories) -> None:
    match reading:
        case Understood(deadline=deadline):
            await _finish(turn, deadline, tasks, categories)
        case DayMissing() | HalfMissing():
            question = deadline_choice.question_of(turn.voice, reading, carry_deadline)
            if question is not None:
                await _ask(turn, question)
        case _:
            answers, said = _whole(await turn.answers()), deadlines.explain(turn.voice, reading)
            await ask(turn, CreateForm.deadline, answers, categories, before=said, is_repeated=True)


async def _ask(turn: Turn, question: Question) -> None:
    answers = await turn.answers()
    cancel = button(turn.voice.label(buttons.CANCEL), Step(action=StepAction.CANCEL))
    so_far = words.so_far(answers.get("title", ""), "", None)
    await turn.ask(
        CreateForm.deadline,
        {**answers, "day": question.day, "time": question.time},
        f"{so_far}\n\n{question.text}",
        keyboard(*question.rows, [question.back, cancel]),
    )


def _whole(answers: Answers) -> Answers:
    """*answers* without a half of a deadline."""
    return {name: value for name, value in answers.items() if name not in {"day", "time"}}


async def _finish(
    turn: Turn, deadline: Deadline | None, tasks: Tasks, categories: Categories
) -> None:
    """Create the task from the answers, and show it."""
    answers = await turn.answers()
    try:
        created = await tasks.create(_command(turn, answers, deadline))
    except CategoryNotFound:  # it went meanwhile: no reason to lose the rest
        answers["category_id"] = None
        before = turn.voice.say(words.CATEGORY_GONE)
        await ask(turn, CreateForm.category, answers, categories, before=before)
        return
    await turn.forget()  # only now: after a refusal the person simply answers again
    before = turn.voice.say(words.CREATED)
    await show_card(turn, created.task.id, tasks, before=before)
    if answers.get(PROMPT) != turn.screen.pressed:
        await turn.screen.take_buttons(answers.get(PROMPT))


def _command(turn: Turn, answers: Answers, deadline: Deadline | None) -> CreateTask:
    chosen, key = answers.get("category_id"), answers.get(KEY)
    return CreateTask(
        actor=turn.actor.id,
        title=answers.get("title", ""),
        description=answers.get("description", ""),
        category_id=None if chosen is None else CategoryId(ULID.from_str(chosen)),
        deadline=deadline,
        key=None if key is None else ULID.from_str(key),
    )
