"""What the buttons of categories carry: see `taskbot.adapters.telegram.callbacks`."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from taskbot.adapters.telegram.callbacks import PackedUlid
from taskbot.domain.ids import CategoryId

Number: TypeAlias = Annotated[int, Field(ge=0, le=999_999_999)]


class CategoryPage(CallbackData, prefix="cp"):
    """A page of the list of categories, from 0."""

    page: Number = 0


class AskNewCategory(CallbackData, prefix="cn"):
    """A category that there is not yet."""


class CategoryAction(StrEnum):
    OPEN = "open"
    RENAME = "name"
    EMOJI = "emoji"
    DELETE = "del"
    MOVE = "move"


class AboutCategory(CallbackData, prefix="c"):
    """A button that is about one category. *page*: of those that could take its tasks."""

    action: CategoryAction
    id: PackedUlid
    page: Number = 0

    @property
    def category_id(self) -> CategoryId:
        return CategoryId(self.id)


class NewEmoji(CallbackData, prefix="ce"):
    """No emoji: the category loses its one."""

    id: PackedUlid
    emoji: Annotated[str, Field(max_length=4)] | None = None

    @property
    def category_id(self) -> CategoryId:
        return CategoryId(self.id)


class Fate(StrEnum):
    """What becomes of the tasks of a category that is deleted."""

    STAY = "stay"
    ASK = "ask"
    GO = "go"


class DeleteCategory(CallbackData, prefix="cd"):
    """*number*: of its tasks, as it was told; *version*: which the category had then."""

    id: PackedUlid
    tasks: Fate
    number: Number
    version: Number

    @property
    def category_id(self) -> CategoryId:
        return CategoryId(self.id)


class MoveTasks(CallbackData, prefix="cm"):
    """Delete the category, and file its tasks under the one that is named by *to*."""

    id: PackedUlid
    to: PackedUlid

    @property
    def category_id(self) -> CategoryId:
        return CategoryId(self.id)

    @property
    def target_id(self) -> CategoryId:
        return CategoryId(self.to)
