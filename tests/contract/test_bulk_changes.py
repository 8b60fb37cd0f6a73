"""What every `TaskRepository` promises about several tasks at once."""

from datetime import timedelta

import pytest
from attrs import evolve
from ulid import ULID

from support.backends import Storage
from support.builders import NOW, a_category, a_reminder_of, a_task, a_user
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.errors import TaskNotFound
from taskbot.domain.ids import TaskId
from taskbot.domain.reminder import ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

LATER = NOW + timedelta(minutes=5)


async def _people(storage: Storage) -> tuple[User, User]:
    owner, stranger = a_user(), a_user()
    await storage.keep(owner, stranger)
    return owner, stranger


def _next(task: Task) -> Task:
    return evolve(task, version=task.version + 1)


async def test_several_are_got_as_far_as_they_are_there_and_the_owners(storage: Storage) -> None:
    owner, stranger = await _people(storage)
    first, second, unasked = (a_task(owner_id=owner.id) for _ in range(3))
    foreign, missing = a_task(owner_id=stranger.id), TaskId(ULID())
    await storage.keep(first, second, unasked, foreign)

    async with storage.unit_of_work() as uow:
        asked = [second.id, missing, foreign.id, first.id]
        found = await uow.tasks.get_all(asked, owner_id=owner.id)
        none = await uow.tasks.get_all([], owner_id=owner.id)

    assert found == sorted([first, second], key=lambda task: task.id)
    assert none == []


async def test_several_are_completed_as_each_would_be(storage: Storage) -> None:
    owner, _ = await _people(storage)
    deadline = TimedDeadline(NOW + timedelta(days=1), "Europe/Moscow")
    tasks = [a_task(owner_id=owner.id, version=number, deadline=deadline) for number in (1, 7)]
    left = a_task(owner_id=owner.id)
    await storage.keep(*tasks, left)

    await storage.transactions.run(
        lambda uow: uow.tasks.complete_all([task.id for task in tasks], now=LATER)
    )

    for task in tasks:
        assert await storage.task(task.id) == _next(task.complete(now=LATER))
    assert await storage.task(left.id) == left


async def test_several_are_filed_as_each_would_be(storage: Storage) -> None:
    owner, _ = await _people(storage)
    home, work = (a_category(owner_id=owner.id, name=name) for name in ("Home", "Work"))
    done = a_task(owner_id=owner.id, category_id=home.id).complete(now=NOW)
    plain, left = (a_task(owner_id=owner.id) for _ in range(2))
    await storage.keep(home, work, done, plain, left)
    ids = [done.id, plain.id]

    await storage.transactions.run(lambda uow: uow.tasks.file_all(ids, under=work.id, now=LATER))
    filed = [_next(task.file_under(work.id, now=LATER)) for task in (done, plain)]
    assert [await storage.task(task.id) for task in filed] == filed

    await storage.transactions.run(lambda uow: uow.tasks.file_all(ids, under=None, now=LATER))
    freed = [_next(task.file_under(None, now=LATER)) for task in filed]
    assert [await storage.task(task.id) for task in freed] == freed
    assert await storage.task(left.id) == left


async def test_several_are_deleted_with_their_reminders(storage: Storage) -> None:
    owner, _ = await _people(storage)
    tasks = [a_task(owner_id=owner.id) for _ in range(3)]
    reminders = [a_reminder_of(task) for task in tasks]
    await storage.keep(*tasks, *reminders)
    ids = [tasks[0].id, tasks[1].id, TaskId(ULID())]

    await storage.transactions.run(lambda uow: uow.tasks.delete_all(ids))

    for task in tasks[:2]:
        with pytest.raises(TaskNotFound):
            await storage.task(task.id)
    assert await storage.task(tasks[2].id) == tasks[2]
    left = await storage.queries.letters([reminder.id for reminder in reminders])
    assert [letter.reminder for letter in left] == [reminders[2]]


async def test_reminders_of_several_tasks_are_taken_back_together(storage: Storage) -> None:
    owner, _ = await _people(storage)
    tasks = [a_task(owner_id=owner.id) for _ in range(3)]
    reminders = [a_reminder_of(task) for task in tasks]
    await storage.keep(*tasks, *reminders)

    await storage.transactions.run(
        lambda uow: uow.reminders.cancel_pending(tasks[0].id, tasks[1].id)
    )

    states = [(await storage.reminder(reminder.id)).state for reminder in reminders]
    assert states == [ReminderState.CANCELLED, ReminderState.CANCELLED, ReminderState.PLANNED]
