"""taskbot as a library: the services, wired on in-memory adapters."""

from collections.abc import Callable
from typing import Any, Self

from attrs import frozen

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import (
    LocalSendLimiter,
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
from taskbot.application.ports import Clock, Notifier, Queries, SendLimiter, UnitOfWork
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.tasks import TaskService
from taskbot.application.users import UserService
from taskbot.domain.deadline_policy import DeadlinePolicy
from taskbot.domain.delivery_policy import DeliveryPolicy


@frozen(kw_only=True)
class Library:
    """Everything that a person can do, and what tells whether they were told.

    `notifier.notifications` are the reminders that were sent, `alerts.alerts` what an operator
    would have been told.
    """

    clock: Clock
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

    @classmethod
    def over(
        cls,
        unit_of_work: Callable[[], UnitOfWork],
        queries: Queries,
        *,
        clock: Clock,
        timezone: str,
        notifier: Notifier | None = None,
        **more: Any,
    ) -> Self:
        """Wire the services over a storage; reminders go through *notifier*, if one is given."""
        recording, alerts, queue = RecordingNotifier(), RecordingAlerts(), RecordingReminderQueue()
        limiter = LocalSendLimiter(clock)
        plan, policy = ReminderPlan(DeadlinePolicy()), DeliveryPolicy()
        return cls(
            clock=clock,
            unit_of_work=unit_of_work,
            queries=queries,
            users=UserService(unit_of_work, queries, clock, plan, timezone),
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
            **more,
        )

    async def deliver_due(self) -> None:
        """Dispatch what is due and deliver all of it, one after the other."""
        while await self.dispatch.dispatch_due(limit=100):
            claims, self.queue.claims[:] = list(self.queue.claims), []
            for claim in claims:
                await self.delivery.deliver(claim.id, attempt=claim.attempt)


def in_memory(*, clock: Clock | None = None, timezone: str = "UTC") -> Library:
    """Give the services on an empty memory; new people live in *timezone* (IANA name)."""
    database = MemoryDatabase()
    return Library.over(
        lambda: MemoryUnitOfWork(database),
        MemoryQueries(database),
        clock=clock or SystemClock(),
        timezone=timezone,
    )
