"""What several people, or programs, change of one task at the same moment is all kept."""

import asyncio
from functools import partial

import pytest

from support.backends import Storage
from support.builders import a_task, a_user
from support.core import a_core
from taskbot.application.task_commands import EditTask
from taskbot.domain.errors import StaleTask
from taskbot.domain.task import Priority

pytestmark = pytest.mark.anyio


async def test_of_many_edits_at_once_none_is_lost_and_none_refused(storage: Storage) -> None:
    core = a_core(transactions=storage.transactions, queries=storage.queries)
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)
    edit = partial(EditTask, actor=owner.id, task_id=task.id)
    edits = [edit(title="Bread"), edit(description="two of it"), edit(priority=1)] * 5

    await asyncio.gather(*(core.tasks.edit(one) for one in edits))

    kept = (await storage.queries.task(task.id, owner_id=owner.id)).task
    assert (kept.title, kept.description) == ("Bread", "two of it")
    assert kept.priority is Priority.URGENT
    assert kept.version == task.version + len(edits)


async def test_of_many_edits_of_one_version_one_is_accepted(storage: Storage) -> None:
    core = a_core(transactions=storage.transactions, queries=storage.queries)
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)
    titles = [f"Bread {number}" for number in range(9)]
    edits = [
        EditTask(actor=owner.id, task_id=task.id, version=task.version, title=title)
        for title in titles
    ]

    outcomes = await asyncio.gather(
        *(core.tasks.edit(one) for one in edits), return_exceptions=True
    )

    refused = [one for one in outcomes if isinstance(one, StaleTask)]
    assert len(refused) == len(edits) - 1
    kept = (await storage.queries.task(task.id, owner_id=owner.id)).task
    assert kept.version == task.version + 1
    assert kept.title in titles
