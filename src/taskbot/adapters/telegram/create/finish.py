"""The last answer, and the task."""

from aiogram.types import CallbackQuery, Message
from ulid import ULID

from taskbot.adapters.telegram import deadline_choice
from taskbot.adapters.telegram.callbacks import Step, StepAction, StepDeadline
from taskbot.adapters.telegram.card import show_card
from taskbot.adapters.telegram.create.steps import KEY, CreateForm, ask, carry_deadline
from taskbot.adapters.telegram.keyboards import button, keyboard
from taskbot.adapters.telegram.texts import buttons, create as words, deadlines
from taskbot.adapters.telegram.turn import PROMPT, Answers, Turn
from taskbot.application.deadline_text import DayMissing, Reading, Understood
from taskbot.application.interface import Categories, Tasks
from taskbot.application.tasks import CreateTask
from taskbot.domain.deadline import Deadline
from taskbot.domain.errors import CategoryNotFound
from taskbot.domain.ids import CategoryId


async def choose_deadline(
    _: CallbackQuery,
    callback_data: StepDeadline,
    turn: Turn,
    tasks: Tasks,
    categories: Categories,
) -> None:
    if callback_data.choice == deadline_choice.NONE:
        await _finish(turn, None, tasks, categories)
        return
    reading = deadline_choice.read_choice(turn.voice, callback_data.choice)
    await _take(turn, reading, tasks, categories)


async def take_deadline(message: Message, turn: Turn, tasks: Tasks, categories: Categories) -> None:
    typed_before = (await turn.answers()).get("time")
    reading = deadline_choice.read_text(turn.voice, message.text or "", at=typed_before)
    await _take(turn, reading, tasks, categories)


async def _take(turn: Turn, reading: Reading, tasks: Tasks, categories: Categories) -> None:
    if isinstance(reading, Understood):
        await _finish(turn, reading.deadline, tasks, categories)
        return
    answers, said = await turn.answers(), deadlines.explain(turn.voice, reading)
    if not isinstance(reading, DayMissing):
        await ask(turn, CreateForm.deadline, answers, categories, before=said, is_repeated=True)
        return
    rows = deadline_choice.day_rows(turn.voice, reading.time, carry_deadline)
    back = button(turn.voice.label(buttons.BACK), Step(action=StepAction.RESUME))
    cancel = button(turn.voice.label(buttons.CANCEL), Step(action=StepAction.CANCEL))
    answers["time"] = turn.voice.clock(reading.time)
    await turn.ask(CreateForm.deadline, answers, said, keyboard(*rows, [back, cancel]))


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
