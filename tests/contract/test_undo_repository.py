"""What every `UndoRepository` promises."""

import asyncio
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings, strategies as st
from ulid import ULID

from support.backends import Storage
from support.builders import NOW, a_category, a_reminder_of, a_task, a_user
from support.core import a_core
from support.strategies import reminders, tasks
from taskbot.domain.errors import NothingToUndo
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Task
from taskbot.domain.undo import Undo, UndoableVerb

pytestmark = pytest.mark.anyio

LATER = NOW + timedelta(minutes=5)


async def _keep(
    storage: Storage, *task_ids: TaskId, verb: UndoableVerb, at: datetime = NOW
) -> None:
    await storage.transactions.run(lambda uow: uow.undos.keep(*task_ids, verb=verb, now=at))


async def _find(storage: Storage, task_id: TaskId) -> Undo | None:
    return await storage.transactions.run(lambda uow: uow.undos.find(task_id))


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(task=tasks(), of_it=st.lists(reminders(), max_size=4), verb=st.sampled_from(UndoableVerb))
async def test_any_task_is_kept_with_any_reminders_as_they_are(
    storage: Storage, task: Task, of_it: list[Reminder], verb: UndoableVerb
) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = evolve(task, id=TaskId(ULID()), owner_id=owner.id, category_id=category.id)
    own = [evolve(one, id=ReminderId(ULID()), task_id=task.id, owner_id=owner.id) for one in of_it]
    await storage.keep(owner, category, task, *own)

    await _keep(storage, task.id, verb=verb)
    await storage.transactions.run(lambda uow: uow.tasks.delete(task.id))

    found = await _find(storage, task.id)
    assert found == Undo(verb=verb, task=task, reminders=own, made_at=NOW)


async def test_several_are_kept_each_with_its_own_and_what_is_not_there_is_not(
    storage: Storage, rival: Storage
) -> None:
    owner = a_user()
    one, other, unasked = (a_task(owner_id=owner.id) for _ in range(3))
    of_one = [a_reminder_of(one, fire_at=NOW + timedelta(hours=hours)) for hours in (1, 2)]
    await storage.keep(owner, one, other, unasked, *of_one)
    missing = TaskId(ULID())

    await _keep(storage, one.id, missing, other.id, verb=UndoableVerb.COMPLETE)

    verb = UndoableVerb.COMPLETE
    assert await _find(rival, one.id) == Undo(verb=verb, task=one, reminders=of_one, made_at=NOW)
    assert await _find(rival, other.id) == Undo(verb=verb, task=other, reminders=(), made_at=NOW)
    assert await _find(rival, unasked.id) is None
    assert await _find(rival, missing) is None


async def test_the_last_takes_the_place_of_the_one_before(storage: Storage) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)
    await _keep(storage, task.id, verb=UndoableVerb.COMPLETE)
    completed = await storage.transactions.run(
        lambda uow: uow.tasks.update(task.complete(now=LATER))
    )

    await _keep(storage, task.id, verb=UndoableVerb.DELETE, at=LATER)

    last = Undo(verb=UndoableVerb.DELETE, task=completed, reminders=(), made_at=LATER)
    assert await _find(storage, task.id) == last


async def test_what_is_forgotten_is_gone(storage: Storage) -> None:
    owner = a_user()
    task, other = (a_task(owner_id=owner.id) for _ in range(2))
    await storage.keep(owner, task, other)
    await _keep(storage, task.id, other.id, verb=UndoableVerb.DELETE)

    for _ in range(2):
        await storage.transactions.run(lambda uow: uow.undos.forget(task.id))

    assert await _find(storage, task.id) is None
    assert await _find(storage, other.id) is not None


async def test_old_ones_are_purged_some_at_a_time(storage: Storage) -> None:
    owner = a_user()
    old = [a_task(owner_id=owner.id) for _ in range(3)]
    young = a_task(owner_id=owner.id)
    await storage.keep(owner, *old, young)
    await _keep(storage, *(task.id for task in old), verb=UndoableVerb.DELETE)
    await _keep(storage, young.id, verb=UndoableVerb.DELETE, at=LATER)

    async def purge() -> int:
        return await storage.transactions.run(lambda uow: uow.undos.purge(before=LATER, limit=2))

    assert [await purge() for _ in range(3)] == [2, 1, 0]
    assert await _find(storage, young.id) is not None


async def test_they_go_with_their_person(storage: Storage) -> None:
    leaver, other = a_user(), a_user()
    task, foreign = a_task(owner_id=leaver.id), a_task(owner_id=other.id)
    await storage.keep(leaver, other, task, foreign)
    await _keep(storage, task.id, foreign.id, verb=UndoableVerb.DELETE)
    await storage.transactions.run(lambda uow: uow.tasks.delete_all([task.id, foreign.id]))

    await storage.transactions.run(lambda uow: uow.users.erase(leaver.id, limit=100))

    assert await _find(storage, task.id) is None
    assert await _find(storage, foreign.id) is not None


async def test_all_reminders_of_a_task_are_found_the_earliest_first(storage: Storage) -> None:
    owner = a_user()
    task, other = (a_task(owner_id=owner.id) for _ in range(2))
    own = [a_reminder_of(task, fire_at=NOW - timedelta(hours=hours)) for hours in (1, 2)]
    sent = a_reminder_of(task).sent(now=NOW, message_id=1)
    await storage.keep(owner, task, other, *own, sent, a_reminder_of(other))

    found = await storage.transactions.run(lambda uow: uow.reminders.of_task(task.id))

    assert found == [own[1], own[0], sent]


@pytest.mark.parametrize("verb", UndoableVerb)
async def test_of_two_processes_that_undo_at_once_one_does(
    storage: Storage, rival: Storage, verb: UndoableVerb
) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(owner_id=owner.id, category_id=category.id)
    await storage.keep(owner, category, task, a_reminder_of(task))
    cores = [a_core(transactions=one.transactions, queries=one.queries) for one in (storage, rival)]
    change = cores[0].tasks.delete if verb is UndoableVerb.DELETE else cores[0].tasks.complete
    await change(task.id, actor=owner.id)

    answers = await asyncio.gather(
        *(core.tasks.undo(task.id, actor=owner.id) for core in cores for _ in range(2)),
        return_exceptions=True,
    )

    refused = [one for one in answers if isinstance(one, NothingToUndo)]
    assert len(refused) == len(answers) - 1
    version = 2 if verb is UndoableVerb.DELETE else 3
    assert await storage.task(task.id) == evolve(task, version=version)
