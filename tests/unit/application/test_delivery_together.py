"""Delivery: what is due to one person at once goes into one message."""

from datetime import timedelta
from typing import Any

import pytest

from support.builders import NOW
from support.core import Core, a_core
from support.limits import NoLimits
from taskbot.application.delivery import TOGETHER
from taskbot.application.ports import (
    DeliveryProblem,
    LimitReached,
    Notification,
    NotSent,
    OutcomeUnknown,
    PersonUnreachable,
    Receipt,
    Refused,
)
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.ids import TaskId
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


async def _anna(core: Core, telegram_id: int = 7) -> User:
    return (await core.users.meet(MeetUser(telegram_id=telegram_id, name="Anna"))).user


async def _tasks(core: Core, owner: User, number: int) -> list[Task]:
    """Give *number* tasks with one reminder each, all of them due in an hour."""
    tasks = []
    for n in range(number):
        view = await core.tasks.create(CreateTask(actor=owner.id, title=f"Task {n}"))
        await core.tasks.snooze(view.task.id, until=NOW + HOUR, actor=owner.id)
        tasks.append(view.task)
    return tasks


async def _reminder(core: Core, task: Task) -> Reminder:
    card = await core.tasks.card(task.id, actor=task.owner_id)
    (reminder,) = card.reminders
    return reminder


def _told(core: Core) -> list[list[TaskId]]:
    return [[one.task.id for one in message.notices] for message in core.notifier.notifications]


async def test_what_is_due_at_once_comes_in_one_message() -> None:
    core = a_core()
    anna = await _anna(core)
    tasks = await _tasks(core, anna, 3)
    core.clock.advance(HOUR)

    await core.deliver_due()

    (told,) = _told(core)
    assert sorted(told) == sorted(task.id for task in tasks)
    for task in tasks:
        sent = await _reminder(core, task)
        assert (sent.state, sent.message_id, sent.sent_at) == (ReminderState.SENT, 1, NOW + HOUR)


async def test_nobody_gets_what_is_due_to_somebody_else() -> None:
    core = a_core()
    anna, boris = await _anna(core), await _anna(core, telegram_id=8)
    for owner in (anna, boris):
        await _tasks(core, owner, 2)
    core.clock.advance(HOUR)

    await core.deliver_due()

    for message in core.notifier.notifications:
        assert {one.task.owner_id for one in message.notices} == {message.user.id}
    assert len(core.notifier.notifications) == 2


async def test_what_is_not_due_yet_waits_for_its_own_moment() -> None:
    core = a_core()
    anna = await _anna(core)
    (now,) = await _tasks(core, anna, 1)
    later = await core.tasks.create(CreateTask(actor=anna.id, title="Later"))
    await core.tasks.snooze(later.task.id, until=NOW + 2 * HOUR, actor=anna.id)
    core.clock.advance(HOUR)

    await core.deliver_due()

    assert _told(core) == [[now.id]]
    core.clock.advance(HOUR)
    await core.deliver_due()
    assert _told(core) == [[now.id], [later.task.id]]


async def test_very_many_come_in_several_messages_that_keep_their_distance() -> None:
    core = a_core()
    anna = await _anna(core)
    tasks = await _tasks(core, anna, 2 * TOGETHER + 3)
    core.clock.advance(HOUR)

    await core.deliver_due()

    assert [len(told) for told in _told(core)] == [TOGETHER, TOGETHER, 3]
    assert sorted(task_id for told in _told(core) for task_id in told) == sorted(
        task.id for task in tasks
    )
    moments = {(await _reminder(core, task)).sent_at for task in tasks}
    assert moments == {NOW + HOUR + n * SECOND for n in range(3)}


async def test_several_promises_about_one_task_are_one_notice_of_the_newest() -> None:
    core = a_core()
    anna = await _anna(core)
    deadline = TimedDeadline(NOW + 2 * HOUR, anna.timezone)
    await core.tasks.create(CreateTask(actor=anna.id, title="Call", deadline=deadline))
    core.clock.advance(3 * HOUR)  # the reminder an hour ahead and the one at the moment are due

    await core.deliver_due()

    (message,) = core.notifier.notifications
    (notice,) = message.notices
    assert [one.fire_at for one in notice.reminders] == [NOW + HOUR, NOW + 2 * HOUR]
    assert notice.late_by == HOUR


async def test_a_claim_of_somebody_elses_is_taken_over_and_its_ring_does_nothing() -> None:
    core = a_core()
    anna = await _anna(core)
    await _tasks(core, anna, 3)
    core.clock.advance(HOUR)
    first, *others = await core.claim_due()

    await core.deliver(first)
    await core.deliver(*others)

    assert [len(told) for told in _told(core)] == [3]


async def test_a_task_completed_at_the_last_moment_is_left_out() -> None:
    class Slow(NoLimits):
        """Somebody completes a task while its message waits."""

        async def reserve(self, telegram_id: int, **_: Any) -> timedelta | None:
            await core.tasks.complete(done.id, actor=anna.id)
            return timedelta(0)

    core = a_core(limiter=Slow())
    anna = await _anna(core)
    first, done = await _tasks(core, anna, 2)
    core.clock.advance(HOUR)
    claims = {claim.task_id: claim for claim in await core.claim_due()}

    await core.deliver(claims[first.id])

    assert _told(core) == [[first.id]]


@pytest.mark.parametrize("problem", [LimitReached(30 * SECOND), NotSent("no route")])
async def test_what_could_not_be_sent_together_is_sent_together_later(
    problem: DeliveryProblem,
) -> None:
    core = a_core()
    core.notifier.problems.append(problem)
    anna = await _anna(core)
    await _tasks(core, anna, 3)
    core.clock.advance(HOUR)

    for _ in range(60):
        await core.deliver_due()
        core.clock.advance(SECOND)

    assert [len(told) for told in _told(core)] == [3]


