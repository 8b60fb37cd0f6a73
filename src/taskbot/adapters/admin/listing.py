"""How far a list is read: so many rows, for so long, and not a row more.

There may be a million of them. To count them on each page, or to look through them all for what
none of them has, would take longer than all the rest: what is not known in time is not told.
"""

from collections.abc import Sequence
from typing import Any, Final

from attrs import define, frozen
from sqlalchemy import CTE, ColumnElement, Select, func, select
from starlette.requests import Request

from taskbot.adapters.admin.words import mark

COUNTED: Final = 10_000
"""So many rows are counted for a list, and can be leafed through. Whoever looks for something among
more of them has to say more about it."""

PAGE_SECONDS: Final = 2.0
"""Longer than this nothing is looked for: the page says so instead."""

COUNT_SECONDS: Final = 0.25
"""The number of rows is not worth more of a page's time."""

MOST_CONDITIONS: Final = 30

TOO_FAR: Final = mark(
    "A list can be leafed through up to its first 10,000 entries. Narrow it down to see others."
)
TOO_SLOW: Final = mark(
    "To look for this takes too long: it was broken off. Narrow the list down by a condition,"
    " such as an owner or a shorter time."
)


@frozen
class Order:
    """What a list is sorted by: *columns* that an index has in this order.

    *kept_by*: what has a place in that order; the index has nothing else, so nothing else is shown,
    and *note* says so.
    """

    columns: tuple[Any, ...]
    kept_by: ColumnElement[bool] | None = None
    note: str = ""


@frozen
class Search:
    """One way to look for something: *condition* is true of what is found.

    *gathers*: few rows are found, and by an index of their own: they are gathered first and sorted
    then. Otherwise rows are looked at in the order of the list, until its page is full.
    *may_miss*: it looks at so few that the page may not be filled: then the next way is tried.
    """

    condition: ColumnElement[bool]
    gathers: bool = False
    may_miss: bool = False


@frozen
class Selection:
    """The rows of a list that are wanted, by their *key*, in their order."""

    key: Any
    conditions: Sequence[ColumnElement[bool]]
    columns: Sequence[Any]
    is_descending: bool
    gathers: bool = False
    may_miss: bool = False

    def sorted(self, statement: Select[Any], columns: Sequence[Any] | None = None) -> Select[Any]:
        chosen = self.columns if columns is None else columns
        return statement.order_by(*(one.desc() if self.is_descending else one for one in chosen))

    def ids(self) -> Select[Any]:
        if not self.gathers:
            return self.sorted(select(self.key).where(*self.conditions))
        gathered = self._gathered()
        return self.sorted(
            select(gathered.c[self.key.key]), [gathered.c[one.key] for one in self.columns]
        )

    def counted(self, most: int) -> Select[Any]:
        """How many they are, up to *most*."""
        some = select(self._gathered().c[self.key.key]) if self.gathers else None
        if some is None:
            some = select(self.key).where(*self.conditions)
        return select(func.count()).select_from(some.limit(most).subquery())

    def _gathered(self) -> CTE:
        # Materialized: else the database might after all look at row after row in their order.
        columns = {one.key: one for one in (self.key, *self.columns)}
        found = select(*columns.values()).where(*self.conditions)
        return found.cte("gathered").prefix_with("MATERIALIZED")


@define
class Listing:
    """What became of a list while its page was made.

    *total*: how many rows there are. *is_more*: there are more; it is as far as was counted.
    *trouble*: why none are shown, in words; *note*: what is worth knowing of those that are.
    """

    selection: Selection | None = None
    skipped: int = 0
    shown: int = 0
    is_last: bool = False
    total: int = 0
    is_more: bool = False
    trouble: str = ""
    note: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is nothing to count: the end of the list was on the page."""
        return bool(self.trouble) or (self.is_last and bool(self.shown or not self.skipped))

    @property
    def is_counted(self) -> bool:
        """Whether *total* is a number worth telling."""
        return not self.is_more or self.total >= COUNTED


def listing_of(request: Request) -> Listing:
    listing: Listing | None = getattr(request.state, "listing", None)
    if listing is None:
        listing = request.state.listing = Listing()
    return listing
