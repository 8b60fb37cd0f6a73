"""Undoing what was completed or deleted."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st
from ulid import ULID

from support.builders import NOW, a_reminder_of, a_task, a_user
from support.core import Core, a_core
from support.strategies import reminders, tasks
from taskbot.application.ports import UnitOfWork
from taskbot.application.task_commands import CreateTask, EditTask
from taskbot.application.views import TaskCard
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.errors import NothingToUndo, StaleTask, TaskAlreadyCompleted, TaskNotFound
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.task import Task, TaskStatus
from taskbot.domain.undo import UNDO_KEPT
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR: Final = timedelta(hours=1)
TOMORROW: Final = TimedDeadline(NOW + 24 * HOUR, "Europe/Moscow")


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def anna(core: Core) -> User:
    return await _kept(core, a_user())


async def _kept(
    core: Core, owner: User, *tasks: Task, reminders: tuple[Reminder, ...] = ()
) -> User:
    async def keep(uow: UnitOfWork) -> None:
        await uow.users.add(owner)
        for task in tasks:
            await uow.tasks.add(task)
        await uow.reminders.add(reminders)

    await core.transactions.run(keep)
    return owner


async def _create(core: Core, owner: User, **fields: Any) -> Task:
    command = CreateTask(actor=owner.id, title="Buy milk", **fields)
    return (await core.tasks.create(command)).task


async def _card(core: Core, task: Task) -> TaskCard:
    return await core.tasks.card(task.id, actor=task.owner_id)


async def _states(core: Core, task: Task) -> list[ReminderState]:
    return [reminder.state for reminder in (await _card(core, task)).reminders]


Verb = Callable[[Core, Task], Awaitable[object]]
VERBS: Final[dict[str, Verb]] = {
    "complete": lambda core, task: core.tasks.complete(task.id, actor=task.owner_id),
    "delete": lambda core, task: core.tasks.delete(task.id, actor=task.owner_id),
    "complete several": lambda core, task: core.bulk_tasks.complete([task.id], actor=task.owner_id),
    "delete several": lambda core, task: core.bulk_tasks.delete([task.id], actor=task.owner_id),
}


@pytest.mark.parametrize("verb", VERBS)
@settings(max_examples=40, deadline=None)
@given(task=tasks(), of_it=st.lists(reminders(), max_size=5), reachable=st.booleans())
def test_undo_gives_back_exactly_what_was_but_for_the_version(
    verb: str, task: Task, of_it: list[Reminder], *, reachable: bool
) -> None:
    owner = a_user(reachable=reachable)
    task = evolve(task, owner_id=owner.id)
    if "complete" in verb:
        task = evolve(task, status=TaskStatus.OPEN, completed_at=None)
    own = tuple(_of(task, one, owner) for one in of_it)

    async def there_and_back() -> tuple[TaskCard, TaskCard]:
        core = a_core()
        await _kept(core, owner, task, reminders=own)
        before = await _card(core, task)
        await VERBS[verb](core, task)
        core.clock.advance(HOUR)
        await core.tasks.undo(task.id, actor=owner.id)
        return before, await _card(core, task)

    before, after = asyncio.run(there_and_back())

    assert after.reminders == before.reminders
    assert evolve(after.task, version=task.version) == before.task
    assert after.task.version > task.version


def _of(task: Task, reminder: Reminder, owner: User) -> Reminder:
    """On hold is nothing of somebody who is there."""
    available_at = reminder.available_at
    if owner.reachable and reminder.state is ReminderState.PLANNED:
        available_at = available_at or reminder.fire_at
    return evolve(
        reminder,
        id=ReminderId(ULID()),
        task_id=task.id,
        owner_id=owner.id,
        available_at=available_at,
    )


async def test_a_snooze_comes_back_and_fires(core: Core, anna: User) -> None:
    task = await _create(core, anna)
    await core.tasks.snooze(task.id, until=NOW + HOUR, actor=anna.id)
    await core.tasks.delete(task.id, actor=anna.id)
    core.clock.advance(2 * HOUR)
    await core.deliver_due()
    assert core.notifier.notifications == []

    await core.tasks.undo(task.id, actor=anna.id)
    await core.deliver_due()

    assert len(core.notifier.notifications) == 1
    assert await _states(core, task) == [ReminderState.SENT]


@pytest.mark.parametrize("verb", ["complete", "delete"])
async def test_undo_works_once(core: Core, anna: User, verb: str) -> None:
    task = await _create(core, anna, deadline=TOMORROW)
    await VERBS[verb](core, task)

    answers = await asyncio.gather(
        *(core.tasks.undo(task.id, actor=anna.id) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["NothingToUndo", "TaskView"]
    assert await _states(core, task) == [ReminderState.PLANNED] * 2


async def test_what_was_changed_since_is_not_undone(core: Core, anna: User) -> None:
    task = await _create(core, anna)
    await core.tasks.complete(task.id, actor=anna.id)
    await core.tasks.edit(EditTask(actor=anna.id, task_id=task.id, title="Buy oats"))

    with pytest.raises(NothingToUndo):
        await core.tasks.undo(task.id, actor=anna.id)

    assert (await _card(core, task)).task.title == "Buy oats"


async def test_what_was_never_completed_has_nothing_to_undo(core: Core, anna: User) -> None:
    task = await _create(core, anna)

    with pytest.raises(NothingToUndo):
        await core.tasks.undo(task.id, actor=anna.id)
    with pytest.raises(TaskNotFound):
        await core.tasks.undo(TaskId(ULID()), actor=anna.id)


@pytest.mark.parametrize("verb", ["complete", "delete"])
async def test_after_a_week_it_is_too_late(core: Core, anna: User, verb: str) -> None:
    task = await _create(core, anna)
    await VERBS[verb](core, task)
    core.clock.advance(UNDO_KEPT)

    with pytest.raises(NothingToUndo):
        await core.tasks.undo(task.id, actor=anna.id)


@pytest.mark.parametrize("verb", ["complete", "delete"])
async def test_a_stranger_cannot_undo_it(core: Core, anna: User, verb: str) -> None:
    stranger = await _kept(core, a_user())
    task = await _create(core, anna)
    await VERBS[verb](core, task)

    for ask in (core.tasks.undo, core.tasks.undoable):
        with pytest.raises(TaskNotFound):
            await ask(task.id, actor=stranger.id)

    assert (await core.tasks.undoable(task.id, actor=anna.id)).title == task.title


@pytest.mark.parametrize("verb", ["complete", "delete"])
async def test_a_category_that_is_gone_meanwhile_stays_gone(
    core: Core, anna: User, verb: str
) -> None:
    category = await core.categories.create("Home", actor=anna.id)
    task = await _create(core, anna, category_id=category.id)
    await VERBS[verb](core, task)
    await core.transactions.run(lambda uow: uow.categories.delete(category.id))

    view = await core.tasks.undo(task.id, actor=anna.id)

    assert (view.category, view.task.category_id) == (None, None)
    assert view == await core.tasks.get(task.id, actor=anna.id)


async def test_the_category_comes_back_with_the_task(core: Core, anna: User) -> None:
    category = await core.categories.create("Home", actor=anna.id)
    task = await _create(core, anna, category_id=category.id)
    await core.tasks.delete(task.id, actor=anna.id)

    assert (await core.tasks.undo(task.id, actor=anna.id)).category == category


async def test_who_came_back_meanwhile_is_reminded(core: Core) -> None:
    owner = a_user(reachable=False)
    task = a_task(owner_id=owner.id)
    await _kept(core, owner, task, reminders=(a_reminder_of(task, available_at=None),))
    await core.tasks.delete(task.id, actor=owner.id)
    await core.transactions.run(lambda uow: uow.users.update(evolve(owner, reachable=True)))

    await core.tasks.undo(task.id, actor=owner.id)
    await core.deliver_due()

    assert await _states(core, task) == [ReminderState.SENT]


async def test_what_was_being_sent_to_a_deleted_task_is_recorded_after_the_undo(
    core: Core, anna: User
) -> None:
    task = a_task(owner_id=anna.id)
    until = NOW + HOUR
    sending = a_reminder_of(task).claim(until=until).begin(until=until)

    async def keep(uow: UnitOfWork) -> None:
        await uow.tasks.add(task)
        await uow.reminders.add([sending])

    await core.transactions.run(keep)
    await core.tasks.delete(task.id, actor=anna.id)
    await core.tasks.undo(task.id, actor=anna.id)

    sent = sending.sent(now=NOW, message_id=1)
    assert await core.transactions.run(
        lambda uow: uow.reminders.save(sent, was=ReminderState.SENDING)
    )


async def test_a_change_meant_for_another_version_is_refused(core: Core, anna: User) -> None:
    task = await _create(core, anna, deadline=TOMORROW)
    await core.tasks.edit(EditTask(actor=anna.id, task_id=task.id, title="Buy oats"))
    old: dict[str, Any] = {"version": task.version, "actor": anna.id}

    for change in (
        lambda: core.tasks.complete(task.id, **old),
        lambda: core.tasks.reschedule(task.id, None, **old),
        lambda: core.tasks.delete(task.id, **old),
    ):
        with pytest.raises(StaleTask):
            await change()
    completed = await core.tasks.complete(task.id, version=2, actor=anna.id)

    assert completed.task.version == 3
    with pytest.raises(TaskAlreadyCompleted):  # rather than stale: it is what was wanted
        await core.tasks.complete(task.id, version=2, actor=anna.id)
    with pytest.raises(StaleTask):
        await core.tasks.reopen(task.id, **old)


async def test_what_there_is_to_undo_can_be_asked_for(core: Core, anna: User) -> None:
    task = await _create(core, anna)
    await core.tasks.delete(task.id, actor=anna.id)

    undo = await core.tasks.undoable(task.id, actor=anna.id)

    assert (undo.verb, undo.title, undo.until) == ("delete", task.title, NOW + UNDO_KEPT)
