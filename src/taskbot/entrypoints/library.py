"""taskbot as a library: the services, wired on in-memory adapters."""

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
from taskbot.application.ports import Clock
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.tasks import TaskService
from taskbot.application.users import UserService
from taskbot.domain.deadline_policy import DeadlinePolicy
from taskbot.domain.delivery_policy import DeliveryPolicy


@frozen(kw_only=True)
class Library:
    """Everything that a person can do, and what tells whether they were told.

    `notifier.notifications` are the reminders that were sent, `queue.claims` those that wait for
    a `delivery.deliver` after a `dispatch.dispatch_due`.
    """

    users: UserService
    tasks: TaskService
    categories: CategoryService
    access_tokens: AccessTokenService
    dispatch: DispatchService
    delivery: DeliveryService
    notifier: RecordingNotifier
    queue: RecordingReminderQueue
    alerts: RecordingAlerts
    limiter: LocalSendLimiter


def in_memory(*, clock: Clock | None = None, timezone: str = "UTC") -> Library:
    """Give the services on an empty memory; new people live in *timezone* (IANA name)."""
    clock = clock or SystemClock()
    database = MemoryDatabase()
    queries, queue = MemoryQueries(database), RecordingReminderQueue()
    notifier, alerts, limiter = RecordingNotifier(), RecordingAlerts(), LocalSendLimiter(clock)
    plan, policy = ReminderPlan(DeadlinePolicy()), DeliveryPolicy()

    def unit_of_work() -> MemoryUnitOfWork:
        return MemoryUnitOfWork(database)

    return Library(
        users=UserService(unit_of_work, queries, clock, plan, timezone),
        tasks=TaskService(unit_of_work, queries, clock, plan),
        categories=CategoryService(unit_of_work, queries, clock),
        access_tokens=AccessTokenService(unit_of_work, queries, clock),
        dispatch=DispatchService(unit_of_work, queries, queue, clock, policy),
        delivery=DeliveryService(unit_of_work, queries, notifier, limiter, alerts, clock, policy),
        notifier=notifier,
        queue=queue,
        alerts=alerts,
        limiter=limiter,
    )
