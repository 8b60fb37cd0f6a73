"""Delivery: every outcome that is not success, and what follows from it."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Self

import pytest
from attrs import evolve, frozen

from support.builders import NOW
from support.core import Core, a_core
from taskbot.adapters.memory import (
    MemoryDatabase,
    MemoryQueries,
    MemoryTransactions,
    MemoryUnitOfWork,
)
from taskbot.application.delivery import REJECTED_PAUSE
from taskbot.application.ports import (
    AlertKind,
    DeliveryProblem,
    LimitReached,
    Notification,
    NotifierRejected,
    NotSent,
    OutcomeUnknown,
    PersonUnreachable,
    Receipt,
    Refused,
    StorageUnavailable,
)
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.application.views import Letter
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
LEASE = DeliveryPolicy().lease
DUE = NOW + HOUR


async def _due_task(core: Core, telegram_id: int = 7, title: str = "Buy milk") -> Task:
    """Give a task whose one reminder is due now, at `DUE`."""
    owner = (await core.users.meet(MeetUser(telegram_id=telegram_id, name="Anna"))).user
    view = await core.tasks.create(CreateTask(actor=owner.id, title=title))
    core.clock.advance(NOW - core.clock.now())
    await core.tasks.snooze(view.task.id, until=DUE, actor=owner.id)
    core.clock.advance(HOUR)
    return view.task


async def _core_meeting(*problems: DeliveryProblem | None) -> tuple[Core, Task]:
    """Give a core whose next messages meet *problems*, and a task to be reminded of."""
    core = a_core()
    core.notifier.problems.extend(problems)
    return core, await _due_task(core)


async def _reminder(core: Core, task: Task) -> Reminder:
    card = await core.tasks.card(task.id, actor=task.owner_id)
    (reminder,) = card.reminders
    return reminder


async def _owner(core: Core, task: Task) -> User:
    return await core.users.get(task.owner_id)


def _alerts(core: Core) -> Sequence[AlertKind]:
    return [alert.kind for alert in core.alerts.alerts]


async def _deliver_for(core: Core, duration: timedelta, step: timedelta = SECOND) -> None:
    """Let *duration* pass, and deliver whatever becomes due in it."""
    for _ in range(round(duration / step)):
        await core.deliver_due()
        core.clock.advance(step)


async def test_a_limit_makes_everybody_wait_and_costs_no_patience() -> None:
    core, task = await _core_meeting(LimitReached(30 * SECOND))
    other = await _due_task(core, telegram_id=8)

    await core.deliver_due()

    assert core.notifier.notifications == []
    assert await core.limiter.pause_left() == 30 * SECOND
    for waiting in (await _reminder(core, task), await _reminder(core, other)):
        assert (waiting.state, waiting.failures) == (ReminderState.PLANNED, 0)
    await _deliver_for(core, 40 * SECOND)
    for sent in (await _reminder(core, task), await _reminder(core, other)):
        assert sent.sent_at is not None
        assert DUE + 30 * SECOND <= sent.sent_at <= DUE + 31 * SECOND
    assert len(core.notifier.notifications) == 2
    assert _alerts(core) == []


async def test_a_limit_may_be_met_any_number_of_times() -> None:
    core, task = await _core_meeting(*[LimitReached(SECOND)] * 50)

    await _deliver_for(core, 200 * SECOND)

    assert (await _reminder(core, task)).state is ReminderState.SENT


async def test_what_was_not_sent_is_tried_again_after_growing_waits() -> None:
    core, task = await _core_meeting(*[NotSent("no route")] * 3)
    waits = []

    for _ in range(3):
        await core.deliver_due()
        put_off = await _reminder(core, task)
        assert put_off.available_at is not None
        waits.append(put_off.available_at - core.clock.now())
        core.clock.advance(waits[-1])
    failed = await _reminder(core, task)
    await core.deliver_due()

    assert waits == [1.5 * SECOND, 3 * SECOND, 6 * SECOND]  # three quarters of 2, 4, 8
    assert (failed.failures, failed.last_error) == (3, "no route")
    sent = await _reminder(core, task)
    assert (sent.state, sent.last_error) == (ReminderState.SENT, None)
    assert len(core.notifier.notifications) == 1
    assert _alerts(core) == []


async def test_the_last_failure_makes_a_dead_letter_and_tells_the_operator() -> None:
    core, task = await _core_meeting(*[NotSent("no route")] * 11)

    await _deliver_for(core, 2 * HOUR, step=10 * SECOND)

    dead = await _reminder(core, task)
    assert (dead.state, dead.last_error) == (ReminderState.FAILED, "no route")
    assert len(core.notifier.problems) == 1  # ten tries, and no more
    assert _alerts(core) == [AlertKind.DEAD_LETTER]
    assert await core.dispatch.next_due_at() is None


async def test_an_unknown_outcome_is_repeated_once() -> None:
    core, task = await _core_meeting(OutcomeUnknown("timed out"))

    await _deliver_for(core, 10 * SECOND)

    sent = await _reminder(core, task)
    assert (sent.state, sent.uncertain, sent.failures) == (ReminderState.SENT, 1, 0)
    assert _alerts(core) == []


async def test_an_outcome_that_stays_unknown_is_left_so_and_counted() -> None:
    core, task = await _core_meeting(*[OutcomeUnknown("timed out")] * 3)

    await _deliver_for(core, HOUR, step=10 * SECOND)

    left = await _reminder(core, task)
    assert (left.state, left.uncertain, left.last_error) == (
        ReminderState.UNKNOWN,
        2,
        "timed out",
    )
    assert len(core.notifier.problems) == 1  # sent twice, and never again
    assert _alerts(core) == [AlertKind.OUTCOME_UNKNOWN]


async def test_who_blocked_the_bot_is_lost_and_their_reminders_are_kept() -> None:
    core, task = await _core_meeting(PersonUnreachable("blocked"))
    second = await _due_task(core)
    stranger = await _due_task(core, telegram_id=8)

    await core.deliver_due()

    assert not (await _owner(core, task)).reachable
    for kept in (await _reminder(core, task), await _reminder(core, second)):
        assert (kept.state, kept.available_at) == (ReminderState.PLANNED, None)
    assert [notice.task.id for one in core.notifier.notifications for notice in one.notices] == [
        stranger.id
    ]
    assert await core.dispatch.next_due_at() is None
    assert _alerts(core) == []


async def test_who_returns_gets_what_was_kept_and_is_told_how_late_it_is() -> None:
    core, task = await _core_meeting(PersonUnreachable("blocked"))
    await core.deliver_due()
    core.clock.advance(5 * HOUR)

    await core.users.meet(MeetUser(telegram_id=7, name="Anna"))
    await core.deliver_due()

    (notification,) = core.notifier.notifications
    (notice,) = notification.notices
    assert (notice.task.id, notice.late_by) == (task.id, 5 * HOUR)
    assert (await _reminder(core, task)).state is ReminderState.SENT


@frozen
class _Behind(MemoryQueries):
    """Shows people as they were before they returned."""

    async def letters(self, reminder_ids: Collection[ReminderId]) -> list[Letter]:
        letters = await super().letters(reminder_ids)
        return [evolve(letter, user=letter.user.lose()) for letter in letters]


async def test_who_returns_while_their_reminder_is_put_on_hold_gets_it_all_the_same() -> None:
    database = MemoryDatabase()
    behind = a_core(transactions=MemoryTransactions(database), queries=_Behind(database))
    task = await _due_task(behind)

    (claim,) = await behind.claim_due()
    await behind.deliver(claim)

    assert behind.notifier.notifications == []
    assert (await _reminder(behind, task)).available_at == DUE


async def test_a_refused_message_is_a_dead_letter_at_once() -> None:
    core, task = await _core_meeting(Refused("can't parse entities"))

    await _deliver_for(core, 10 * SECOND)

    dead = await _reminder(core, task)
    assert (dead.state, dead.last_error) == (ReminderState.FAILED, "can't parse entities")
    assert core.notifier.notifications == []
    assert _alerts(core) == [AlertKind.DEAD_LETTER]


async def test_a_problem_that_nobody_has_heard_of_is_a_dead_letter() -> None:
    core, task = await _core_meeting(DeliveryProblem("odd"))

    await core.deliver_due()

    assert (await _reminder(core, task)).state is ReminderState.FAILED
    assert _alerts(core) == [AlertKind.DEAD_LETTER]


async def test_refused_credentials_stop_everybody_for_a_while() -> None:
    core, task = await _core_meeting(NotifierRejected("unauthorized"))
    other = await _due_task(core, telegram_id=8)

    await core.deliver_due()

    assert _alerts(core) == [AlertKind.TOKEN_REJECTED]
    assert await core.limiter.pause_left() == REJECTED_PAUSE
    assert core.notifier.notifications == []
    await _deliver_for(core, 2 * REJECTED_PAUSE, step=10 * SECOND)
    for sent in (await _reminder(core, task), await _reminder(core, other)):
        assert (sent.state, sent.failures) == (ReminderState.SENT, 0)
    assert _alerts(core) == [AlertKind.TOKEN_REJECTED]


async def test_an_alert_names_the_reminder_and_nothing_personal() -> None:
    core = a_core()
    core.notifier.problems.append(Refused("bad request"))
    task = await _due_task(core, title="Divorce lawyer")

    await core.deliver_due()

    (alert,) = core.alerts.alerts
    assert alert.subject == "bad request"
    assert alert.text == f"reminder {(await _reminder(core, task)).id}"


class _ProcessDied(BaseException):
    """Nobody is left to catch it."""


class _Deadly:
    """Takes messages, and the sender's life: for the first *deaths* of them."""

    def __init__(self, deaths: int) -> None:
        self.deaths = deaths
        self.taken: list[Notification] = []

    async def send(self, notification: Notification) -> Receipt:
        self.taken.append(notification)
        if self.deaths > 0:
            self.deaths -= 1
            raise _ProcessDied
        return Receipt(message_id=1)


