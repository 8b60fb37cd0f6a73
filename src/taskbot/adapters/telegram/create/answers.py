"""Answers on the way: taking them, skipping them, going back."""

from collections.abc import Callable

from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import StepCategory
from taskbot.adapters.telegram.create.callbacks import CategoriesPage
from taskbot.adapters.telegram.create.steps import STEPS, CreateForm, ask, open_step, place_of
from taskbot.adapters.telegram.naming import category_called
from taskbot.adapters.telegram.texts import create as words, trouble
from taskbot.adapters.telegram.texts.html import escaped
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Categories
from taskbot.domain.errors import DomainError, InvalidValue
from taskbot.domain.task import checked_description, checked_title


async def back(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    step = open_step(turn)
    is_naming = step == CreateForm.category_name
    before = CreateForm.category if is_naming else STEPS[max(place_of(step) - 1, 0)]
    answers = await turn.answers()
    for half in ("day", "time"):
        answers.pop(half, None)
    await ask(turn, before, answers, categories)


async def go_on(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    """Go on with what was answered before, or with nothing where that is allowed."""
    answers, step = await turn.answers(), open_step(turn)
    if step == CreateForm.title and not answers.get("title"):
        before = turn.voice.say(words.TITLE_FIRST)
        await ask(turn, step, answers, categories, before=before, is_repeated=True)
        return
    await ask(turn, _after(step), answers, categories)


def _after(step: State) -> State:
    return STEPS[min(place_of(step) + 1, len(STEPS) - 1)]


async def take_title(message: Message, turn: Turn, categories: Categories) -> None:
    await _take(message, turn, categories, name="title", checked=checked_title)


async def take_description(message: Message, turn: Turn, categories: Categories) -> None:
    await _take(message, turn, categories, name="description", checked=checked_description)


async def _take(
    message: Message,
    turn: Turn,
    categories: Categories,
    *,
    name: str,
    checked: Callable[[str], str],
) -> None:
    """Keep a typed answer if the domain takes it; else say why not, and ask again."""
    answers, step = await turn.answers(), open_step(turn)
    try:
        answers[name] = checked(message.text or "")
    except InvalidValue as error:
        before = escaped(trouble.refusal(turn.voice, error))
        await ask(turn, step, answers, categories, before=before, is_repeated=True)
        return
    await ask(turn, _after(step), answers, categories)


async def no_description(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    answers = await turn.answers()
    answers.pop("description", None)
    await ask(turn, CreateForm.category, answers, categories)


async def choose_category(
    _: CallbackQuery, callback_data: StepCategory, turn: Turn, categories: Categories
) -> None:
    answers, chosen = await turn.answers(), callback_data.category_id
    answers["category_id"] = None if chosen is None else str(chosen)
    await ask(turn, CreateForm.deadline, answers, categories)


async def turn_categories(
    _: CallbackQuery, callback_data: CategoriesPage, turn: Turn, categories: Categories
) -> None:
    answers = await turn.answers()
    await ask(turn, CreateForm.category, answers, categories, page=callback_data.page)


async def ask_category_name(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    await ask(turn, CreateForm.category_name, await turn.answers(), categories)


async def take_category_name(message: Message, turn: Turn, categories: Categories) -> None:
    answers = await turn.answers()
    try:
        category = await category_called(message.text or "", turn=turn, categories=categories)
    except DomainError as error:
        before = escaped(trouble.refusal(turn.voice, error))
        await ask(turn, open_step(turn), answers, categories, before=before, is_repeated=True)
        return
    answers["category_id"] = str(category.id)
    await ask(turn, CreateForm.deadline, answers, categories)


async def not_text(_: Message, turn: Turn, categories: Categories) -> None:
    before = turn.voice.say(words.ONLY_TEXT)
    await ask(
        turn, open_step(turn), await turn.answers(), categories, before=before, is_repeated=True
    )
