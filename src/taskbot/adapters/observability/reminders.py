"""What becomes of reminders, counted where it is stored."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from attrs import define, field
from prometheus_client import CollectorRegistry

from taskbot.adapters.observability.definitions import (
    CounterDefinition,
    HistogramDefinition,
    Label,
)
from taskbot.application.ports import ReminderRepository
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.reminder import LATE_AFTER, Reminder, ReminderKind, ReminderState

_KIND: Final = Label("kind", "the reminder's kind", tuple(kind.value for kind in ReminderKind))

PLANNED: Final = CounterDefinition(
    "taskbot_reminders_planned_total", "Reminders promised.", (_KIND,)
)
CLAIMED: Final = CounterDefinition(
    "taskbot_reminders_claimed_total",
    "Reminders claimed by dispatch; one that is claimed again counts again.",
)
SENT: Final = CounterDefinition(
    "taskbot_reminders_sent_total", "Reminders that Telegram has taken.", (_KIND,)
)
LATENESS: Final = HistogramDefinition(
    "taskbot_reminder_lateness_seconds",
    "From the promised moment to the one at which Telegram had taken the message.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, LATE_AFTER.total_seconds(), 600, 3600),
)
LATE: Final = CounterDefinition(
    "taskbot_reminders_late_total",
    "Of those sent, the ones late enough for the person to be told so: "
    f"more than {LATE_AFTER.total_seconds():.0f} s.",
)
PUT_OFF: Final = CounterDefinition(
    "taskbot_reminders_put_off_total",
    "Reminders that went back into the plan unsent: a limit, a failed try, somebody unreachable.",
)
FAILED: Final = CounterDefinition(
    "taskbot_reminders_failed_total", "Reminders given up: each became a dead letter."
)
UNCERTAIN: Final = CounterDefinition(
    "taskbot_reminders_unknown_total",
    "Reminders of which nobody knows whether they arrived: the last try was never answered.",
)


@define
class Happenings:
    """What happened to reminders in one transaction; it counts when that is committed."""

    planned: list[ReminderKind] = field(factory=list)
    sent: list[Reminder] = field(factory=list)
    claimed: int = 0
    put_off: int = 0
    failed: int = 0
    uncertain: int = 0

    def note(self, reminder: Reminder, *, was: ReminderState) -> None:
        match reminder.state:
            case ReminderState.SENT:
                self.sent.append(reminder)
            case ReminderState.FAILED:
                self.failed += 1
            case ReminderState.UNKNOWN:
                self.uncertain += 1
            case ReminderState.PLANNED if was in {ReminderState.CLAIMED, ReminderState.SENDING}:
                self.put_off += 1


class ReminderMeter:
    def __init__(self, registry: CollectorRegistry) -> None:
        planned, sent = PLANNED.on(registry), SENT.on(registry)
        self._planned = {kind: planned.labels(kind.value) for kind in ReminderKind}
        self._sent = {kind: sent.labels(kind.value) for kind in ReminderKind}
        self._claimed = CLAIMED.on(registry)
        self._lateness = LATENESS.on(registry)
        self._late = LATE.on(registry)
        self._put_off = PUT_OFF.on(registry)
        self._failed = FAILED.on(registry)
        self._uncertain = UNCERTAIN.on(registry)

    def count(self, happened: Happenings) -> None:
        for kind in happened.planned:
            self._planned[kind].inc()
        for reminder in happened.sent:
            self._count_sent(reminder)
        for counter, number in (
            (self._claimed, happened.claimed),
            (self._put_off, happened.put_off),
            (self._failed, happened.failed),
            (self._uncertain, happened.uncertain),
        ):
            if number:
                counter.inc(number)

    def _count_sent(self, reminder: Reminder) -> None:
        self._sent[reminder.kind].inc()
        if reminder.sent_at is not None:
            lateness = reminder.lateness(now=reminder.sent_at)
            self._lateness.observe(lateness / timedelta(seconds=1))
            if reminder.is_late(now=reminder.sent_at):
                self._late.inc()


@define
class MeasuredReminders:
    """The repository, which notes in *happened* what it is told to store."""

    _inner: ReminderRepository
    _happened: Happenings

    async def get(self, reminder_id: ReminderId) -> Reminder:
        return await self._inner.get(reminder_id)

    async def of_task(self, task_id: TaskId) -> list[Reminder]:
        return await self._inner.of_task(task_id)

    async def find_unsettled(self, task_id: TaskId) -> list[Reminder]:
        return await self._inner.find_unsettled(task_id)

    async def add(self, reminders: Iterable[Reminder]) -> None:
        added = list(reminders)
        await self._inner.add(added)
        self._happened.planned += [reminder.kind for reminder in added]

    async def save(self, reminder: Reminder, *, was: ReminderState) -> bool:
        is_saved = await self._inner.save(reminder, was=was)
        if is_saved:
            self._happened.note(reminder, was=was)
        return is_saved

    async def claim_due(self, *, now: datetime, until: datetime, limit: int) -> list[Reminder]:
        claims = await self._inner.claim_due(now=now, until=until, limit=limit)
        self._happened.claimed += len(claims)
        return claims

    async def begin(
        self, claimed: Reminder, *, now: datetime, until: datetime, others: int
    ) -> list[Reminder]:
        return await self._inner.begin(claimed, now=now, until=until, others=others)

    async def cancel_pending(
        self, *task_ids: TaskId, kinds: Collection[ReminderKind] | None = None
    ) -> None:
        await self._inner.cancel_pending(*task_ids, kinds=kinds)

    async def purge_cancelled(self, *, before: datetime, limit: int) -> int:
        return await self._inner.purge_cancelled(before=before, limit=limit)

    async def hold(self, owner_id: UserId) -> None:
        await self._inner.hold(owner_id)

    async def resume(self, owner_id: UserId) -> None:
        await self._inner.resume(owner_id)