async def _die(core: Core) -> None:
    with pytest.raises(_ProcessDied):
        await core.deliver_due()


async def test_a_reminder_whose_sender_died_is_sent_again_when_the_lease_ends() -> None:
    notifier = _Deadly(deaths=1)
    core = a_core(notifier=notifier)
    task = await _due_task(core)
    await _die(core)

    await _deliver_for(core, LEASE - SECOND)
    assert len(notifier.taken) == 1
    await _deliver_for(core, 2 * SECOND)

    assert len(notifier.taken) == 2
    sent = await _reminder(core, task)
    assert (sent.state, sent.attempt, sent.failures) == (ReminderState.SENT, 2, 1)


async def test_a_reminder_that_kills_every_sender_is_given_up() -> None:
    notifier = _Deadly(deaths=100)
    core = a_core(notifier=notifier, policy=DeliveryPolicy(failures_allowed=3))
    task = await _due_task(core)

    for _ in range(3):
        await _die(core)
        core.clock.advance(LEASE)
    await core.deliver_due()

    assert len(notifier.taken) == 3
    assert (await _reminder(core, task)).state is ReminderState.FAILED
    assert _alerts(core) == [AlertKind.DEAD_LETTER]


class _AwayFor(MemoryUnitOfWork):
    """Storage that cannot be reached for some *moments*."""

    def __init__(self, database: MemoryDatabase, moments: list[None]) -> None:
        super().__init__(database)
        self._moments = moments

    async def __aenter__(self) -> Self:
        if self._moments:
            self._moments.pop()
            raise StorageUnavailable
        return await super().__aenter__()


