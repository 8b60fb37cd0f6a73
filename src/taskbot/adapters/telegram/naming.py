"""Categories by the names that people type."""

from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Categories
from taskbot.domain.category import Category
from taskbot.domain.errors import CategoryNameTaken
from taskbot.domain.text import single_line


async def category_called(name: str, *, turn: Turn, categories: Categories) -> Category:
    """The person's category of that name, in whatever case; a new one if there is none."""
    if (known := await _known(name, turn, categories)) is not None:
        return known
    try:
        return await categories.create(name, actor=turn.actor.id)
    except CategoryNameTaken:  # made elsewhere at this very moment
        if (known := await _known(name, turn, categories)) is not None:
            return known
        raise


async def _known(name: str, turn: Turn, categories: Categories) -> Category | None:
    wanted = single_line(name).casefold()
    every = await categories.list(actor=turn.actor.id)
    return next((one for one in every if one.key == wanted), None)
