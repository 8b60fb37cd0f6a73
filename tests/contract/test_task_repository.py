"""What every `TaskRepository` promises."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from ulid import ULID

from support.backends import Storage
from support.builders import NOW, a_category, a_reminder_of, a_task, a_user
from support.strategies import tasks
from taskbot.application.ports import UnitOfWork
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import StaleTask, TaskNotFound
from taskbot.domain.ids import TaskId
from taskbot.domain.task import Priority, Task, TaskStatus

pytestmark = pytest.mark.anyio

TOMORROW = TimedDeadline(NOW + timedelta(days=1), "Europe/Moscow")


async def test_a_task_comes_back_as_it_was(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(
        owner_id=owner.id,
        title="Поздравить Zoë 🎂",
        description="Торт\n\tи <b>свечи</b> — 30 шт.",
        category_id=category.id,
        priority=Priority.URGENT,
        status=TaskStatus.COMPLETED,
        deadline=DayDeadline(date(2100, 3, 20), "Asia/Kathmandu"),
        lead_times=(timedelta(days=2), timedelta(minutes=5)),
        created_at=datetime(2099, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        updated_at=NOW,
        completed_at=NOW + timedelta(microseconds=1),
        version=7,
    )

    await storage.keep(owner, category, task)

    assert await storage.task(task.id) == task


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(task=tasks())
async def test_any_task_comes_back_as_it_was(storage: Storage, task: Task) -> None:
    await storage.keep(a_user(id=task.owner_id), task)

    assert await storage.task(task.id) == task


async def test_a_task_that_nobody_stored_is_not_found(storage: Storage) -> None:
    task = a_task()

    async with storage.unit_of_work() as uow:
        with pytest.raises(TaskNotFound) as refusal:
            await uow.tasks.get(task.id)

    assert refusal.value.task_id == task.id


async def test_an_update_stores_all_fields_under_the_next_version(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(owner_id=owner.id, version=3)
    await storage.keep(owner, category, task)
    changed = evolve(
        task,
        title="Купить хлеб",
        description="ржаной",
        category_id=category.id,
        priority=Priority.HIGH,
        status=TaskStatus.COMPLETED,
        deadline=TOMORROW,
        lead_times=(timedelta(hours=3),),
        updated_at=NOW + timedelta(hours=1),
        completed_at=NOW + timedelta(hours=1),
    )

    async with storage.unit_of_work() as uow:
        updated = await uow.tasks.update(changed)
        await uow.commit()

    assert updated == evolve(changed, version=4)
    assert await storage.task(task.id) == updated


async def test_what_was_set_can_be_taken_away(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(
        owner_id=owner.id, category_id=category.id, deadline=TOMORROW, lead_times=(timedelta(0),)
    )
    await storage.keep(owner, category, task)

    async with storage.unit_of_work() as uow:
        updated = await uow.tasks.update(
            evolve(task, category_id=None, deadline=None, lead_times=None)
        )
        await uow.commit()

    assert await storage.task(task.id) == updated


async def test_the_second_of_two_writers_is_stale(storage: Storage, rival: Storage) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)
    async with rival.unit_of_work() as uow:
        first = await uow.tasks.update(task.retitle("First", now=NOW))
        await uow.commit()

    async with storage.unit_of_work() as uow:
        with pytest.raises(StaleTask):
            await uow.tasks.update(task.retitle("Second", now=NOW))

    assert await storage.task(task.id) == first


async def test_a_task_that_is_gone_is_stale(storage: Storage) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)

    async with storage.unit_of_work() as uow:
        await uow.tasks.delete(task.id)

        with pytest.raises(StaleTask):
            await uow.tasks.update(task)


async def test_deleting_a_task_removes_its_reminders_and_no_other(storage: Storage) -> None:
    owner = a_user()
    task, other = a_task(owner_id=owner.id), a_task(owner_id=owner.id)
    doomed, kept = a_reminder_of(task), a_reminder_of(other)
    await storage.keep(owner, task, other, doomed, kept)

    async with storage.unit_of_work() as uow:
        await uow.tasks.delete(task.id)
        await uow.commit()

    assert await storage.queries.letters([doomed.id]) == []
    assert await storage.reminder(kept.id) == kept
    with pytest.raises(TaskNotFound):
        await storage.task(task.id)


async def test_a_task_cannot_be_deleted_twice(storage: Storage) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)

    async with storage.unit_of_work() as uow:
        await uow.tasks.delete(task.id)

        with pytest.raises(TaskNotFound):
            await uow.tasks.delete(task.id)


async def test_open_tasks_with_a_deadline_come_oldest_first(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    second = a_task(owner_id=owner.id, deadline=TOMORROW)
    first = evolve(second, id=TaskId(ULID.from_int(1)))
    third = a_task(
        owner_id=owner.id,
        deadline=DayDeadline(date(2100, 3, 16), "UTC"),
        id=TaskId(ULID.from_int(2**128 - 1)),
    )
    completed = a_task(
        owner_id=owner.id, deadline=TOMORROW, status=TaskStatus.COMPLETED, completed_at=NOW
    )
    without = a_task(owner_id=owner.id)
    foreign = a_task(owner_id=stranger.id, deadline=TOMORROW)
    await storage.keep(owner, stranger, third, second, first, completed, without, foreign)

    async with storage.unit_of_work() as uow:
        found = await uow.tasks.open_with_deadline(owner.id)

    assert found == [first, second, third]


async def test_the_same_task_made_twice_at_once_is_one(storage: Storage, rival: Storage) -> None:
    task = a_task()
    await storage.keep(a_user(id=task.owner_id))

    async def make(uow: UnitOfWork) -> bool:
        try:
            await uow.tasks.get(task.id)
        except TaskNotFound:
            await asyncio.sleep(0.01)  # so that both have looked before one of them writes
            await uow.tasks.add(task)
            return True
        return False

    made = await asyncio.gather(storage.transactions.run(make), rival.transactions.run(make))

    assert sorted(made) == [False, True]
    assert await storage.task(task.id) == task