async def test_who_blocked_the_bot_keeps_all_that_was_in_the_message() -> None:
    core = a_core()
    core.notifier.problems.append(PersonUnreachable("blocked"))
    anna = await _anna(core)
    tasks = await _tasks(core, anna, 3)
    core.clock.advance(HOUR)

    await core.deliver_due()

    for task in tasks:
        held = await _reminder(core, task)
        assert (held.state, held.available_at) == (ReminderState.PLANNED, None)
    await core.users.meet(MeetUser(telegram_id=7, name="Anna"))
    await core.deliver_due()
    assert [len(told) for told in _told(core)] == [3]


async def test_an_unknown_outcome_of_a_message_is_that_of_all_in_it() -> None:
    core = a_core()
    core.notifier.problems.extend([OutcomeUnknown("timed out")] * 2)
    anna = await _anna(core)
    tasks = await _tasks(core, anna, 2)
    core.clock.advance(HOUR)

    for _ in range(10):
        await core.deliver_due()
        core.clock.advance(SECOND)

    assert _told(core) == []
    states = {(await _reminder(core, task)).state for task in tasks}
    assert states == {ReminderState.UNKNOWN}


class _Picky:
    """Refuses whatever mentions one task."""

    def __init__(self) -> None:
        self.refused: TaskId | None = None
        self.taken: list[list[TaskId]] = []

    async def send(self, notification: Notification) -> Receipt:
        told = [one.task.id for one in notification.notices]
        if self.refused in told:
            raise Refused("can't parse entities")
        self.taken.append(told)
        return Receipt(1)


async def test_one_that_is_refused_does_not_take_the_others_along() -> None:
    picky = _Picky()
    core = a_core(notifier=picky)
    anna = await _anna(core)
    good, bad, fine = await _tasks(core, anna, 3)
    picky.refused = bad.id
    core.clock.advance(HOUR)

    await core.deliver_due()

    assert sorted(picky.taken) == sorted([[good.id], [fine.id]])
    assert (await _reminder(core, bad)).state is ReminderState.FAILED
    assert [alert.text for alert in core.alerts.alerts] == [
        f"reminder {(await _reminder(core, bad)).id}"
    ]


async def test_one_that_killed_its_sender_goes_alone_ever_after() -> None:
    class Died(BaseException):
        pass

    class Deadly:
        def __init__(self) -> None:
            self.taken: list[int] = []

        async def send(self, notification: Notification) -> Receipt:
            if not self.taken:
                self.taken.append(0)
                raise Died
            self.taken.append(len(notification.notices))
            return Receipt(1)

    deadly = Deadly()
    core = a_core(notifier=deadly)
    anna = await _anna(core)
    tasks = await _tasks(core, anna, 3)
    core.clock.advance(HOUR)
    with pytest.raises(Died):
        await core.deliver_due()

    core.clock.advance(DeliveryPolicy().lease)
    await core.deliver_due()

    assert deadly.taken == [0, 1, 1, 1]
    assert {(await _reminder(core, task)).failures for task in tasks} == {1}


@pytest.mark.parametrize("way", ["complete", "reschedule", "snooze", "delete"])
async def test_what_is_taken_back_while_it_is_being_sent_is_not_sent_again(way: str) -> None:
    class Changing:
        """The task changes while the message is under way, which then does not arrive."""

        calls = 0

        async def send(self, notification: Notification) -> Receipt:
            self.calls += 1
            (notice,) = notification.notices
            match way:
                case "complete":
                    await core.tasks.complete(notice.task.id, actor=anna.id)
                    await core.tasks.reopen(notice.task.id, actor=anna.id)
                case "reschedule":
                    await core.tasks.reschedule(notice.task.id, None, actor=anna.id)
                case "snooze":
                    until = NOW + 48 * HOUR
                    await core.tasks.snooze(notice.task.id, until=until, actor=anna.id)
                case _:
                    await core.tasks.delete(notice.task.id, actor=anna.id)
            raise NotSent("no route")

    changing = Changing()
    core = a_core(notifier=changing)
    anna = await _anna(core)
    await _tasks(core, anna, 1)
    core.clock.advance(HOUR)

    for _ in range(10):
        await core.deliver_due()
        core.clock.advance(10 * SECOND)

    assert changing.calls == 1
    assert core.alerts.alerts == []


async def test_what_was_taken_back_from_a_sender_that_died_is_not_sent_again() -> None:
    class Died(BaseException):
        pass

    class Deadly:
        calls = 0

        async def send(self, notification: Notification) -> Receipt:
            self.calls += 1
            raise Died

    deadly = Deadly()
    core = a_core(notifier=deadly)
    anna = await _anna(core)
    (task,) = await _tasks(core, anna, 1)
    core.clock.advance(HOUR)
    with pytest.raises(Died):
        await core.deliver_due()
    await core.tasks.reschedule(task.id, None, actor=anna.id)

    core.clock.advance(DeliveryPolicy().lease)
    await core.deliver_due()

    assert deadly.calls == 1
    assert (await _reminder(core, task)).state is ReminderState.CANCELLED


async def test_a_chat_that_has_moved_is_remembered() -> None:
    class Moving:
        async def send(self, notification: Notification) -> Receipt:
            moved = notification.user.chat_id == notification.user.telegram_id
            return Receipt(1, moved_to=-100_123 if moved else None)

    core = a_core(notifier=Moving())
    anna = await _anna(core)
    await _tasks(core, anna, 1)
    core.clock.advance(HOUR)

    await core.deliver_due()

    assert (await core.users.get(anna.id)).chat_id == -100_123
