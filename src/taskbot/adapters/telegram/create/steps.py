"""The questions: their order, their words, their buttons."""

from typing import Final

from aiogram.fsm.state import State, StatesGroup
from ulid import ULID

from taskbot.adapters.telegram import deadline_choice
from taskbot.adapters.telegram.callbacks import Step, StepAction, StepCategory, StepDeadline
from taskbot.adapters.telegram.create.callbacks import CategoriesPage
from taskbot.adapters.telegram.keyboards import Button, Keyboard, Row, button, keyboard
from taskbot.adapters.telegram.pages import paged
from taskbot.adapters.telegram.texts import buttons, create as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Answers, Turn
from taskbot.application.interface import Categories
from taskbot.domain.category import Category


class CreateForm(StatesGroup):
    """The answers are `title`, `description`, `category_id`.

    And `time` or `day`: that half of a deadline of which the other one is still asked for.
    """

    title = State()
    description = State()
    category = State()
    category_name = State()
    deadline = State()


KEY: Final = "key"
"""Under this name the answers keep what the task is called before it is made: it is made once."""

STEPS: Final = (CreateForm.title, CreateForm.description, CreateForm.category, CreateForm.deadline)
CATEGORIES_SHOWN: Final = 30


def new_key() -> str:
    return str(ULID())


def place_of(step: State) -> int:
    """Which of the four steps; naming a new category belongs to choosing one."""
    return STEPS.index(CreateForm.category if step == CreateForm.category_name else step)


def open_step(turn: Turn) -> State:
    """The question that is open; the first one outside of this dialogue."""
    known = (step for step in CreateForm.__all_states__ if step.state == turn.step)
    return next(known, CreateForm.title)


def is_open(turn: Turn) -> bool:
    return any(step.state == turn.step for step in CreateForm.__all_states__)


async def ask(
    turn: Turn,
    step: State,
    answers: Answers,
    categories: Categories,
    *,
    before: str = "",
    is_repeated: bool = False,
    page: int = 0,
) -> None:
    """Put the question of *step*, after *before* (HTML) if there is something to say first.

    *is_repeated*: the person sees the last one still, so that it need not say all again. *page*: of
    the categories, where it is about them.
    """
    known: list[Category] = []
    if place_of(step) >= place_of(CreateForm.category):
        known = await categories.list(actor=turn.actor.id)
    text = _text(turn.voice, step, answers, known, is_brief=is_repeated)
    await turn.ask(
        step,
        answers,
        f"{before}\n\n{text}" if before else text,
        _buttons(turn.voice, step, answers, known, page),
    )


async def ask_again(turn: Turn, categories: Categories) -> None:
    """Put the open question once more, after something else came in between."""
    before = turn.voice.say(words.BACK_TO_IT)
    await ask(turn, open_step(turn), await turn.answers(), categories, before=before)


def _text(
    voice: Voice, step: State, answers: Answers, known: list[Category], *, is_brief: bool
) -> str:
    place = place_of(step)
    title, description = answers.get("title", ""), answers.get("description", "")
    chosen = chosen_category(answers, known)
    head = [words.step_line(voice, place + 1)]
    so_far = words.so_far(
        title if place > place_of(CreateForm.title) else "",
        description if place > place_of(CreateForm.description) else "",
        chosen if place > place_of(CreateForm.category) else None,
    )
    if so_far and not is_brief:
        head.append(so_far)
    parts = ["\n".join(head), _question(voice, step, has_categories=bool(known))]
    answered = {
        CreateForm.title: title,
        CreateForm.description: description,
        CreateForm.category: buttons.category_name(chosen) if chosen else "",
    }.get(step)
    if answered:
        parts.append(words.now_is(voice, answered))
    return "\n\n".join(parts)


def _question(voice: Voice, step: State, *, has_categories: bool) -> str:
    if step == CreateForm.title:
        return words.ask_title(voice)
    if step == CreateForm.description:
        return words.ask_description(voice)
    if step == CreateForm.category:
        return words.ask_category(voice, has_some=has_categories)
    if step == CreateForm.category_name:
        return words.ask_category_name(voice)
    return words.ask_deadline(voice)


def chosen_category(answers: Answers, known: list[Category]) -> Category | None:
    """The category chosen before, unless it is gone meanwhile."""
    chosen = answers.get("category_id")
    return next((one for one in known if str(one.id) == chosen), None)


def _buttons(
    voice: Voice, step: State, answers: Answers, known: list[Category], page: int
) -> Keyboard:
    way_out = [_step_button(voice, buttons.CANCEL, StepAction.CANCEL)]
    if step != CreateForm.title:
        way_out.insert(0, _step_button(voice, buttons.BACK, StepAction.BACK))
    return keyboard(*_way_on(voice, step, answers, known, page), way_out)


def _step_button(voice: Voice, label: str, action: StepAction) -> Button:
    return button(voice.label(label), Step(action=action))


def _way_on(
    voice: Voice, step: State, answers: Answers, known: list[Category], page: int
) -> list[Row]:
    keep = _step_button(voice, buttons.KEEP_ANSWER, StepAction.NEXT)
    if step == CreateForm.title:
        return [[keep]] if answers.get("title") else []
    if step == CreateForm.description:
        without = _step_button(voice, buttons.NO_DESCRIPTION, StepAction.NO_DESCRIPTION)
        skip = _step_button(voice, buttons.SKIP, StepAction.NEXT)
        return [[keep, without]] if answers.get("description") else [[skip]]
    if step == CreateForm.category:
        kept = [keep] if chosen_category(answers, known) else []
        return [*_category_rows(voice, known, page), kept]
    if step == CreateForm.deadline:
        none = button(voice.label(buttons.NO_DEADLINE), StepDeadline(choice=deadline_choice.NONE))
        return [*deadline_choice.start_rows(voice, carry_deadline), [none]]
    return []


def carry_deadline(choice: str) -> StepDeadline:
    return StepDeadline(choice=choice)


def _category_rows(voice: Voice, known: list[Category], page: int) -> list[Row]:
    every = [button(buttons.category(one), StepCategory(id=one.id)) for one in known]
    return [
        *paged(every, page, lambda other: CategoriesPage(page=other)),
        [
            _step_button(voice, buttons.NEW_CATEGORY, StepAction.NEW_CATEGORY),
            button(voice.label(buttons.NO_CATEGORY), StepCategory()),
        ],
    ]
