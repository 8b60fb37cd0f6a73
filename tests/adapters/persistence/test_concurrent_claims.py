"""Many schedulers on one database: every due reminder is claimed, none by two of them."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from support.backends import Storage, migrated_sqlite, require, sql_storage
from support.builders import NOW, a_reminder_of, a_task, a_user
from support.postgres import emptied_database
from taskbot.adapters.persistence import create_database
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import Reminder

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SCHEDULERS: Final = 8
BATCH: Final = 50


@contextlib.asynccontextmanager
async def _schedulers(url: str) -> AsyncIterator[list[Storage]]:
    """Each with a pool of connections of its own, as in a process of its own."""
    databases = [create_database(url) for _ in range(SCHEDULERS)]
    try:
        yield [sql_storage(database) for database in databases]
    finally:
        for database in databases:
            await database.dispose()


@pytest.mark.parametrize(("backend", "number"), [("sqlite", 1000), ("postgresql", 4000)])
async def test_every_due_reminder_is_claimed_by_one_scheduler(
    backend: str, number: int, tmp_path: Path
) -> None:
    require(backend)
    url = emptied_database() if backend == "postgresql" else migrated_sqlite(tmp_path)
    async with _schedulers(url) as schedulers:
        due = await _due_reminders(schedulers[0], number)
        claims: list[list[Reminder]] = await asyncio.gather(*(_drain(one) for one in schedulers))

    claimed = Counter(reminder.id for batch in claims for reminder in batch)
    assert claimed == Counter(due)  # each once: none twice, none left
    assert {reminder.attempt for batch in claims for reminder in batch} == {1}
    if backend == "postgresql":
        assert sum(bool(batch) for batch in claims) > 1  # they did work side by side


async def _due_reminders(storage: Storage, number: int) -> list[ReminderId]:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    due = [
        a_reminder_of(task, fire_at=NOW - age * timedelta(milliseconds=1)) for age in range(number)
    ]
    await storage.keep(owner, task)
    await storage.transactions.run(lambda uow: uow.reminders.add(due))
    return [reminder.id for reminder in due]


async def _drain(storage: Storage) -> list[Reminder]:
    """Claim until nothing is left, as schedulers do that wake at the same moment."""
    claimed: list[Reminder] = []
    while True:
        batch = await storage.transactions.run(
            lambda uow: uow.reminders.claim_due(
                now=NOW, until=NOW + timedelta(seconds=90), limit=BATCH
            )
        )
        if not batch:
            return claimed
        claimed += batch
