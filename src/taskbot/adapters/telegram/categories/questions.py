"""What a category is called, and which emoji marks it: asked, and taken."""

from typing import Final

from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from ulid import ULID

from taskbot.adapters.telegram import edit_form
from taskbot.adapters.telegram.categories.callbacks import (
    AboutCategory,
    CategoryAction,
    CategoryPage,
    NewEmoji,
)
from taskbot.adapters.telegram.categories.screens import about, counted, show_category
from taskbot.adapters.telegram.keyboards import Button, Row, button, in_rows_of, keyboard
from taskbot.adapters.telegram.texts import (
    buttons,
    cards,
    categories as words,
    create as create_words,
    trouble,
)
from taskbot.adapters.telegram.texts.html import escaped
from taskbot.adapters.telegram.turn import PROMPT, Answers, Toast, Turn
from taskbot.application.categories import EditCategory
from taskbot.application.interface import Categories
from taskbot.domain.category import Category
from taskbot.domain.emoji import first_emoji
from taskbot.domain.errors import CategoryNameTaken, InvalidValue, StaleCategory
from taskbot.domain.ids import CategoryId

_ID: Final = "category_id"
_VERSION: Final = "version"
_IS_NEW: Final = "is_new"
_PICTURES: Final = "🔴🟠🟡🟢🔵🟣🟤⚫🏠💼🛒📚💪💰🌱🎉"
_PER_ROW: Final = 4


class CategoryForm(StatesGroup):
    """The answers are `category_id`, and `version`: which the category had when it was asked."""

    new_name = State()
    name = State()
    emoji = State()


def open_question(turn: Turn) -> State | None:
    return next((one for one in CategoryForm.__all_states__ if one.state == turn.step), None)


def is_open(turn: Turn) -> bool:
    return open_question(turn) is not None


async def leave(turn: Turn) -> None:
    """Stop waiting for an answer if it is the question that gives way to another screen."""
    if is_open(turn) and await turn.is_prompt_pressed():
        await turn.forget()


async def _ask(
    turn: Turn, question: State, answers: Answers, text: str, rows: list[Row], before: str
) -> None:
    last = (await turn.answers()).get(PROMPT)
    text = f"{before}\n\n{text}" if before else text
    await turn.ask(question, {**answers, PROMPT: last}, text, keyboard(*rows))


async def ask_new_name(turn: Turn, *, before: str = "") -> None:
    text = turn.voice.say(words.ASK_NEW_NAME)
    cancel = button(turn.voice.label(buttons.CANCEL), CategoryPage())
    await _ask(turn, CategoryForm.new_name, {}, text, [[cancel]], before)


async def ask_name(turn: Turn, category: Category, *, before: str = "") -> None:
    answers = {_ID: str(category.id), _VERSION: category.version}
    text = words.ask_name(turn.voice, category)
    cancel = about(turn.voice, category.id, buttons.CANCEL, CategoryAction.OPEN)
    await _ask(turn, CategoryForm.name, answers, text, [[cancel]], before)


async def ask_emoji(
    turn: Turn, category: Category, *, before: str = "", is_new: bool = False
) -> None:
    """*is_new*: of a category that was made just now."""
    answers = {_ID: str(category.id), _IS_NEW: is_new}
    choices = [button(one, NewEmoji(id=category.id, emoji=one)) for one in _PICTURES]
    last: list[Button] = []
    if category.emoji is not None:
        last.append(button(turn.voice.label(words.NO_EMOJI), NewEmoji(id=category.id)))
    way_out = buttons.SKIP if is_new else buttons.BACK
    last.append(about(turn.voice, category.id, way_out, CategoryAction.OPEN))
    text = words.ask_emoji(turn.voice, category)
    rows = [*in_rows_of(_PER_ROW, choices), last]
    await _ask(turn, CategoryForm.emoji, answers, text, rows, before)


async def ask_again(turn: Turn, categories: Categories, *, before: str) -> None:
    """Put the open question once more, after *before* (HTML); nothing if it has no sense now."""
    question, answers = open_question(turn), await turn.answers()
    if question == CategoryForm.new_name:
        await ask_new_name(turn, before=before)
        return
    category = (await counted(turn, _category_of(answers), categories)).category
    if question == CategoryForm.name:
        await ask_name(turn, category, before=before)
    else:
        await ask_emoji(turn, category, before=before, is_new=bool(answers.get(_IS_NEW)))


def _category_of(answers: Answers) -> CategoryId:
    return CategoryId(ULID.from_str(answers[_ID]))


async def begin_new(_: CallbackQuery, turn: Turn) -> Toast | None:
    if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
        return toast
    await ask_new_name(turn)
    return None


async def begin_name(
    _: CallbackQuery, callback_data: AboutCategory, turn: Turn, categories: Categories
) -> Toast | None:
    if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
        return toast
    await ask_name(turn, (await counted(turn, callback_data.category_id, categories)).category)
    return None


async def begin_emoji(
    _: CallbackQuery, callback_data: AboutCategory, turn: Turn, categories: Categories
) -> Toast | None:
    if (toast := edit_form.refuse_in_the_middle(turn)) is not None:
        return toast
    await ask_emoji(turn, (await counted(turn, callback_data.category_id, categories)).category)
    return None


async def take_new_name(message: Message, turn: Turn, categories: Categories) -> None:
    try:
        category = await categories.create(message.text or "", actor=turn.actor.id)
    except (InvalidValue, CategoryNameTaken) as error:
        await ask_new_name(turn, before=escaped(trouble.refusal(turn.voice, error)))
        return
    before = words.created(turn.voice, category)
    await ask_emoji(turn, category, before=before, is_new=True)


async def take_name(message: Message, turn: Turn, categories: Categories) -> None:
    answers = await turn.answers()
    command = EditCategory(
        actor=turn.actor.id,
        category_id=_category_of(answers),
        version=answers[_VERSION],
        name=message.text or "",
    )
    try:
        await categories.edit(command)
    except (InvalidValue, CategoryNameTaken, StaleCategory) as error:
        before = escaped(trouble.refusal(turn.voice, error))
        await ask_again(turn, categories, before=before)
        return
    await _show_saved(turn, command.category_id, categories)


async def take_emoji(message: Message, turn: Turn, categories: Categories) -> None:
    emoji = first_emoji(message.text or "")
    if emoji is None:
        await ask_again(turn, categories, before=turn.voice.say(words.NOT_AN_EMOJI))
        return
    await _mark(turn, _category_of(await turn.answers()), emoji, categories)


async def choose_emoji(
    _: CallbackQuery, callback_data: NewEmoji, turn: Turn, categories: Categories
) -> None:
    await _mark(turn, callback_data.category_id, callback_data.emoji, categories)


async def _mark(
    turn: Turn, category_id: CategoryId, emoji: str | None, categories: Categories
) -> None:
    await categories.edit(EditCategory(actor=turn.actor.id, category_id=category_id, emoji=emoji))
    await _show_saved(turn, category_id, categories)


async def _show_saved(turn: Turn, category_id: CategoryId, categories: Categories) -> None:
    if turn.screen.pressed is None or await turn.is_prompt_pressed():
        await turn.leave()
    await show_category(turn, category_id, categories, before=turn.voice.say(cards.SAVED))


async def not_text(_: Message, turn: Turn, categories: Categories) -> None:
    await ask_again(turn, categories, before=turn.voice.say(create_words.ONLY_TEXT))
