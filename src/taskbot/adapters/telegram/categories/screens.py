"""The list of categories, and one of them."""

from collections.abc import Sequence
from typing import Final, TypeVar

from aiogram.filters.callback_data import CallbackData

from taskbot.adapters.telegram.categories.callbacks import (
    AboutCategory,
    AskNewCategory,
    CategoryAction,
    CategoryPage,
)
from taskbot.adapters.telegram.keyboards import Button, Row, button, keyboard
from taskbot.adapters.telegram.listing import CategoryList
from taskbot.adapters.telegram.texts import buttons, categories as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Categories
from taskbot.application.views import CountedCategory
from taskbot.domain.errors import CategoryNotFound
from taskbot.domain.ids import CategoryId

PAGE: Final = 8

_T = TypeVar("_T")


def on_page(every: Sequence[_T], page: int) -> tuple[Sequence[_T], int]:
    """What is on *page* (from 0) of *every*, or on the last one there is; and which that is."""
    page = max(min(page, (len(every) - 1) // PAGE), 0)
    return every[page * PAGE : (page + 1) * PAGE], page


def turns(number: int, page: int, before: CallbackData, after: CallbackData) -> Row:
    """Buttons to the pages around *page*, of those that *number* things take."""
    row = []
    if page > 0:
        row.append(button("◀", before))
    if (page + 1) * PAGE < number:
        row.append(button("▶", after))
    return row


def about(voice: Voice, category_id: CategoryId, label: str, action: CategoryAction) -> Button:
    return button(voice.label(label), AboutCategory(action=action, id=category_id))


async def counted(turn: Turn, category_id: CategoryId, categories: Categories) -> CountedCategory:
    """The category with its numbers; raise `CategoryNotFound`."""
    for one in await categories.counts(actor=turn.actor.id):
        if one.category.id == category_id:
            return one
    raise CategoryNotFound(category_id)


async def show_list(turn: Turn, categories: Categories, *, page: int = 0, before: str = "") -> None:
    """Show a page of the list, below *before* (HTML) if there is something to say first."""
    every = await categories.counts(actor=turn.actor.id)
    shown, page = on_page(every, page)
    rows = [
        [
            button(
                words.category_button(one),
                AboutCategory(action=CategoryAction.OPEN, id=one.category.id),
            )
        ]
        for one in shown
    ]
    around = turns(
        len(every), page, CategoryPage(page=max(page - 1, 0)), CategoryPage(page=page + 1)
    )
    new = button(turn.voice.label(buttons.NEW_CATEGORY), AskNewCategory())
    text = words.categories(turn.voice, len(every))
    await turn.screen.show(
        f"{before}\n\n{text}" if before else text, keyboard(*rows, around, [new])
    )


async def show_category(
    turn: Turn, category_id: CategoryId, categories: Categories, *, before: str = ""
) -> None:
    every = await categories.counts(actor=turn.actor.id)
    for place, one in enumerate(every):
        if one.category.id == category_id:
            text = words.category(turn.voice, one)
            await turn.screen.show(
                f"{before}\n\n{text}" if before else text,
                keyboard(*_rows(turn.voice, one, page=place // PAGE)),
            )
            return
    raise CategoryNotFound(category_id)


def _rows(voice: Voice, one: CountedCategory, *, page: int) -> list[Row]:
    def of(label: str, action: CategoryAction) -> Button:
        return about(voice, one.category.id, label, action)

    return [
        [button(voice.label(words.TASKS), CategoryList(id=one.category.id))],
        [of(words.RENAME, CategoryAction.RENAME), of(words.EMOJI, CategoryAction.EMOJI)],
        [of(buttons.DELETE, CategoryAction.DELETE)],
        [button(voice.label(words.ALL_CATEGORIES), CategoryPage(page=page))],
    ]
