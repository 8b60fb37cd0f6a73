"""The reminders of one task: its own lead times, moments of its own, and those not wanted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from support.builders import NOW
from support.core import Core, a_core
from taskbot.application.ports import Notification, NotSent, Receipt
from taskbot.application.task_commands import CreateTask, EditTask
from taskbot.application.users import EditUser, MeetUser
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.errors import (
    ReminderNotFound,
    ReminderOver,
    TaskAlreadyCompleted,
    TooManyReminders,
)
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TOMORROW = TimedDeadline(NOW + DAY, "Europe/Moscow")
FRIDAY = DayDeadline(date(2100, 3, 19), "Europe/Moscow")
NINE_ON_FRIDAY = datetime(2100, 3, 19, 6, tzinfo=UTC)


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def anna(core: Core) -> User:
    return await _anna(core)


async def _anna(core: Core) -> User:
    return (await core.users.meet(MeetUser(telegram_id=7, name="Anna"))).user


async def _create(core: Core, owner: User, deadline: Deadline | None = None) -> Task:
    view = await core.tasks.create(CreateTask(actor=owner.id, title="Buy milk", deadline=deadline))
    return view.task


async def _reminders(core: Core, task: Task) -> tuple[Reminder, ...]:
    return (await core.tasks.card(task.id, actor=task.owner_id)).reminders


async def _ahead(core: Core, task: Task) -> list[datetime]:
    return [one.fire_at for one in await _reminders(core, task) if one.is_ahead]


async def _remind(core: Core, task: Task, *lead_times: timedelta) -> Task:
    edit = EditTask(actor=task.owner_id, task_id=task.id, lead_times=lead_times)
    return (await core.tasks.edit(edit)).task


async def _remove(core: Core, reminder: Reminder) -> None:
    await core.tasks.remove_reminder(reminder.task_id, reminder.id, actor=reminder.owner_id)


async def test_lead_times_of_its_own_take_the_place_of_the_owners(core: Core, anna: User) -> None:
    task = await _create(core, anna, TOMORROW)

    changed = await _remind(core, task, 5 * MINUTE, 3 * HOUR)

    assert changed.lead_times == (3 * HOUR, 5 * MINUTE)
    due_at = TOMORROW.due_at
    assert await _ahead(core, task) == [due_at - 3 * HOUR, due_at - 5 * MINUTE]
    await core.users.edit(EditUser(actor=anna.id, lead_times=[2 * HOUR]))
    assert await _ahead(core, task) == [due_at - 3 * HOUR, due_at - 5 * MINUTE]


async def test_without_lead_times_of_its_own_it_is_as_the_owner_prefers_again(
    core: Core, anna: User
) -> None:
    task = await _create(core, anna, TOMORROW)
    await _remind(core, task)
    assert await _ahead(core, task) == []

    view = await core.tasks.edit(EditTask(actor=anna.id, task_id=task.id, lead_times=None))

    assert view.task.lead_times is None
    assert await _ahead(core, task) == [TOMORROW.due_at - HOUR, TOMORROW.due_at]


async def test_what_is_still_wanted_is_left_in_peace(core: Core, anna: User) -> None:
    """Above all one that is due already: it would not be planned again."""
    task = await _create(core, anna, TOMORROW)
    core.clock.advance(23 * HOUR)
    (claim,) = await core.claim_due()

    await _remind(core, task, HOUR, timedelta(0), 10 * MINUTE)
    await core.deliver(claim)

    assert len(core.notifier.notifications) == 1
    assert [(one.state, one.fire_at) for one in await _reminders(core, task)] == [
        (ReminderState.SENT, TOMORROW.due_at - HOUR),
        (ReminderState.PLANNED, TOMORROW.due_at - 10 * MINUTE),
        (ReminderState.PLANNED, TOMORROW.due_at),
    ]


async def test_lead_times_follow_a_new_deadline_in_the_same_edit(core: Core, anna: User) -> None:
    task = await _create(core, anna, FRIDAY)

    await core.tasks.edit(
        EditTask(actor=anna.id, task_id=task.id, deadline=TOMORROW, lead_times=[3 * HOUR])
    )

    assert await _ahead(core, task) == [TOMORROW.due_at - 3 * HOUR]


async def test_a_lead_reminder_that_is_removed_leaves_the_others(core: Core, anna: User) -> None:
    task = await _create(core, anna, TOMORROW)
    lead, due = await _reminders(core, task)

    await _remove(core, lead)

    view = await core.tasks.get(task.id, actor=anna.id)
    assert (view.task.lead_times, view.task.version) == ((timedelta(0),), 2)
    assert await _ahead(core, task) == [TOMORROW.due_at]
    assert due in await _reminders(core, task)
    later = TimedDeadline(TOMORROW.due_at + DAY, TOMORROW.timezone)
    await core.tasks.reschedule(task.id, later, actor=anna.id)
    assert await _ahead(core, task) == [later.due_at]


async def test_the_reminder_of_a_day_that_is_removed_stays_away(core: Core, anna: User) -> None:
    task = await _create(core, anna, FRIDAY)
    (reminder,) = await _reminders(core, task)

    await _remove(core, reminder)

    assert await _ahead(core, task) == []
    await core.users.move_to("Asia/Tokyo", actor=anna.id)
    await core.users.edit(EditUser(actor=anna.id, timezone="Europe/Moscow"))
    assert await _ahead(core, task) == []
    await core.tasks.edit(EditTask(actor=anna.id, task_id=task.id, lead_times=None))
    assert await _ahead(core, task) == [NINE_ON_FRIDAY]


async def test_a_moment_of_ones_own_stays_when_all_else_moves(core: Core, anna: User) -> None:
    task = await _create(core, anna, TOMORROW)

    added = await core.tasks.add_reminder(task.id, at=NOW + 2 * HOUR, actor=anna.id)

    assert (added.kind, added.fire_at) == (ReminderKind.MOMENT, NOW + 2 * HOUR)
    await core.tasks.snooze(task.id, until=NOW + HOUR, actor=anna.id)
    await core.tasks.snooze(task.id, until=NOW + HOUR / 2, actor=anna.id)
    await core.users.edit(EditUser(actor=anna.id, lead_times=[], timezone="Asia/Tokyo"))
    await core.tasks.reschedule(task.id, FRIDAY, actor=anna.id)
    await core.tasks.reschedule(task.id, None, actor=anna.id)
    assert await _ahead(core, task) == [NOW + 2 * HOUR]
    core.clock.advance(2 * HOUR)
    await core.deliver_due()
    assert len(core.notifier.notifications) == 1


@pytest.mark.parametrize("ending", ["complete", "delete"])
async def test_a_moment_of_ones_own_goes_with_its_task(core: Core, anna: User, ending: str) -> None:
    task = await _create(core, anna)
    await core.tasks.add_reminder(task.id, at=NOW + HOUR, actor=anna.id)

    await getattr(core.tasks, ending)(task.id, actor=anna.id)
    core.clock.advance(2 * HOUR)
    await core.deliver_due()

    assert core.notifier.notifications == []


async def test_the_same_moment_twice_is_one_reminder(core: Core, anna: User) -> None:
    task = await _create(core, anna)

    first = await core.tasks.add_reminder(task.id, at=NOW + HOUR, actor=anna.id)
    again = await core.tasks.add_reminder(task.id, at=NOW + HOUR, actor=anna.id)

    assert again == first
    assert await _ahead(core, task) == [NOW + HOUR]


async def test_room_for_another_comes_back_with_each_that_is_over_or_removed(
    core: Core, anna: User
) -> None:
    task = await _create(core, anna)
    added = [
        await core.tasks.add_reminder(task.id, at=NOW + hours * HOUR, actor=anna.id)
        for hours in range(1, 11)
    ]
    with pytest.raises(TooManyReminders):
        await core.tasks.add_reminder(task.id, at=NOW + DAY, actor=anna.id)

    await _remove(core, added[-1])
    core.clock.advance(HOUR)
    await core.deliver_due()
    for days in (1, 2):
        await core.tasks.add_reminder(task.id, at=NOW + days * DAY, actor=anna.id)

    with pytest.raises(TooManyReminders):
        await core.tasks.add_reminder(task.id, at=NOW + 3 * DAY, actor=anna.id)


async def test_what_is_gone_or_over_is_told_apart(core: Core, anna: User) -> None:
    task, other = await _create(core, anna), await _create(core, anna)
    removed = await core.tasks.add_reminder(task.id, at=NOW + DAY, actor=anna.id)
    sent = await core.tasks.add_reminder(task.id, at=NOW + HOUR, actor=anna.id)
    elsewhere = await core.tasks.add_reminder(other.id, at=NOW + DAY, actor=anna.id)
    await _remove(core, removed)
    core.clock.advance(HOUR)
    await core.deliver_due()

    for gone in (removed, evolve(elsewhere, task_id=task.id)):
        with pytest.raises(ReminderNotFound):
            await _remove(core, gone)
    with pytest.raises(ReminderOver):
        await _remove(core, sent)
    assert await _ahead(core, other) == [NOW + DAY]


async def test_a_completed_task_has_nothing_to_remove(core: Core, anna: User) -> None:
    task = await _create(core, anna, TOMORROW)
    (lead, _) = await _reminders(core, task)
    await core.tasks.complete(task.id, actor=anna.id)

    with pytest.raises(ReminderNotFound):
        await _remove(core, lead)
    with pytest.raises(TaskAlreadyCompleted):
        await _remind(core, task, HOUR)


@pytest.mark.parametrize("kind", [ReminderKind.DUE, ReminderKind.MOMENT, ReminderKind.SNOOZE])
async def test_what_is_removed_while_it_is_being_sent_is_not_tried_again(
    kind: ReminderKind,
) -> None:
    class Removing:
        """The person removes the reminder while the message is under way; it does not arrive."""

        calls = 0

        async def send(self, notification: Notification) -> Receipt:
            self.calls += 1
            (notice,) = notification.notices
            await _remove(behind, notice.reminders[0])
            raise NotSent("no route")

    removing: Any = Removing()
    behind = a_core(notifier=removing)
    anna = await _anna(behind)
    soon = TimedDeadline(NOW + HOUR, "UTC") if kind is ReminderKind.DUE else None
    task = await _create(behind, anna, soon)
    match kind:
        case ReminderKind.MOMENT:
            await behind.tasks.add_reminder(task.id, at=NOW + HOUR, actor=anna.id)
        case ReminderKind.SNOOZE:
            await behind.tasks.snooze(task.id, until=NOW + HOUR, actor=anna.id)
        case _:
            pass

    for _ in range(10):
        behind.clock.advance(HOUR)
        await behind.deliver_due()

    assert removing.calls == 1
    (reminder,) = await _reminders(behind, task)
    assert (reminder.kind, reminder.state) == (kind, ReminderState.CANCELLED)
