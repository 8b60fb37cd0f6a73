"""Putting made-up people into a database, all of them or none."""

import itertools
from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import Connection, select

from taskbot.adapters.persistence import rows, tables
from taskbot.adapters.persistence.bulk import BulkWriter
from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.engine import operators_engine
from taskbot.adapters.persistence.seed.people import Seed, SeededPerson, seeded_people

_BLOCK: Final = 50
"""People at a time: this many are in memory at once, and parents go before their children."""


class NotEmpty(Exception):
    """There are people in the database, who may be real."""

    def __str__(self) -> str:
        return "the database has people in it, who may be real: nothing was added"


def load_seed(
    database_url: str,
    seed: Seed,
    *,
    beside_others: bool = False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Add the people of *seed* in one transaction; then let the database learn what it has.

    Raise `NotEmpty` if it has people already, unless *beside_others*. *on_progress* gets the
    number of tasks written since the last time.
    """
    with operators_engine(database_url) as (dialect, engine):
        writing = engine.execution_options(**dialect.writing_options())
        with writing.begin() as connection:
            dialect.allow_long_work(connection)
            if not beside_others and connection.execute(select(tables.users.c.id).limit(1)).first():
                raise NotEmpty
            _write(connection, dialect, seeded_people(seed), on_progress)
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            dialect.learn_contents(connection)


def _write(
    connection: Connection,
    dialect: Dialect,
    people: Iterable[SeededPerson],
    on_progress: Callable[[int], None],
) -> None:
    users, categories, tasks, reminders = (
        BulkWriter(connection, dialect, table)
        for table in (tables.users, tables.categories, tables.tasks, tables.reminders)
    )
    for block in _blocks(people):
        users.write(rows.from_user(one.user) for one in block)
        categories.write(rows.from_category(each) for one in block for each in one.categories)
        tasks.write(rows.from_task(each) for one in block for each in one.tasks)
        reminders.write(rows.from_reminder(each) for one in block for each in one.reminders)
        on_progress(sum(len(one.tasks) for one in block))


def _blocks(people: Iterable[SeededPerson]) -> Iterable[list[SeededPerson]]:
    waiting = iter(people)
    while block := list(itertools.islice(waiting, _BLOCK)):
        yield block
