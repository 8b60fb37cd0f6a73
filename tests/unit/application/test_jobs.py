"""Periodic jobs and what they look after."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from attrs import Factory, define, evolve

from support.builders import NOW, a_reminder_of, a_task, a_user, an_audit_entry
from taskbot.adapters.memory import (
    ManualClock,
    MemoryApiTokenStore,
    MemoryDatabase,
    MemoryDialogueStore,
    MemoryQueries,
    MemoryTransactions,
    RecordingAlerts,
)
from taskbot.application.alerts import AlertService
from taskbot.application.canary import CanaryService
from taskbot.application.jobs import SCHEDULE, Job, Jobs, JobService, Place
from taskbot.application.maintenance import ALERTS_KEPT, CANCELLED_KEPT, MaintenanceService
from taskbot.application.ports import (
    DIALOGUE_KEPT,
    Alert,
    AlertKind,
    AuditQuery,
    Dialogue,
    UnitOfWork,
)
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.tasks import TaskService
from taskbot.application.users import UserService
from taskbot.domain.audit import AUDIT_KEPT
from taskbot.domain.deadline_policy import DeadlinePolicy
from taskbot.domain.ids import TaskId
from taskbot.domain.reminder import Reminder
from taskbot.domain.undo import UNDO_KEPT, UndoableVerb

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
STALLED = timedelta(minutes=10)


@define
class Setting:
    clock: ManualClock = Factory(lambda: ManualClock(NOW))
    database: MemoryDatabase = Factory(MemoryDatabase)
    alerts: RecordingAlerts = Factory(RecordingAlerts)
    dialogues: MemoryDialogueStore = Factory(
        lambda self: MemoryDialogueStore(self.clock), takes_self=True
    )
    rung: list[tuple[str, str]] = Factory(list)
    told: list[list[str]] = Factory(list)
    name: str = "a mailbox"
    purged: int = 0

    async def tell(self, title: str, lines: list[str]) -> None:
        self.told.append(lines)

    async def purge_expired(self) -> int:
        self.purged += 1
        return 0

    async def ring(self, queue: str, job: str) -> None:
        if queue == "broken":
            raise RuntimeError("made up")
        self.rung.append((queue, job))

    @property
    def transactions(self) -> MemoryTransactions:
        return MemoryTransactions(self.database)

    @property
    def maintenance(self) -> MaintenanceService:
        queries = MemoryQueries(self.database)
        return MaintenanceService(
            self.transactions,
            queries,
            self.alerts,
            self.clock,
            STALLED,
            [self.dialogues],
            [self],
        )

    @property
    def alert_service(self) -> AlertService:
        queries = MemoryQueries(self.database)
        return AlertService(self.transactions, queries, self.clock, [self])

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.alert_service, self.maintenance, self.clock, self.canary)

    @property
    def canary(self) -> CanaryService:
        queries = MemoryQueries(self.database)
        plan = ReminderPlan(DeadlinePolicy())
        users = UserService(self.transactions, queries, self.clock, plan, "UTC")
        tasks = TaskService(self.transactions, queries, self.clock, plan)
        return CanaryService(users, tasks, queries, self.clock, -1001)

    def scheduler(self) -> JobService:
        return JobService(self.transactions, self.jobs, self, self.clock)

    async def keep(self, *reminders: Reminder) -> None:
        async def add_all(uow: object) -> None:
            await uow.reminders.add(reminders)  # type: ignore[attr-defined]

        await self.transactions.run(add_all)


@pytest.fixture
def setting() -> Setting:
    return Setting()


async def test_each_job_is_done_at_its_times_by_one_of_several_schedulers(
    setting: Setting,
) -> None:
    schedulers = [setting.scheduler() for _ in range(3)]
    seconds = 3600

    for _ in range(seconds):
        for scheduler in schedulers:
            await scheduler.do_due()
        setting.clock.advance(SECOND)

    expected = {
        (entry.place.value, entry.job.value): seconds * SECOND / entry.every
        for entry in SCHEDULE
        if entry.place is not Place.HERE
    }
    assert {rung: setting.rung.count(rung) for rung in expected} == expected
    assert len(setting.rung) == sum(expected.values())


async def test_a_job_that_fails_does_not_keep_the_others_from_being_done(setting: Setting) -> None:
    class Broken(Jobs):
        async def do(self, job: str) -> None:
            raise RuntimeError("made up")

    jobs = Broken(setting.alert_service, setting.maintenance, setting.clock)

    await JobService(setting.transactions, jobs, setting, setting.clock).do_due()

    assert {job for _, job in setting.rung} == {Job.TELL_ALERTS, Job.PURGE}


async def test_every_job_does_something(setting: Setting) -> None:
    for job in Job:
        await setting.jobs.do(job.value)
    with pytest.raises(ValueError, match="not a valid"):
        await setting.jobs.do("sing")

    assert (await setting.canary.report()).waiting == timedelta(0)
    setting.clock.advance(MINUTE)
    assert (await setting.canary.report()).waiting == MINUTE - SECOND


async def test_without_a_chat_for_it_no_canary_is_sent(setting: Setting) -> None:
    await Jobs(setting.alert_service, setting.maintenance, setting.clock).do(Job.SEND_CANARY)

    assert await MemoryQueries(setting.database).next_available_at() is None


async def test_the_job_tells_alerts_and_the_other_those_that_nobody_told(
    setting: Setting,
) -> None:
    alert = Alert(AlertKind.DEAD_LETTER, "no route")
    await setting.alert_service.send(alert)

    await setting.jobs.do(Job.TELL_OLD_ALERTS)
    assert setting.told == []
    setting.clock.advance(2 * MINUTE)
    await setting.jobs.do(Job.TELL_OLD_ALERTS)
    assert len(setting.told) == 1

    await setting.alert_service.send(Alert(AlertKind.TOKEN_REJECTED, "401"))
    await setting.jobs.do(Job.TELL_ALERTS)
    assert len(setting.told) == 2


async def test_delivery_that_stands_still_is_an_alert(setting: Setting) -> None:
    task = a_task(owner_id=a_user().id)
    await setting.keep(a_reminder_of(task), a_reminder_of(task, fire_at=NOW + MINUTE))

    setting.clock.advance(STALLED)
    await setting.maintenance.watch_delivery()
    assert setting.alerts.alerts == []
    setting.clock.advance(SECOND)
    await setting.maintenance.watch_delivery()

    (alert,) = setting.alerts.alerts
    assert alert.kind is AlertKind.DELIVERY_STALLED
    assert alert.text == "2 are due, the oldest for 10 minutes"


async def test_who_is_unreachable_does_not_make_delivery_stand_still(setting: Setting) -> None:
    task = a_task(owner_id=a_user().id)
    await setting.keep(a_reminder_of(task).put_off(until=None))
    setting.clock.advance(10 * STALLED)

    await setting.maintenance.watch_delivery()

    assert setting.alerts.alerts == []


async def test_what_was_cancelled_long_ago_is_thrown_away(setting: Setting) -> None:
    task = a_task(owner_id=a_user().id)
    old = [a_reminder_of(task, fire_at=NOW - CANCELLED_KEPT - SECOND) for _ in range(1001)]
    cancelled = [one.cancel() for one in old]
    kept = [a_reminder_of(task).cancel(), old[0].sent(now=NOW, message_id=1), a_reminder_of(task)]
    await setting.keep(*cancelled[1:], *kept)

    assert await setting.maintenance.purge() == 1000
    assert setting.purged == 1

    assert set(setting.database.tables.reminders) == {one.id for one in kept}


async def test_old_alerts_are_thrown_away(setting: Setting) -> None:
    await setting.alert_service.send(Alert(AlertKind.DEAD_LETTER, "no route"))
    await setting.alert_service.tell()
    setting.clock.advance(ALERTS_KEPT + SECOND)

    await setting.maintenance.purge()

    assert setting.database.tables.alerts == {}


async def test_what_can_no_longer_be_undone_is_thrown_away(setting: Setting) -> None:
    old, young = (a_task(owner_id=a_user().id) for _ in range(2))
    for task in (old, young):
        setting.database.tables.tasks[task.id] = task
        await setting.transactions.run(
            partial(_keep_undo, task_id=task.id, now=setting.clock.now())
        )
        setting.clock.advance(UNDO_KEPT)

    setting.clock.advance(-SECOND)
    await setting.maintenance.purge()

    assert set(setting.database.tables.undos) == {young.id}


async def _keep_undo(uow: UnitOfWork, *, task_id: TaskId, now: datetime) -> None:
    await uow.undos.keep(task_id, verb=UndoableVerb.DELETE, now=now)


async def test_what_operators_did_two_years_ago_is_thrown_away(setting: Setting) -> None:
    old = an_audit_entry(at=NOW - AUDIT_KEPT - SECOND)
    recent = an_audit_entry(at=NOW - AUDIT_KEPT)
    await setting.transactions.run(lambda uow: uow.audit.add(old, recent))

    await setting.maintenance.purge()

    assert await MemoryQueries(setting.database).audit_entries(AuditQuery()) == [recent]


async def test_what_has_expired_is_thrown_away(setting: Setting) -> None:
    dialogues, api_tokens = MemoryDialogueStore(setting.clock), MemoryApiTokenStore(setting.clock)
    await dialogues.write("1:2", Dialogue("title", {}))
    await api_tokens.write(7, "tb_x", ttl=MINUTE)
    setting.clock.advance(DIALOGUE_KEPT)
    stores = (dialogues, api_tokens)
    maintenance = evolve(setting.maintenance, kept=stores)

    await maintenance.purge()

    assert [await store.purge_expired() for store in stores] == [0, 0]
    assert not dialogues._dialogues
