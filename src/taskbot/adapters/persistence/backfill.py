"""Filling what an older release left empty, a few rows at a time, beside whoever is at work."""

from typing import Any, Final

from sqlalchemy import Engine, bindparam, select, update

from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.tables import dialogues, tasks
from taskbot.application.ports import person_in
from taskbot.application.search_words import search_words

_BATCH: Final = 1000

# The version, too: a release that knows nothing of words may change the text meanwhile.
_FILL: Final = (
    update(tasks)
    .where(
        tasks.c.id == bindparam("task"),
        tasks.c.version == bindparam("read_at"),
        tasks.c.search_words.is_(None),
    )
    .values(search_words=bindparam("words"))
)


def fill_search_words(dialect: Dialect, engine: Engine) -> None:
    """Make every task findable. Each batch is a transaction: nobody waits long for a row."""
    writing = engine.execution_options(**dialect.writing_options())
    while True:
        with writing.begin() as connection:
            batch = connection.execute(
                select(tasks.c.id, tasks.c.version, tasks.c.title, tasks.c.description)
                .where(tasks.c.search_words.is_(None))
                .order_by(tasks.c.id)
                .limit(_BATCH)
                .with_for_update(key_share=True)
            ).all()
            if not batch:
                return
            connection.execute(_FILL, [_filled(row) for row in batch])


def _filled(row: Any) -> dict[str, Any]:
    return {
        "task": row.id,
        "read_at": row.version,
        "words": search_words(row.title, row.description),
    }


def fill_owners_of_dialogues(dialect: Dialect, engine: Engine) -> None:
    """Have every half-finished dialogue go with its person. There are never many."""
    writing = engine.execution_options(**dialect.writing_options())
    with writing.begin() as connection:
        keys = connection.execute(
            select(dialogues.c.key).where(dialogues.c.telegram_id.is_(None))
        ).scalars()
        for key in keys.all():
            connection.execute(
                update(dialogues).where(dialogues.c.key == key).values(telegram_id=person_in(key))
            )
