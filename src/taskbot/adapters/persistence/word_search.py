"""Words among the tasks of all people, where looking through each would take too long.

One person's tasks are few enough to look through, see `task_lists`.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, func, text

from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.tables import WORDS_OF_TASKS, tasks


def has_word_index(dialect: Dialect) -> bool:
    """Whether the words of tasks have an index; if not, every task is looked at for them."""
    return dialect.name == "postgresql"


def has_words(dialect: Dialect, terms: Sequence[str]) -> ColumnElement[bool]:
    """A task has all of *terms* (see `search_words`), each as a word or the beginning of one.

    By the index, where there is one. No terms are had by none.
    """
    if not terms or not has_word_index(dialect):
        return reads_words(terms, tasks.c.search_words)
    # Terms are of letters and digits alone: nothing in them means anything to the parser.
    query = " & ".join(f"'{term}':*" for term in terms)
    return WORDS_OF_TASKS.op("@@")(func.to_tsquery(text("'simple'"), query))


def reads_words(
    terms: Sequence[str], search_words: ColumnElement[str | None]
) -> ColumnElement[bool]:
    """The same, by looking at the words themselves."""
    if not terms:
        return false()
    return and_(*(search_words.contains(f" {term}") for term in terms))
