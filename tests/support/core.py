"""The whole core on in-memory adapters."""

from collections.abc import Callable

from attrs import frozen

from support.builders import NOW
from taskbot.adapters.memory import (
    LocalSendLimiter,
    ManualClock,
    MemoryDatabase,
    MemoryQueries,
    MemoryUnitOfWork,
    RecordingAlerts,
    RecordingNotifier,
    RecordingReminderQueue,
)
from taskbot.application.access_tokens import AccessTokenService
from taskbot.application.categories import CategoryService
from taskbot.application.delivery import DeliveryService
from taskbot.application.dispatch import DispatchService
from taskbot.application.ports import Notifier, Queries, SendLimiter, UnitOfWork
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.tasks import TaskService
from taskbot.application.users import UserService
from taskbot.domain.deadline_policy import DeadlinePolicy
from taskbot.domain.delivery_policy import DeliveryPolicy


@frozen(kw_only=True)
class Core:
    """Services wired together, with everything that a test wants to look at or to turn."""

    database: MemoryDatabase
    clock: ManualClock
    unit_of_work: Callable[[], UnitOfWork]
    queries: Queries
    users: UserService
    tasks: TaskService
    categories: CategoryService
    access_tokens: AccessTokenService
    dispatch: DispatchService
    delivery: DeliveryService
    notifier: RecordingNotifier
    alerts: RecordingAlerts
    queue: RecordingReminderQueue
    limiter: SendLimiter

    async def deliver_due(self) -> None:
        """Dispatch what is due and deliver all of it, one after the other."""
        while await self.dispatch.dispatch_due(limit=100):
            claims, self.queue.claims[:] = list(self.queue.claims), []
            for claim in claims:
                await self.delivery.deliver(claim.id, attempt=claim.attempt)


def a_core(
    *,
    clock: ManualClock | None = None,
    unit_of_work: Callable[[], UnitOfWork] | None = None,
    queries: Queries | None = None,
    notifier: Notifier | None = None,
) -> Core:
    """Give a core on memory, or on the storage and the notifier that are given."""
    clock = clock or ManualClock(NOW, skips_sleep=True)
    database = MemoryDatabase()
    unit_of_work = unit_of_work or (lambda: MemoryUnitOfWork(database))
    queries = queries or MemoryQueries(database)
    recording, alerts, queue = RecordingNotifier(), RecordingAlerts(), RecordingReminderQueue()
    limiter = LocalSendLimiter(clock)
    plan, policy = ReminderPlan(DeadlinePolicy()), DeliveryPolicy()
    return Core(
        database=database,
        clock=clock,
        unit_of_work=unit_of_work,
        queries=queries,
        users=UserService(unit_of_work, queries, clock, plan, "Europe/Moscow"),
        tasks=TaskService(unit_of_work, queries, clock, plan),
        categories=CategoryService(unit_of_work, queries, clock),
        access_tokens=AccessTokenService(unit_of_work, queries, clock),
        dispatch=DispatchService(unit_of_work, queries, queue, clock, policy),
        delivery=DeliveryService(
            unit_of_work, queries, notifier or recording, limiter, alerts, clock, policy
        ),
        notifier=recording,
        alerts=alerts,
        queue=queue,
        limiter=limiter,
    )
