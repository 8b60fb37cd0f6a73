"""Any sequence of use cases, deliveries and accidents, against the simplest model of a promise."""

import asyncio
import contextlib
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Final, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import pytest
from attrs import define, field
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from support.backends import one_process
from support.builders import NOW
from support.core import a_core
from taskbot.adapters.memory import ManualClock
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
from taskbot.application.tasks import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.errors import (
    DeadlineInPast,
    TaskAlreadyCompleted,
    TaskNotCompleted,
    TaskNotFound,
)
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.reminder import PENDING, Reminder, ReminderKind, ReminderState

_T = TypeVar("_T")
Promise: TypeAlias = tuple[datetime, ReminderKind]

HOUR: Final = timedelta(hours=1)
ME: Final = MeetUser(telegram_id=7, name="Anna")
ALLOWED_FAILURES: Final = 3


class ProcessDied(BaseException):
    """The sender is gone: after it called, before or after the message arrived."""


OUTCOMES: Final[dict[str, DeliveryProblem | ProcessDied | None]] = {
    "sent": None,
    "limit": LimitReached(timedelta(seconds=20)),
    "not sent": NotSent("no route"),
    "unknown": OutcomeUnknown("timed out"),
    "blocked": PersonUnreachable("blocked"),
    "refused": Refused("can't parse"),
    "died": ProcessDied(),
}
outcomes = st.sampled_from(sorted(OUTCOMES))

# Mostly ahead, and rarely so little that nothing is left to remind of.
timed = st.tuples(
    st.just("timed"),
    st.sampled_from([2 * HOUR, HOUR / 2, 26 * HOUR, HOUR, timedelta(0), -HOUR])
    | st.timedeltas(timedelta(minutes=1), 3 * HOUR),
)
days = st.tuples(st.just("day"), st.sampled_from([1, 2, 0, -1]).map(timedelta))
deadlines = timed | days | st.none()
zones = st.sampled_from(["Europe/Moscow", "America/New_York", "Asia/Tokyo"])


class FickleNotifier:
    """Does as it is told, once; then behaves again."""

    def __init__(self) -> None:
        self.outcome = "sent"
        self.calls: list[tuple[Notification, str]] = []

    async def send(self, notification: Notification) -> Receipt:
        outcome, self.outcome = self.outcome, "sent"
        self.calls.append((notification, outcome))
        problem = OUTCOMES[outcome]
        if problem is not None:
            raise problem
        return Receipt(message_id=len(self.calls))


@define
class ModelTask:
    """*promised*: what must still come. *in_limbo*: what a dead process was sending."""

    deadline: Deadline | None
    is_open: bool = True
    promised: Counter[Promise] = field(factory=Counter)
    in_limbo: set[ReminderId] = field(factory=set)


