"""Many buttons, a page at a time."""

from collections.abc import Callable, Sequence
from typing import Final

from aiogram.filters.callback_data import CallbackData

from taskbot.adapters.telegram.keyboards import Button, Row, button, in_rows_of

PAGE: Final = 16
"""In two columns, what a phone shows without scrolling."""


def paged(every: Sequence[Button], page: int, turn_to: Callable[[int], CallbackData]) -> list[Row]:
    """The buttons of *page* (from 0), and below them the way to the others, if there are any.

    A page that there is not (any more) is the last one.
    """
    last = max(len(every) - 1, 0) // PAGE
    page = min(max(page, 0), last)
    rows = in_rows_of(2, every[page * PAGE : (page + 1) * PAGE])
    if last == 0:
        return rows
    ways = [
        button("◀", turn_to((page - 1) % (last + 1))),
        button(f"{page + 1} / {last + 1}", turn_to(0)),
        button("▶", turn_to((page + 1) % (last + 1))),
    ]
    return [*rows, ways]
