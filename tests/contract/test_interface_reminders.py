"""What whoever talks to people is promised about the reminders of a task."""

from collections.abc import AsyncIterator, Coroutine
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from ulid import ULID

from support.backend import KINDS, Backend, a_backend, told
from support.builders import NOW
from support.core import a_core
from taskbot.application.task_commands import CreateTask, EditTask, ListTasks
from taskbot.application.users import MeetUser
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import (
    ReminderInPast,
    ReminderNotFound,
    ReminderOutOfRange,
    ReminderOver,
    TaskAlreadyCompleted,
    TooManyReminders,
)
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TOMORROW = TimedDeadline(NOW + DAY, "Asia/Tokyo")
FRIDAY = DayDeadline(date(2100, 3, 19), "Europe/Moscow")


@pytest.fixture(params=KINDS)
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    async with a_backend(request.param, a_core()) as backend:
        yield backend


@pytest.fixture
async def anna(backend: Backend) -> User:
    return await _somebody(backend, 7)


async def _somebody(backend: Backend, telegram_id: int) -> User:
    return (await backend.people.meet(MeetUser(telegram_id=telegram_id, name="Anna"))).user


async def _create(backend: Backend, owner: User, **more: Any) -> Task:
    return (await backend.tasks.create(CreateTask(actor=owner.id, title="Buy milk", **more))).task


async def _ahead(backend: Backend, task: Task) -> list[tuple[ReminderKind, datetime]]:
    card = await backend.tasks.card(task.id, actor=task.owner_id)
    return [(one.kind, one.fire_at) for one in card.reminders if one.is_ahead]


async def _refused(step: Coroutine[Any, Any, object], promised: Exception) -> None:
    with pytest.raises(type(promised)) as refusal:
        await step
    assert told(refusal.value) == told(promised)


async def test_a_task_has_lead_times_of_its_own_until_they_are_given_up(
    backend: Backend, anna: User
) -> None:
    task = await _create(backend, anna, deadline=TOMORROW)
    edit = EditTask(actor=anna.id, task_id=task.id, lead_times=[5 * MINUTE, 7 * DAY, HOUR])

    own = await backend.tasks.edit(edit)
    planned = await _ahead(backend, task)
    (listed,) = (await backend.tasks.page(ListTasks(actor=anna.id, timezone="UTC"))).items
    none = await backend.tasks.edit(evolve(edit, lead_times=[]))
    without = await _ahead(backend, task)
    given_up = await backend.tasks.edit(evolve(edit, lead_times=None))

    assert own.task == evolve(task, lead_times=[7 * DAY, HOUR, 5 * MINUTE], version=2)
    assert listed.task == own.task
    assert planned == [
        (ReminderKind.LEAD, TOMORROW.due_at - HOUR),
        (ReminderKind.LEAD, TOMORROW.due_at - 5 * MINUTE),
    ]
    assert (none.task.lead_times, without) == ((), [])
    assert given_up.task == evolve(task, version=4)
    assert len(await _ahead(backend, task)) == 2


async def test_an_edit_of_anything_else_leaves_lead_times_alone(
    backend: Backend, anna: User
) -> None:
    task = await _create(backend, anna, deadline=TOMORROW)
    await backend.tasks.edit(EditTask(actor=anna.id, task_id=task.id, lead_times=[2 * HOUR]))

    view = await backend.tasks.edit(EditTask(actor=anna.id, task_id=task.id, title="Кефир"))

    assert view.task.lead_times == (2 * HOUR,)
    assert await _ahead(backend, task) == [(ReminderKind.LEAD, TOMORROW.due_at - 2 * HOUR)]


async def test_a_reminder_at_a_moment_of_ones_own_stays(backend: Backend, anna: User) -> None:
    task = await _create(backend, anna, deadline=TOMORROW)

    added = await backend.tasks.add_reminder(task.id, at=NOW + HOUR, actor=anna.id)
    again = await backend.tasks.add_reminder(task.id, at=NOW + HOUR, actor=anna.id)
    await backend.tasks.reschedule(task.id, FRIDAY, actor=anna.id)

    assert (added.kind, added.state) == (ReminderKind.MOMENT, ReminderState.PLANNED)
    assert (added.task_id, added.owner_id, added.fire_at) == (task.id, anna.id, NOW + HOUR)
    assert again.id == added.id
    card = await backend.tasks.card(task.id, actor=anna.id)
    assert [one.id for one in card.reminders if one.kind is ReminderKind.MOMENT] == [added.id]
    assert (ReminderKind.MOMENT, NOW + HOUR) in await _ahead(backend, task)


async def test_what_cannot_be_added_is_told_why(backend: Backend, anna: User) -> None:
    task, full, done = [await _create(backend, anna) for _ in range(3)]
    for hours in range(10):
        at = NOW + (hours + 1) * HOUR
        await backend.tasks.add_reminder(full.id, at=at, actor=anna.id)
    await backend.tasks.complete(done.id, actor=anna.id)

    def add(task: Task, at: datetime) -> Coroutine[Any, Any, Reminder]:
        return backend.tasks.add_reminder(task.id, at=at, actor=anna.id)

    await _refused(add(task, NOW), ReminderInPast())
    await _refused(add(task, NOW.replace(year=3000)), ReminderOutOfRange(2999))
    await _refused(add(full, NOW + DAY), TooManyReminders(10))
    await _refused(add(done, NOW + DAY), TaskAlreadyCompleted(done.id))


async def test_a_removed_reminder_of_the_deadline_leaves_the_task_the_others(
    backend: Backend, anna: User
) -> None:
    timed, day = (
        await _create(backend, anna, deadline=TOMORROW),
        await _create(backend, anna, deadline=FRIDAY),
    )

    for task in (timed, day):
        first = (await backend.tasks.card(task.id, actor=anna.id)).reminders[0]
        await backend.tasks.remove_reminder(task.id, first.id, actor=anna.id)

    assert await _ahead(backend, timed) == [(ReminderKind.DUE, TOMORROW.due_at)]
    assert await _ahead(backend, day) == []
    left = [(await backend.tasks.get(one.id, actor=anna.id)).task for one in (timed, day)]
    assert [task.lead_times for task in left] == [(timedelta(0),), ()]


async def test_what_cannot_be_removed_is_told_why(backend: Backend, anna: User) -> None:
    task, boris = await _create(backend, anna), await _somebody(backend, 8)
    sent = await backend.tasks.add_reminder(task.id, at=NOW + HOUR, actor=anna.id)
    removed = await backend.tasks.add_reminder(task.id, at=NOW + DAY, actor=anna.id)
    his = await _create(backend, boris)
    foreign = await backend.tasks.add_reminder(his.id, at=NOW + DAY, actor=boris.id)
    backend.core.clock.advance(HOUR)
    await backend.core.deliver_due()
    await backend.tasks.remove_reminder(task.id, removed.id, actor=anna.id)

    def remove(reminder_id: ReminderId) -> Coroutine[Any, Any, None]:
        return backend.tasks.remove_reminder(task.id, reminder_id, actor=anna.id)

    await _refused(remove(sent.id), ReminderOver(sent.id))
    for gone in (removed.id, foreign.id, ReminderId(ULID())):
        await _refused(remove(gone), ReminderNotFound(gone))
    assert await _ahead(backend, his) == [(ReminderKind.MOMENT, NOW + DAY)]
