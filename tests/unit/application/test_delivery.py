"""Delivery: what becomes of a claimed reminder when all goes well, or nearly."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from support.builders import NOW, a_reminder, a_reminder_of
from support.core import Core, a_core
from support.limits import NoLimits
from taskbot.adapters.memory import ManualClock
from taskbot.application.delivery import PATIENCE
from taskbot.application.ports import Receipt
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.reminder import LATE_AFTER, Reminder, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ANNA = MeetUser(telegram_id=7, name="Anna")


async def _register(core: Core) -> User:
    return (await core.users.meet(ANNA)).user


async def _snoozed_task(core: Core, owner: User) -> Task:
    """Give a task with one reminder, due in an hour."""
    view = await core.tasks.create(CreateTask(actor=owner.id, title="Buy milk"))
    await core.tasks.snooze(view.task.id, until=NOW + HOUR, actor=owner.id)
    return view.task


async def _reminder(core: Core, task: Task) -> Reminder:
    card = await core.tasks.card(task.id, actor=task.owner_id)
    (reminder,) = card.reminders
    return reminder


async def test_a_due_reminder_reaches_its_person() -> None:
    core = a_core()
    anna = await _register(core)
    task = await _snoozed_task(core, anna)
    core.clock.advance(HOUR)

    await core.deliver_due()

    (notification,) = core.notifier.notifications
    (notice,) = notification.notices
    assert (notification.user, notice.task) == (anna, task)
    assert notice.late_by is None
    sent = await _reminder(core, task)
    assert (sent.state, sent.sent_at, sent.message_id) == (ReminderState.SENT, NOW + HOUR, 1)
    assert (sent.id, sent.available_at) == (notice.reminders[0].id, None)


async def test_a_messenger_may_give_no_number() -> None:
    class Silent:
        async def send(self, notification: object) -> Receipt:
            return Receipt(message_id=None)

    core = a_core(notifier=Silent())
    task = await _snoozed_task(core, await _register(core))
    core.clock.advance(HOUR)

    await core.deliver_due()

    sent = await _reminder(core, task)
    assert (sent.state, sent.message_id) == (ReminderState.SENT, None)


@pytest.mark.parametrize(
    ("late", "said"),
    [(LATE_AFTER, None), (LATE_AFTER + SECOND, LATE_AFTER + SECOND), (30 * HOUR, 30 * HOUR)],
)
async def test_a_reminder_that_is_late_says_so(late: timedelta, said: timedelta | None) -> None:
    core = a_core()
    await _snoozed_task(core, await _register(core))
    core.clock.advance(HOUR + late)

    await core.deliver_due()

    (notification,) = core.notifier.notifications
    assert [notice.late_by for notice in notification.notices] == [said]


async def test_a_ring_that_is_repeated_delivers_once() -> None:
    core = a_core()
    await _snoozed_task(core, await _register(core))
    core.clock.advance(HOUR)
    (claim,) = await core.claim_due()

    for _ in range(3):
        await core.deliver(claim)

    assert len(core.notifier.notifications) == 1


async def test_a_ring_for_an_attempt_that_was_overtaken_delivers_nothing() -> None:
    core = a_core()
    task = await _snoozed_task(core, await _register(core))
    core.clock.advance(HOUR)
    (lost,) = await core.claim_due()
    core.clock.advance(HOUR)
    (newer,) = await core.claim_due()

    await core.deliver(lost)

    assert core.notifier.notifications == []
    assert await _reminder(core, task) == newer


async def test_a_ring_for_a_reminder_that_is_gone_does_nothing() -> None:
    core = a_core()

    await core.deliver(a_reminder().claim(until=NOW))

    assert core.notifier.notifications == []


@pytest.mark.parametrize("way", ["complete", "reschedule", "delete", "snooze"])
async def test_what_is_taken_back_after_the_claim_is_not_sent(way: str) -> None:
    core = a_core()
    anna = await _register(core)
    task = await _snoozed_task(core, anna)
    core.clock.advance(HOUR)
    (claim,) = await core.claim_due()

    match way:
        case "complete":
            await core.tasks.complete(task.id, actor=anna.id)
        case "reschedule":
            await core.tasks.reschedule(task.id, None, actor=anna.id)
        case "snooze":
            await core.tasks.snooze(task.id, until=NOW + 3 * HOUR, actor=anna.id)
        case _:
            await core.tasks.delete(task.id, actor=anna.id)
    await core.deliver(claim)

    assert core.notifier.notifications == []


async def test_what_is_taken_back_while_it_waits_for_its_turn_is_not_sent() -> None:
    class Slow(NoLimits):
        """Somebody completes the task while its reminder waits."""

        async def reserve(self, telegram_id: int, **_: Any) -> timedelta | None:
            await core.tasks.complete(task.id, actor=anna.id)
            return timedelta(0)

    core = a_core(limiter=Slow())
    anna = await _register(core)
    task = await _snoozed_task(core, anna)
    core.clock.advance(HOUR)

    await core.deliver_due()

    assert core.notifier.notifications == []
    assert (await _reminder(core, task)).state is ReminderState.CANCELLED


async def test_a_reminder_of_a_completed_task_that_came_back_to_the_plan_is_dropped() -> None:
    core = a_core()
    anna = await _register(core)
    view = await core.tasks.create(CreateTask(actor=anna.id, title="Buy milk"))
    await core.tasks.complete(view.task.id, actor=anna.id)
    back = a_reminder_of(view.task)  # as after a failed send that outlived the task
    await core.transactions.run(lambda uow: uow.reminders.add([back]))

    await core.deliver_due()

    assert core.notifier.notifications == []
    assert (await _reminder(core, view.task)).state is ReminderState.CANCELLED


async def test_who_would_wait_too_long_goes_back_to_the_plan_without_a_failure() -> None:
    core = a_core()
    task = await _snoozed_task(core, await _register(core))
    core.clock.advance(HOUR)
    while (await core.limiter.reserve(7, patience=PATIENCE)) is not None:
        pass

    (claim,) = await core.claim_due()
    await core.deliver(claim)

    put_off = await _reminder(core, task)
    assert put_off == evolve(claim, state=ReminderState.PLANNED, available_at=NOW + HOUR + PATIENCE)
    core.clock.advance(2 * PATIENCE)
    await core.deliver_due()
    assert len(core.notifier.notifications) == 1


async def test_what_is_due_in_a_pause_is_not_claimed_again_before_its_end() -> None:
    core = a_core()
    task = await _snoozed_task(core, await _register(core))
    core.clock.advance(HOUR)
    await core.limiter.pause(60 * SECOND)

    await core.deliver_due()

    put_off = await _reminder(core, task)
    assert (put_off.state, put_off.failures) == (ReminderState.PLANNED, 0)
    assert put_off.available_at == NOW + HOUR + 60 * SECOND


async def test_a_pause_that_begins_while_somebody_waits_holds_for_them_too() -> None:
    class Interrupted(NoLimits):
        """Whoever has waited finds that somebody else met the messenger's limit."""

        async def reserve(self, telegram_id: int, **_: Any) -> timedelta | None:
            return 2 * SECOND

        async def pause_left(self) -> timedelta:
            return 30 * SECOND

    core = a_core(limiter=Interrupted())
    task = await _snoozed_task(core, await _register(core))
    core.clock.advance(HOUR)

    await core.deliver_due()

    assert core.notifier.notifications == []
    put_off = await _reminder(core, task)
    assert (put_off.state, put_off.failures) == (ReminderState.PLANNED, 0)
    assert put_off.available_at == NOW + HOUR + 32 * SECOND


