"""The whole core on in-memory adapters, with everything that a test wants to look at or to turn."""

from collections.abc import Callable

from attrs import frozen

from support.builders import NOW
from taskbot.adapters.memory import (
    ManualClock,
    MemoryDatabase,
    MemoryQueries,
    MemoryUnitOfWork,
)
from taskbot.application.ports import Notifier, Queries, UnitOfWork
from taskbot.entrypoints.library import Library


@frozen(kw_only=True)
class Core(Library):
    database: MemoryDatabase
    clock: ManualClock


def a_core(
    *,
    clock: ManualClock | None = None,
    unit_of_work: Callable[[], UnitOfWork] | None = None,
    queries: Queries | None = None,
    notifier: Notifier | None = None,
) -> Core:
    """Give a core on memory, or on the storage and the notifier that are given."""
    database = MemoryDatabase()
    return Core.over(
        unit_of_work or (lambda: MemoryUnitOfWork(database)),
        queries or MemoryQueries(database),
        clock=clock or ManualClock(NOW, skips_sleep=True),
        timezone="Europe/Moscow",
        notifier=notifier,
        database=database,
    )
