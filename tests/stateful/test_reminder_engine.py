"""Any sequence of use cases, deliveries and accidents, against the simplest model of a promise."""

import asyncio
import contextlib
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
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
from ulid import ULID

from support.backends import one_process
from support.builders import NOW
from support.core import a_core
from support.mortality import Fate, Mortal, MortalTransactions, ProcessDied
from taskbot.adapters.memory import LocalSendLimiter, ManualClock
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
    TaskPageRequest,
)
from taskbot.application.task_commands import CreateTask, EditTask
from taskbot.application.users import EditUser, MeetUser
from taskbot.application.views import TaskCard
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.deadline_policy import MOMENTS_LIMIT
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.errors import (
    DeadlineInPast,
    NothingToUndo,
    ReminderNotFound,
    ReminderOver,
    TaskAlreadyCompleted,
    TaskNotCompleted,
    TaskNotFound,
    TooManyReminders,
)
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.moving import Move, TimedDeadlines
from taskbot.domain.reminder import OF_THE_DEADLINE, PENDING, Reminder, ReminderKind, ReminderState

# A line that is passed a million times is no more covered for it, but takes twice as long.
pytestmark = pytest.mark.no_cover

_T = TypeVar("_T")
Promise: TypeAlias = tuple[datetime, ReminderKind]
Leads: TypeAlias = tuple[timedelta, ...] | None

HOUR: Final = timedelta(hours=1)
ME: Final = MeetUser(telegram_id=7, name="Anna")
ALLOWED_FAILURES: Final = 3


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

MEANWHILE: Final = (
    "complete",
    "reschedule",
    "snooze",
    "remove",
    "leads",
    "complete by mistake",
    "delete by mistake",
)

# Mostly ahead, and rarely so little that nothing is left to remind of.
timed = st.tuples(
    st.just("timed"),
    st.sampled_from([2 * HOUR, HOUR / 2, 26 * HOUR, HOUR, timedelta(0), -HOUR])
    | st.timedeltas(timedelta(minutes=1), 3 * HOUR),
)
days = st.tuples(st.just("day"), st.sampled_from([1, 2, 0, -1]).map(timedelta))
deadlines = timed | days | st.none()
NOTHING: Final = timedelta(0)
PREFERRED: Final = (HOUR, NOTHING)
lead_times = st.sampled_from([None, (), (HOUR,), (NOTHING,), (2 * HOUR, HOUR / 2), (HOUR, NOTHING)])
zones = st.sampled_from(["Europe/Moscow", "America/New_York", "Asia/Tokyo"])


class FickleNotifier:
    """Does as it is told, once; then behaves again."""

    def __init__(self, on_send: Callable[[Notification], Awaitable[None]]) -> None:
        self.outcome = "sent"
        self.on_send = on_send
        self.calls: list[tuple[Notification, str]] = []

    async def send(self, notification: Notification) -> Receipt:
        outcome, self.outcome = self.outcome, "sent"
        self.calls.append((notification, outcome))
        await self.on_send(notification)
        problem = OUTCOMES[outcome]
        if problem is not None:
            raise problem
        return Receipt(message_id=len(self.calls))


