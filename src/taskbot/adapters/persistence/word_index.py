"""The index of the words of tasks, built while others go on writing.

No migration makes it: within a transaction it would keep everybody from writing tasks until it is
done, for half a minute at a million of them.
"""

import logging
from typing import Final

from sqlalchemy import Connection, Engine, text

from taskbot.adapters.persistence.dialects import Dialect

_log = logging.getLogger(__name__)

NAME: Final = "ix_tasks_words"
_BUILDING: Final = 7_461_736_202
"""Our key among the advisory locks of a database, which others may use as well."""

_STATE: Final = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")


def build_word_index(dialect: Dialect, engine: Engine) -> None:
    """See that the index is there; where another process builds it, leave it to that one. Blocks.

    One that was not finished, as its process died, is begun anew.
    https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
    """
    if dialect.name != "postgresql":
        return
    with engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        if _is_valid(connection):
            return
        # Who waited for the lock would be waited for by the building itself.
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _BUILDING}):
            return
        try:
            _build(connection)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _BUILDING})


def _build(connection: Connection) -> None:
    if _is_valid(connection):
        return
    for limit in ("statement_timeout", "lock_timeout"):
        connection.execute(text(f"SET {limit} = 0"))
    connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}"))
    _log.info("building the index of words: others may go on meanwhile")
    connection.execute(
        text(
            f"CREATE INDEX CONCURRENTLY {NAME} ON tasks"
            " USING gin (to_tsvector('simple', search_words))"
        )
    )
    # What is known of the words so far is nothing at all.
    connection.execute(text("ANALYZE tasks"))
    for limit in ("statement_timeout", "lock_timeout"):
        connection.execute(text(f"RESET {limit}"))


def _is_valid(connection: Connection) -> bool:
    return bool(connection.scalar(_STATE, {"name": NAME}))