async def test_a_reminder_that_replies_keep_from_its_turn_goes_back_to_the_plan() -> None:
    class Busy(NoLimits):
        """There is always one more reply."""

        async def reserve(self, telegram_id: int, **_: Any) -> timedelta | None:
            return SECOND

        async def take_turn(self, telegram_id: int) -> timedelta:
            return SECOND

    core = a_core(limiter=Busy())
    task = await _snoozed_task(core, await _register(core))
    core.clock.advance(HOUR)

    await core.deliver_due()

    assert core.notifier.notifications == []
    put_off = await _reminder(core, task)
    assert (put_off.state, put_off.failures) == (ReminderState.PLANNED, 0)


async def test_who_sleeps_through_their_turn_waits_for_another() -> None:
    class Sleepy(ManualClock):
        """The machine stands still for a while, the first time that somebody waits."""

        asleep = 2 * SECOND

        async def sleep(self, duration: timedelta) -> None:
            self.advance(duration + self.asleep)
            self.asleep = timedelta(0)

    clock = Sleepy(NOW)
    core = a_core(clock=clock)
    task = await _snoozed_task(core, await _register(core))
    core.clock.advance(HOUR)
    await core.limiter.reserve(7, patience=PATIENCE)

    await core.deliver_due()

    sent = await _reminder(core, task)
    assert sent.state is ReminderState.SENT
    # Its turn was after a second, which it missed; what was booked then, it keeps away from.
    assert sent.sent_at == NOW + HOUR + 3 * SECOND
    assert await core.limiter.reserve(7, patience=PATIENCE) == SECOND
