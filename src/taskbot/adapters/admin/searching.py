"""What is found by the words of the search field."""

from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_
from ulid import ULID

_ID_LENGTH: Final = 26


def id_in(text: str) -> ULID | None:
    """The id that *text* is, as it was copied from somewhere; None if it is none."""
    if len(text) != _ID_LENGTH:
        return None
    try:
        return ULID.from_str(text.upper())
    except ValueError:
        return None


def written_like(column: Any, text: str) -> ColumnElement[bool]:
    """Each word of *text* is somewhere in *column*, in one of the usual ways to write it.

    Not every database knows the small and capital letters of every alphabet: so it is given them.
    """
    return and_(*(_in_some_way(column, word) for word in text.split()))


def _in_some_way(column: Any, word: str) -> ColumnElement[bool]:
    ways = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    return or_(*(column.icontains(way, autoescape=True) for way in ways))
