"""The table of contents of categories, and what a button of a deleted one does."""

from typing import Any

from aiogram import BaseMiddleware, F, Router
from aiogram.filters import Command, StateFilter
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import CallbackQuery, Message, TelegramObject

from taskbot.adapters.telegram.categories import deletion, questions
from taskbot.adapters.telegram.categories.callbacks import (
    AboutCategory,
    AskNewCategory,
    CategoryAction,
    CategoryPage,
    DeleteCategory,
    MoveTasks,
    NewEmoji,
)
from taskbot.adapters.telegram.categories.questions import CategoryForm
from taskbot.adapters.telegram.categories.screens import show_category, show_list
from taskbot.adapters.telegram.filters import NoText, PlainText
from taskbot.adapters.telegram.journal import Handler
from taskbot.adapters.telegram.texts import trouble
from taskbot.adapters.telegram.texts.html import escaped
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Categories
from taskbot.domain.errors import CategoryNotFound


def build_router() -> Router:
    router = Router(name="categories")
    router.message.middleware(GoneCategories())
    router.callback_query.middleware(GoneCategories())
    router.message.register(list_categories, Command("categories"))
    pressed = router.callback_query.register
    pressed(turn_page, CategoryPage.filter())
    pressed(questions.begin_new, AskNewCategory.filter())
    pressed(open_category, _about(CategoryAction.OPEN))
    pressed(questions.begin_name, _about(CategoryAction.RENAME))
    pressed(questions.begin_emoji, _about(CategoryAction.EMOJI))
    pressed(questions.choose_emoji, NewEmoji.filter())
    pressed(deletion.ask_delete, _about(CategoryAction.DELETE))
    pressed(deletion.ask_target, _about(CategoryAction.MOVE))
    pressed(deletion.delete, DeleteCategory.filter())
    pressed(deletion.move, MoveTasks.filter())
    typed = router.message.register
    typed(questions.take_new_name, StateFilter(CategoryForm.new_name), PlainText())
    typed(questions.take_name, StateFilter(CategoryForm.name), PlainText())
    typed(questions.take_emoji, StateFilter(CategoryForm.emoji), PlainText())
    typed(questions.not_text, StateFilter(CategoryForm), NoText())
    return router


def _about(action: CategoryAction) -> CallbackQueryFilter:
    return AboutCategory.filter(F.action == action)


class GoneCategories(BaseMiddleware):
    """Where a category is gone, say so and show those that there are."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except CategoryNotFound as error:
            turn: Turn = data["turn"]
            categories: Categories = data["categories"]
            said = trouble.refusal(turn.voice, error)
            if isinstance(event, CallbackQuery):
                await questions.leave(turn)
                await show_list(turn, categories)
                return Toast(said, alert=True)
            if questions.is_open(turn):
                await turn.leave()
            await show_list(turn, categories, before=escaped(said))
            return None


async def list_categories(_: Message, turn: Turn, categories: Categories) -> None:
    await show_list(turn, categories)


async def turn_page(
    _: CallbackQuery, callback_data: CategoryPage, turn: Turn, categories: Categories
) -> None:
    await questions.leave(turn)
    await show_list(turn, categories, page=callback_data.page)


async def open_category(
    _: CallbackQuery, callback_data: AboutCategory, turn: Turn, categories: Categories
) -> None:
    await questions.leave(turn)
    await show_category(turn, callback_data.category_id, categories)
