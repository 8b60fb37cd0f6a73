"""Bringing the schema up to date."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from taskbot.adapters.persistence.backfill import fill_owners_of_dialogues, fill_search_words
from taskbot.adapters.persistence.engine import operators_engine
from taskbot.adapters.persistence.word_index import build_word_index

if TYPE_CHECKING:
    from alembic.config import Config

_log = logging.getLogger(__name__)

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
HEAD: Final = "0018"
"""The newest revision; a test compares it with the files.

Revisions are numbers with as many digits: they sort as they follow each other.
"""


@frozen
class SchemaOutdated(Exception):
    """*found*: the revision of the schema, None if there is none."""

    found: str | None
    needed: str

    def __str__(self) -> str:
        state = "has no schema yet" if self.found is None else f"is at schema {self.found}"
        return f'the database {state}, {self.needed} is needed: run "taskbot migrate" first'


def migrate(database_url: str, revision: str = "head") -> None:
    """Bring the schema to *revision*. Blocks: call it in a thread from asynchronous code.

    Processes that start together do it one after the other; all but the first find nothing to do.
    A schema that is newer than this release knows is left alone: see `require_schema`.
    """
    with operators_engine(database_url) as (dialect, engine):
        writing = engine.execution_options(**dialect.writing_options())
        with writing.begin() as connection:
            dialect.lock_schema(connection)
            current = current_revision(connection)
            # The usual case is found out without loading Alembic.
            if revision != "head" or current is None or current < HEAD:
                _run(connection, revision)
            else:
                _log_if_newer(current)
        if revision == "head":
            fill_search_words(dialect, engine)
            fill_owners_of_dialogues(dialect, engine)
            build_word_index(dialect, engine)


def require_schema(database_url: str) -> None:
    """Raise `SchemaOutdated` unless the schema has all that this release needs. Blocks.

    A newer schema has: migrations only add to it as long as the release before may be at work.
    """
    with operators_engine(database_url) as (_, engine), engine.connect() as connection:
        current = current_revision(connection)
    if current is None or current < HEAD:
        raise SchemaOutdated(current, HEAD)
    _log_if_newer(current)


def _log_if_newer(current: str) -> None:
    if current > HEAD:
        _log.warning("the schema is at %s, newer than this release needs (%s)", current, HEAD)


def current_revision(connection: Connection) -> str | None:
    """The revision that the schema is at; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _run(connection: Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - only when there is something to migrate

    config = migration_config()
    config.attributes["connection"] = connection
    current = current_revision(connection)
    if current is not None and revision != "head" and (revision == "base" or revision < current):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def migration_config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