class ReminderMachine(RuleBasedStateMachine):
    backend: ClassVar[str] = "memory"

    task_ids: Bundle[TaskId] = Bundle("task_ids")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.resources = contextlib.AsyncExitStack()
        folder = Path(self.resources.enter_context(tempfile.TemporaryDirectory()))
        self.storage = self.run(
            self.resources.enter_async_context(one_process(self.backend, folder))
        )
        self.clock = ManualClock(NOW, skips_sleep=True)
        self.notifier = FickleNotifier()
        self.core = a_core(
            clock=self.clock,
            transactions=self.storage.transactions,
            queries=self.storage.queries,
            notifier=self.notifier,
            policy=DeliveryPolicy(failures_allowed=ALLOWED_FAILURES),
        )
        self.me = self.run(self.core.users.meet(ME)).user.id
        self.zone = "Europe/Moscow"
        self.tasks: dict[TaskId, ModelTask] = {}
        self.failures: Counter[ReminderId] = Counter()
        self.doubts: Counter[ReminderId] = Counter()
        self.sent: set[ReminderId] = set()
        self.refused: set[ReminderId] = set()

    def run(self, step: Coroutine[Any, Any, _T]) -> _T:
        return self.runner.get_loop().run_until_complete(step)  # `run` costs three times as much

    def teardown(self) -> None:
        self.everything_due_arrives()
        self.run(self.resources.aclose())
        self.runner.close()

    # What the model says.

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def local_day(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def deadline_of(self, drawn: tuple[str, timedelta] | None) -> Deadline | None:
        match drawn:
            case None:
                return None
            case "timed", ahead:
                return TimedDeadline(self.now + ahead, self.zone)
            case _, ahead:
                return DayDeadline(self.local_day() + ahead, self.zone)

    def is_over(self, deadline: Deadline | None) -> bool:
        match deadline:
            case None:
                return False
            case TimedDeadline(due_at=due_at):
                return due_at <= self.now
            case DayDeadline(due_on=day):
                return day < self.local_day()

    def plan(self, deadline: Deadline | None) -> Counter[Promise]:
        promises: list[Promise] = []
        match deadline:
            case TimedDeadline(due_at=due_at):
                promises = [(due_at - HOUR, ReminderKind.LEAD), (due_at, ReminderKind.DUE)]
            case DayDeadline(due_on=day, timezone=timezone):
                nine = datetime.combine(day, time(9), ZoneInfo(timezone)).astimezone(UTC)
                promises = [(nine, ReminderKind.DAY)]
        return Counter(promise for promise in promises if promise[0] > self.now)

    # What people do.

    @initialize(target=task_ids)
    def begin_with_a_few_tasks(self) -> MultipleResults[TaskId]:
        few = [("timed", 2 * HOUR), ("timed", HOUR / 2), ("day", timedelta(1))]
        return multiple(*(self.create(drawn) for drawn in few))

    @rule(target=task_ids, drawn=deadlines)
    def a_new_task(self, drawn: tuple[str, timedelta] | None) -> TaskId | MultipleResults[TaskId]:
        if self.is_over(self.deadline_of(drawn)):
            with pytest.raises(DeadlineInPast):
                self.create(drawn)
            return multiple()
        return self.create(drawn)

    def create(self, drawn: tuple[str, timedelta] | None) -> TaskId:
        deadline = self.deadline_of(drawn)
        command = CreateTask(actor=self.me, title="Buy milk", deadline=deadline)
        view = self.run(self.core.tasks.create(command))
        self.tasks[view.task.id] = ModelTask(deadline, promised=self.plan(deadline))
        return view.task.id

    @rule(task_id=task_ids)
    def complete(self, task_id: TaskId) -> None:
        known = self.tasks[task_id]
        if not known.is_open:
            with pytest.raises(TaskAlreadyCompleted):
                self.run(self.core.tasks.complete(task_id, actor=self.me))
            return
        self.run(self.core.tasks.complete(task_id, actor=self.me))
        known.is_open = False
        known.promised.clear()

    @rule(task_id=task_ids)
    def reopen(self, task_id: TaskId) -> None:
        known = self.tasks[task_id]
        if known.is_open:
            with pytest.raises(TaskNotCompleted):
                self.run(self.core.tasks.reopen(task_id, actor=self.me))
            return
        self.run(self.core.tasks.reopen(task_id, actor=self.me))
        known.is_open = True
        known.promised = self.plan(known.deadline)

    @rule(task_id=task_ids, drawn=deadlines)
    def reschedule(self, task_id: TaskId, drawn: tuple[str, timedelta] | None) -> None:
        known, deadline = self.tasks[task_id], self.deadline_of(drawn)
        move = self.core.tasks.reschedule(task_id, deadline, actor=self.me)
        if not known.is_open:
            with pytest.raises(TaskAlreadyCompleted):
                self.run(move)
        elif self.is_over(deadline):
            with pytest.raises(DeadlineInPast):
                self.run(move)
        else:
            self.run(move)
            known.deadline = deadline
            known.promised = self.plan(deadline)

    @rule(task_id=task_ids, ahead=st.timedeltas(timedelta(seconds=1), 2 * HOUR))
    def snooze(self, task_id: TaskId, ahead: timedelta) -> None:
        known, until = self.tasks[task_id], self.now + ahead
        snooze = self.core.tasks.snooze(task_id, until=until, actor=self.me)
        if not known.is_open:
            with pytest.raises(TaskAlreadyCompleted):
                self.run(snooze)
            return
        self.run(snooze)
        for promise in [one for one in known.promised if one[1] is ReminderKind.SNOOZE]:
            del known.promised[promise]
        known.promised[until, ReminderKind.SNOOZE] = 1

    @rule(task_id=consumes(task_ids))
    def delete(self, task_id: TaskId) -> None:
        self.run(self.core.tasks.delete(task_id, actor=self.me))
        del self.tasks[task_id]
        with pytest.raises(TaskNotFound):
            self.run(self.core.tasks.complete(task_id, actor=self.me))

    @rule(zone=zones)
    def move(self, zone: str) -> None:
        self.run(self.core.users.move_to(zone, actor=self.me))
        self.zone = zone
        for known in self.tasks.values():
            if known.is_open and known.deadline is not None:
                known.deadline = known.deadline.in_timezone(zone)
            if known.is_open and isinstance(known.deadline, DayDeadline):
                for promise in [one for one in known.promised if one[1] is ReminderKind.DAY]:
                    del known.promised[promise]
                known.promised += self.plan(known.deadline)

    @rule()
    def write_to_the_bot(self) -> None:
        self.run(self.core.users.meet(ME))

    # What happens meanwhile.

    @rule(by=st.timedeltas(timedelta(0), 2 * HOUR) | st.sampled_from([timedelta(days=1), HOUR]))
    def time_passes(self, by: timedelta) -> None:
        self.clock.advance(by)

    @rule(limit=st.integers(1, 5))
    def dispatch(self, limit: int) -> None:
        self.run(self.core.dispatch.dispatch_due(limit=limit))

    @precondition(lambda self: self.core.queue.claims)
    @rule(data=st.data(), outcome=outcomes, repeat=st.booleans())
    def deliver(self, data: st.DataObject, outcome: str, repeat: bool) -> None:  # noqa: FBT001 - drawn
        claims = self.core.queue.claims
        place = data.draw(st.integers(0, len(claims) - 1))
        claim = claims[place] if repeat else claims.pop(place)
        self.deliver_claim(claim, outcome)

    @rule(outcome=outcomes)
    def the_next_one_becomes_due(self, outcome: str) -> None:
        """What the rules around this one do in some lucky order, at once."""
        next_due = self.run(self.core.dispatch.next_due_at())
        if next_due is not None:
            self.clock.advance(max(next_due - self.now, timedelta(0)))
            self.run(self.core.dispatch.dispatch_due(limit=1))
            self.deliver_claim(self.core.queue.claims.pop(), outcome)

    @precondition(lambda self: self.core.queue.claims)
    @rule()
    def the_queue_loses_everything(self) -> None:
        self.core.queue.claims.clear()

    def deliver_claim(self, claim: Reminder, outcome: str) -> None:
        self.notifier.outcome, before = outcome, len(self.notifier.calls)
        with contextlib.suppress(ProcessDied):
            self.run(self.core.delivery.deliver(claim.id, attempt=claim.attempt))
        calls = self.notifier.calls[before:]
        self.notifier.outcome = "sent"
        assert len(calls) <= 1
        for notification, happened in calls:
            self.account_for(notification, happened)
        if not calls:
            self.account_for_silence(claim)

    def account_for(self, notification: Notification, outcome: str) -> None:
        reminder, known = notification.reminder, self.tasks.get(notification.task.id)
        promise = (reminder.fire_at, reminder.kind)
        assert known is not None, "nothing is sent about a deleted task"
        assert known.is_open, "nothing is sent about a completed task"
        assert promise in known.promised or reminder.id in known.in_limbo, "only what was promised"
        assert reminder.fire_at <= self.now, "nothing is sent early"
        assert reminder.id not in self.sent, "nothing that arrived is sent again"
        if outcome == "died":
            known.in_limbo.add(reminder.id)
            self.failures[reminder.id] += 1
            del known.promised[promise]
            return
        self.failures[reminder.id] += outcome == "not sent"
        self.doubts[reminder.id] += outcome == "unknown"
        if outcome == "sent":
            self.sent.add(reminder.id)
        if outcome == "refused":
            self.refused.add(reminder.id)
        if (
            outcome in {"sent", "refused"}
            or self.failures[reminder.id] >= ALLOWED_FAILURES
            or self.doubts[reminder.id] > 1
        ):
            self.settle(known, reminder)

    def settle(self, known: ModelTask, reminder: Reminder) -> None:
        if reminder.id in known.in_limbo:
            known.in_limbo.remove(reminder.id)
        else:
            del known.promised[reminder.fire_at, reminder.kind]

    def account_for_silence(self, claim: Reminder) -> None:
        """A claim may be outdated, or wait; or the reminder has killed one sender too many."""
        if claim.task_id in self.tasks:
            stored = self.run(self.storage.reminder(claim.id))
            if stored.state is ReminderState.FAILED and claim.id not in self.refused:
                assert self.failures[claim.id] >= ALLOWED_FAILURES

    @rule()
    def everything_due_arrives(self) -> None:
        """Given a messenger that behaves, and time, nothing that is due stays undelivered."""
        due_by = self.now
        self.run(self.core.users.meet(ME))
        for _ in range(12):
            self.clock.advance(timedelta(minutes=1))
            self.run(self.core.dispatch.dispatch_due(limit=100))
            claims, self.core.queue.claims[:] = list(self.core.queue.claims), []
            for claim in claims:
                self.deliver_claim(claim, "sent")
        for known in self.tasks.values():
            if known.is_open:
                assert all(fire_at > due_by for fire_at, _ in known.promised)
                for reminder_id in known.in_limbo:
                    assert self.run(self.storage.reminder(reminder_id)).state not in PENDING

    # What is always true.

    @invariant()
    def every_open_task_has_the_reminders_that_were_promised(self) -> None:
        for task_id, known in self.tasks.items():
            card = self.run(self.core.tasks.card(task_id, actor=self.me))
            pending = [
                (reminder.fire_at, reminder.kind)
                for reminder in card.reminders
                if reminder.state in PENDING and reminder.id not in known.in_limbo
            ]
            assert card.task.is_open == known.is_open
            assert card.task.deadline == known.deadline
            assert Counter(pending) == known.promised

    @invariant()
    def no_second_has_seen_more_than_one_message_to_one_person(self) -> None:
        # Every send is recorded at its moment, or its process died; either way it was a call.
        cards = [self.run(self.core.tasks.card(task_id, actor=self.me)) for task_id in self.tasks]
        moments = sorted(one.sent_at for card in cards for one in card.reminders if one.sent_at)
        assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(moments))


class SqliteReminderMachine(ReminderMachine):
    backend = "sqlite"


class PostgresqlReminderMachine(ReminderMachine):
    backend = "postgresql"


TestReminderEngineInMemory = ReminderMachine.TestCase
TestReminderEngineInMemory.settings = settings(max_examples=80, stateful_step_count=40)
TestReminderEngineOnSqlite = SqliteReminderMachine.TestCase
TestReminderEngineOnSqlite.settings = settings(max_examples=8, stateful_step_count=20)
TestReminderEngineOnPostgresql = PostgresqlReminderMachine.TestCase
TestReminderEngineOnPostgresql.settings = settings(max_examples=8, stateful_step_count=20)