def _away_for(database: MemoryDatabase, moments: list[None]) -> MemoryTransactions:
    return MemoryTransactions(database, lambda database: _AwayFor(database, moments))


class _Outage:
    """Takes the message; when it comes back the storage is away."""

    def __init__(self, moments: list[None], problem: DeliveryProblem | None) -> None:
        self.moments, self.problem = moments, problem
        self.taken = 0

    async def send(self, notification: Notification) -> Receipt:
        self.taken += 1
        self.moments.extend([None] * 4)
        if self.problem is not None:
            raise self.problem
        return Receipt(message_id=5)


@pytest.mark.parametrize(
    ("problem", "state"),
    [
        (None, ReminderState.SENT),
        (NotSent("no route"), ReminderState.PLANNED),
        (OutcomeUnknown("timed out"), ReminderState.PLANNED),
    ],
)
async def test_an_outcome_is_recorded_although_the_storage_was_away(
    problem: DeliveryProblem | None, state: ReminderState
) -> None:
    database, moments = MemoryDatabase(), list[None]()
    notifier = _Outage(moments, problem)
    core = a_core(
        transactions=_away_for(database, moments),
        queries=MemoryQueries(database),
        notifier=notifier,
    )
    task = await _due_task(core)

    (claim,) = await core.claim_due()
    await core.deliver(claim)

    assert notifier.taken == 1
    assert (await _reminder(core, task)).state is state


async def test_a_storage_that_stays_away_is_reported_and_the_reminder_comes_back() -> None:
    database, moments = MemoryDatabase(), list[None]()
    core = a_core(transactions=_away_for(database, moments), queries=MemoryQueries(database))
    task = await _due_task(core)
    (claim,) = await core.claim_due()
    moments.extend([None] * 100)

    with pytest.raises(StorageUnavailable):
        await core.deliver(claim)

    assert core.notifier.notifications == []  # not sent: the attempt could not be written down
    moments.clear()
    core.clock.advance(LEASE)
    await core.deliver_due()
    assert (await _reminder(core, task)).state is ReminderState.SENT


class _Slow:
    """Takes so long over the first message that its lease ends and another worker sends it."""

    def __init__(self) -> None:
        self.core: Core
        self.taken = 0

    async def send(self, notification: Notification) -> Receipt:
        self.taken += 1
        number = self.taken
        if number == 1:
            self.core.clock.advance(LEASE)
            await self.core.deliver_due()
        return Receipt(message_id=number)


async def test_a_worker_that_lost_its_lease_does_not_overwrite_the_newer_attempt() -> None:
    notifier = _Slow()
    notifier.core = core = a_core(notifier=notifier)
    task = await _due_task(core)

    await core.deliver_due()

    sent = await _reminder(core, task)
    assert (sent.state, sent.attempt, sent.message_id) == (ReminderState.SENT, 2, 2)