@define
class ModelTask:
    """*promised*: what must still come."""

    deadline: Deadline | None
    is_open: bool = True
    promised: Counter[Promise] = field(factory=Counter)
    lead_times: Leads = None

    def wanted(self) -> list[Promise]:
        """What the deadline asks for, those that have gone by among them."""
        match self.deadline:
            case TimedDeadline(due_at=due_at):
                leads = PREFERRED if self.lead_times is None else self.lead_times
                return [
                    (due_at - lead, ReminderKind.LEAD if lead else ReminderKind.DUE)
                    for lead in leads
                ]
            case DayDeadline(due_on=day, timezone=timezone) if self.lead_times != ():
                nine = datetime.combine(day, time(9), ZoneInfo(timezone)).astimezone(UTC)
                return [(nine, ReminderKind.DAY)]
            case _:
                return []

    def forget(self, *kinds: ReminderKind) -> None:
        for promise in [one for one in self.promised if one[1] in kinds]:
            del self.promised[promise]

    def remind(self, leads: Leads, now: datetime) -> None:
        """Other lead times: what is still wanted stays promised, even if it is due already."""
        self.lead_times = leads
        wanted = self.wanted()
        for promise in [one for one in self.promised if one[1] in OF_THE_DEADLINE]:
            if promise not in wanted:
                del self.promised[promise]
        for promise in wanted:
            if promise[0] > now and promise not in self.promised:
                self.promised[promise] = 1

    def remove(self, reminder: Reminder, now: datetime) -> None:
        del self.promised[reminder.fire_at, reminder.kind]
        if reminder.kind is ReminderKind.DAY:
            self.remind((), now)
        elif reminder.kind in OF_THE_DEADLINE:
            assert isinstance(self.deadline, TimedDeadline)
            unwanted = self.deadline.due_at - reminder.fire_at
            leads = PREFERRED if self.lead_times is None else self.lead_times
            self.remind(tuple(lead for lead in leads if lead != unwanted), now)


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
        self.notifier, self.fate = FickleNotifier(self.look_at), Fate()
        self.meanwhile: str | None = None
        self.core = a_core(
            clock=self.clock,
            transactions=MortalTransactions(self.storage.transactions, self.fate),
            queries=Mortal(self.storage.queries, self.fate),
            notifier=Mortal(self.notifier, self.fate),
            limiter=Mortal(LocalSendLimiter(self.clock), self.fate),
            policy=DeliveryPolicy(failures_allowed=ALLOWED_FAILURES),
        )
        self.me = self.run(self.core.users.meet(ME)).user.id
        self.zone = "Europe/Moscow"
        self.tasks: dict[TaskId, ModelTask] = {}
        self.doubts: Counter[ReminderId] = Counter()
        self.sent: set[ReminderId] = set()

    def run(self, step: Coroutine[Any, Any, _T]) -> _T:
        return self.runner.get_loop().run_until_complete(step)  # `run` costs three times as much

    def teardown(self) -> None:
        self.everything_due_arrives()
        self.run(self.resources.aclose())
        self.runner.close()

    def change(self, step: Coroutine[Any, Any, Any], follow: Callable[[], None]) -> None:
        """Take *step*, and have the model *follow*; who dies has done all of it, or nothing."""
        try:
            self.run(step)
        except ProcessDied:
            if self.is_as_promised():
                return
        follow()

    def refused(self, step: Coroutine[Any, Any, Any], error: type[Exception]) -> None:
        with pytest.raises((error, ProcessDied)):
            self.run(step)

    def card(self, task_id: TaskId) -> TaskCard | None:
        cards = self.run(self.storage.queries.task_cards([task_id], owner_id=self.me))
        return cards[0] if cards else None

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

    def plan(self, known: ModelTask) -> None:
        """What the deadline asks for, and nothing besides but moments of the person's own."""
        known.forget(*set(ReminderKind) - {ReminderKind.MOMENT})
        known.promised += Counter(promise for promise in known.wanted() if promise[0] > self.now)

    # What people do.

    @initialize(target=task_ids)
    def begin_with_a_few_tasks(self) -> MultipleResults[TaskId]:
        few = [("timed", 2 * HOUR), ("timed", HOUR / 2), ("day", timedelta(1))]
        created = [self.create(drawn) for drawn in few]
        return multiple(*(one for one in created if isinstance(one, ULID)))

    @rule(target=task_ids, drawn=deadlines)
    def a_new_task(self, drawn: tuple[str, timedelta] | None) -> TaskId | MultipleResults[TaskId]:
        deadline = self.deadline_of(drawn)
        command = CreateTask(actor=self.me, title="Buy milk", deadline=deadline)
        if self.is_over(deadline):
            self.refused(self.core.tasks.create(command), DeadlineInPast)
            return multiple()
        return self.create(drawn)

    def create(self, drawn: tuple[str, timedelta] | None) -> TaskId | MultipleResults[TaskId]:
        deadline = self.deadline_of(drawn)
        command = CreateTask(actor=self.me, title="Buy milk", deadline=deadline)
        with contextlib.suppress(ProcessDied):
            self.run(self.core.tasks.create(command))
        every = self.run(self.storage.queries.tasks(TaskPageRequest(owner_id=self.me, limit=200)))
        new = [view.task.id for view in every.items if view.task.id not in self.tasks]
        if not new:
            return multiple()
        self.tasks[new[0]] = ModelTask(deadline)
        self.plan(self.tasks[new[0]])
        return new[0]

    @rule(task_id=task_ids)
    def complete(self, task_id: TaskId) -> None:
        known = self.tasks[task_id]

        def follow() -> None:
            known.is_open = False
            known.promised.clear()

        step = self.core.tasks.complete(task_id, actor=self.me)
        if known.is_open:
            self.change(step, follow)
        else:
            self.refused(step, TaskAlreadyCompleted)

    @rule(task_id=task_ids)
    def reopen(self, task_id: TaskId) -> None:
        known = self.tasks[task_id]

        def follow() -> None:
            known.is_open = True
            self.plan(known)

        step = self.core.tasks.reopen(task_id, actor=self.me)
        if known.is_open:
            self.refused(step, TaskNotCompleted)
        else:
            self.change(step, follow)

    @rule(task_id=task_ids, drawn=deadlines)
    def reschedule(self, task_id: TaskId, drawn: tuple[str, timedelta] | None) -> None:
        known, deadline = self.tasks[task_id], self.deadline_of(drawn)

        def follow() -> None:
            known.deadline = deadline
            self.plan(known)

        step = self.core.tasks.reschedule(task_id, deadline, actor=self.me)
        if not known.is_open:
            self.refused(step, TaskAlreadyCompleted)
        elif self.is_over(deadline):
            self.refused(step, DeadlineInPast)
        else:
            self.change(step, follow)

    @rule(task_id=task_ids, ahead=st.timedeltas(timedelta(seconds=1), 2 * HOUR))
    def snooze(self, task_id: TaskId, ahead: timedelta) -> None:
        known, until = self.tasks[task_id], self.now + ahead

        def follow() -> None:
            known.forget(ReminderKind.SNOOZE)
            known.promised[until, ReminderKind.SNOOZE] = 1

        step = self.core.tasks.snooze(task_id, until=until, actor=self.me)
        if known.is_open:
            self.change(step, follow)
        else:
            self.refused(step, TaskAlreadyCompleted)

    @rule(task_id=task_ids, ahead=st.sampled_from([n * HOUR / 4 for n in range(1, 13)]))
    def add_a_reminder(self, task_id: TaskId, ahead: timedelta) -> None:
        known, at = self.tasks[task_id], self.now + ahead
        moments = [fire_at for fire_at, kind in known.promised if kind is ReminderKind.MOMENT]

        def follow() -> None:
            known.promised[at, ReminderKind.MOMENT] = 1

        step = self.core.tasks.add_reminder(task_id, at=at, actor=self.me)
        if not known.is_open:
            self.refused(step, TaskAlreadyCompleted)
        elif len(moments) >= MOMENTS_LIMIT and at not in moments:
            self.refused(step, TooManyReminders)
        else:
            self.change(step, follow)

    @rule(task_id=task_ids, leads=lead_times)
    def have_lead_times(self, task_id: TaskId, leads: Leads) -> None:
        known = self.tasks[task_id]
        edit = EditTask(actor=self.me, task_id=task_id, lead_times=leads)
        step = self.core.tasks.edit(edit)
        if known.is_open:
            self.change(step, lambda: known.remind(leads, self.now))
        else:
            self.refused(step, TaskAlreadyCompleted)

    @rule(task_id=task_ids, data=st.data())
    def remove_a_reminder(self, task_id: TaskId, data: st.DataObject) -> None:
        known, card = self.tasks[task_id], self.card(task_id)
        if card is None or not card.reminders:
            return
        reminder = card.reminders[data.draw(st.integers(0, len(card.reminders) - 1))]
        step = self.core.tasks.remove_reminder(task_id, reminder.id, actor=self.me)
        if reminder.state is ReminderState.CANCELLED or reminder.withdrawn:
            self.refused(step, ReminderNotFound)
        elif reminder.state not in PENDING:
            self.refused(step, ReminderOver)
        else:
            self.change(step, lambda: known.remove(reminder, self.now))

    @rule(task_id=consumes(task_ids))
    def delete(self, task_id: TaskId) -> None:
        with contextlib.suppress(ProcessDied):
            self.run(self.core.tasks.delete(task_id, actor=self.me))
        if self.card(task_id) is None:
            del self.tasks[task_id]
            self.refused(self.core.tasks.complete(task_id, actor=self.me), TaskNotFound)

    @rule(task_id=task_ids, verb=st.sampled_from(["complete", "delete"]))
    def a_mistake(self, task_id: TaskId, verb: str) -> None:
        """It is undone at once, and nothing has changed; unless somebody dies in between."""
        known = self.tasks[task_id]
        if not known.is_open and verb == "complete":
            return
        with contextlib.suppress(ProcessDied):
            self.run(self.make_a_mistake(task_id, verb))
        self.fate.steps_left = None
        if not self.is_kept(task_id, known):
            self.run(self.core.tasks.undo(task_id, actor=self.me))
        if known.is_open:  # else who died may have left a completion that can still be undone
            self.refused(self.core.tasks.undo(task_id, actor=self.me), NothingToUndo)

    async def make_a_mistake(self, task_id: TaskId, verb: str) -> None:
        if verb == "complete":
            await self.core.tasks.complete(task_id, actor=self.me)
        else:
            await self.core.tasks.delete(task_id, actor=self.me)
        await self.core.tasks.undo(task_id, actor=self.me)

    @rule(zone=zones, timed=st.sampled_from(TimedDeadlines))
    def move(self, zone: str, timed: TimedDeadlines) -> None:
        move = Move(origin=self.zone, target=zone, timed=timed, now=self.now)

        def follow() -> None:
            if zone == self.zone:
                return
            self.zone = zone
            for known in self.tasks.values():
                if not known.is_open or known.deadline is None:
                    continue
                was, known.deadline = known.deadline, move.take_along(known.deadline)
                if isinstance(was, DayDeadline) or was.ends_at != known.deadline.ends_at:
                    known.forget(*OF_THE_DEADLINE)
                    known.promised += Counter(one for one in known.wanted() if one[0] > self.now)

        try:
            self.run(self.core.users.move_to(zone, timed=timed, actor=self.me))
        except ProcessDied:
            moved = self.run(self.storage.queries.user(self.me)).timezone == zone
            if not moved or self.is_as_promised():
                return
        follow()

    @rule(wanted=st.booleans())
    def pause_or_resume(self, *, wanted: bool) -> None:
        """Nothing is promised less for it; see `look_at`."""
        with contextlib.suppress(ProcessDied):
            self.run(self.core.users.edit(EditUser(actor=self.me, notifications=wanted)))

    @rule()
    def write_to_the_bot(self) -> None:
        with contextlib.suppress(ProcessDied):
            self.run(self.core.users.meet(ME))

    @rule()
    def the_operator_retries_what_was_given_up(self) -> None:
        dead = [
            letter.reminder
            for letter in self.run(self.storage.queries.dead_letters(limit=100))
            if not letter.reminder.withdrawn
        ]

        def follow() -> None:
            for reminder in dead:
                self.doubts[reminder.id] = 0
                self.tasks[reminder.task_id].promised[reminder.fire_at, reminder.kind] += 1

        self.change(self.core.dead_letters.retry_all(), follow)

    # What happens meanwhile.

    @rule(steps=st.integers(0, 12))
    def somebody_is_going_to_die(self, steps: int) -> None:
        """Whoever takes the step after so many, from here on."""
        self.fate.steps_left = steps

    @rule(by=st.timedeltas(timedelta(0), 2 * HOUR) | st.sampled_from([timedelta(days=1), HOUR]))
    def time_passes(self, by: timedelta) -> None:
        self.clock.advance(by)

    @rule(limit=st.integers(1, 5))
    def dispatch(self, limit: int) -> None:
        with contextlib.suppress(ProcessDied):
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
        next_due = self.run(self.storage.queries.next_available_at())
        if next_due is not None:
            self.clock.advance(max(next_due - self.now, timedelta(0)))
            self.dispatch(limit=1)
            if self.core.queue.claims:
                self.deliver_claim(self.core.queue.claims.pop(), outcome)

    @rule(happens=st.sampled_from(MEANWHILE), outcome=outcomes)
    def the_task_changes_while_it_is_sent(self, happens: str, outcome: str) -> None:
        """And whoever sends it may die, with the rest as yet unwritten."""
        self.meanwhile = happens
        self.the_next_one_becomes_due(outcome)
        self.meanwhile = None
        self.clock.advance(DeliveryPolicy().longest_backoff)
        self.the_next_one_becomes_due("sent")

    @precondition(lambda self: self.core.queue.claims)
    @rule()
    def the_queue_loses_everything(self) -> None:
        self.core.queue.claims.clear()

    def deliver_claim(self, claim: Reminder, outcome: str) -> None:
        self.notifier.outcome, before = outcome, len(self.notifier.calls)
        with contextlib.suppress(ProcessDied):
            self.run(self.core.deliver(claim))
        calls = self.notifier.calls[before:]
        self.notifier.outcome = "sent"
        assert len(calls) <= 1
        for notification, happened in calls:
            self.account_for(notification, happened)
        if not calls:
            self.account_for_silence(claim)

    def account_for(self, notification: Notification, outcome: str) -> None:
        together = [one for notice in notification.notices for one in notice.reminders]
        tasks = [notice.task.id for notice in notification.notices]
        assert len(set(tasks)) == len(tasks), "each task is told once"
        assert len(together) <= TOGETHER
        assert len(together) == 1 or not any(one.alone for one in together), "who is set apart"
        for reminder in together:
            if reminder.task_id not in self.tasks:
                continue
            self.doubts[reminder.id] += outcome == "unknown"
            assert self.doubts[reminder.id] <= 2, "an unknown outcome is repeated once"
            self.settle(reminder.id, was_refused=outcome == "refused" and len(together) == 1)

    async def look_at(self, notification: Notification) -> None:
        """What is true at the moment of sending, and what happens in that moment."""
        owner = await self.storage.queries.user(self.me)
        assert not owner.paused, "nothing is sent to who wants nothing for now"
        for notice in notification.notices:
            for reminder in notice.reminders:
                self.require_promised(reminder)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            spared, self.fate.steps_left = self.fate.steps_left, None
            await self.happen(happens, notification.notices[0].reminders[0])
            self.fate.steps_left = spared

    async def happen(self, what: str, sending: Reminder) -> None:
        task_id = sending.task_id
        known, until = self.tasks[task_id], self.now + HOUR / 2
        match what:
            case "complete":
                await self.core.tasks.complete(task_id, actor=self.me)
                known.is_open = False
                known.promised.clear()
            case "complete by mistake":
                await self.make_a_mistake(task_id, "complete")
            case "delete by mistake":
                await self.make_a_mistake(task_id, "delete")
            case "reschedule":
                deadline = self.deadline_of(("timed", 2 * HOUR))
                await self.core.tasks.reschedule(task_id, deadline, actor=self.me)
                known.deadline = deadline
                self.plan(known)
            case "remove":
                await self.core.tasks.remove_reminder(task_id, sending.id, actor=self.me)
                known.remove(sending, self.now)
            case "leads":
                edit = EditTask(actor=self.me, task_id=task_id, lead_times=())
                await self.core.tasks.edit(edit)
                known.remind((), self.now)
            case _:
                await self.core.tasks.snooze(task_id, until=until, actor=self.me)
                known.forget(ReminderKind.SNOOZE)
                known.promised[until, ReminderKind.SNOOZE] = 1

    def require_promised(self, reminder: Reminder) -> None:
        known, promise = self.tasks.get(reminder.task_id), (reminder.fire_at, reminder.kind)
        assert known is not None, "nothing is sent about a deleted task"
        assert known.is_open, "nothing is sent about a completed task"
        assert promise in known.promised, "only what is still promised is sent"
        assert reminder.fire_at <= self.now, "nothing is sent early"
        assert reminder.id not in self.sent, "nothing that is known to have arrived is sent again"

    def settle(self, reminder_id: ReminderId, *, was_refused: bool = False) -> None:
        """What was written down is over; what was not, for somebody died, is still promised."""
        stored = self.run(self.storage.reminder(reminder_id))
        if stored.state is ReminderState.SENT:
            self.sent.add(stored.id)
        promised = self.tasks[stored.task_id].promised
        if stored.state in PENDING or (stored.fire_at, stored.kind) not in promised:
            return  # it is still to come, or was taken back in the moment of sending
        if stored.state is ReminderState.SENT:
            pass
        elif stored.state is ReminderState.FAILED:
            assert was_refused or stored.failures >= ALLOWED_FAILURES
        else:
            assert stored.state is ReminderState.UNKNOWN
            assert self.doubts[stored.id] == 2
        del promised[stored.fire_at, stored.kind]

    def account_for_silence(self, claim: Reminder) -> None:
        """A claim may be outdated, or wait; or the reminder has killed one sender too many."""
        known = self.tasks.get(claim.task_id)
        if known is not None and (claim.fire_at, claim.kind) in known.promised:
            stored = self.run(self.storage.reminder(claim.id))
            if not stored.withdrawn and stored.state is not ReminderState.CANCELLED:
                self.settle(claim.id)

    @rule()
    def everything_due_arrives(self) -> None:
        """Given a messenger that behaves, and time, nothing that is due stays undelivered."""
        due_by, self.fate.steps_left = self.now, None
        self.run(self.core.users.meet(ME))
        self.run(self.core.users.edit(EditUser(actor=self.me, notifications=True)))
        for _ in range(12):
            self.clock.advance(timedelta(minutes=1))
            self.run(self.core.dispatch.dispatch_due(limit=100))
            claims, self.core.queue.claims[:] = list(self.core.queue.claims), []
            for claim in claims:
                self.deliver_claim(claim, "sent")
        for known in self.tasks.values():
            if known.is_open:
                assert all(fire_at > due_by for fire_at, _ in known.promised)

    # What is always true.

    def is_as_promised(self) -> bool:
        return all(self.is_kept(task_id, known) for task_id, known in self.tasks.items())

    def is_kept(self, task_id: TaskId, known: ModelTask) -> bool:
        card = self.card(task_id)
        if card is None:
            return False
        pending = Counter(
            (reminder.fire_at, reminder.kind)
            for reminder in card.reminders
            if reminder.state in PENDING and not reminder.withdrawn
        )
        task = card.task
        return (task.is_open, task.deadline, task.lead_times, pending) == (
            known.is_open,
            known.deadline,
            known.lead_times,
            known.promised,
        )

    @invariant()
    def every_open_task_has_the_reminders_that_were_promised(self) -> None:
        for task_id, known in self.tasks.items():
            assert self.is_kept(task_id, known), (self.card(task_id), known)

    @invariant()
    def no_second_has_seen_more_than_one_message_to_one_person(self) -> None:
        # Every send is recorded at its moment, or its process died; either way it was a call.
        cards = [card for task_id in self.tasks if (card := self.card(task_id))]
        sent = {
            (one.sent_at, one.message_id)
            for card in cards
            for one in card.reminders
            if one.sent_at is not None
        }
        moments = sorted(moment for moment, _ in sent)
        assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(moments))


class SqliteReminderMachine(ReminderMachine):
    backend = "sqlite"


class PostgresqlReminderMachine(ReminderMachine):
    backend = "postgresql"


TestReminderEngineInMemory = ReminderMachine.TestCase
TestReminderEngineInMemory.settings = settings(max_examples=120, stateful_step_count=50)
TestReminderEngineOnSqlite = SqliteReminderMachine.TestCase
TestReminderEngineOnSqlite.settings = settings(max_examples=8, stateful_step_count=20)
TestReminderEngineOnPostgresql = PostgresqlReminderMachine.TestCase
TestReminderEngineOnPostgresql.settings = settings(max_examples=8, stateful_step_count=20)
