"""taskbot as a library: the services, wired on in-memory adapters."""

from typing import Any, Self

from attrs import frozen

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import (
    LocalRateLimiter,
    LocalSendLimiter,
    MemoryDatabase,
    MemoryQueries,
    MemoryTransactions,
    RecordingAlerts,
    RecordingNotifier,
    RecordingReminderQueue,
)
from taskbot.adapters.passwords import Argon2Passwords
from taskbot.adapters.queue.rings import rings_for
from taskbot.application.access_tokens import AccessTokenService
from taskbot.application.accounts import AccountService
from taskbot.application.admin_accounts import AdminAccountService
from taskbot.application.admin_audit import AdminAudit
from taskbot.application.admin_sign_in import AdminSignInService
from taskbot.application.back_office import BackOffice
from taskbot.application.bulk_tasks import BulkTaskService
from taskbot.application.categories import CategoryService
from taskbot.application.dead_letters import DeadLetterService
from taskbot.application.delivery import DeliveryService
from taskbot.application.dispatch import DispatchService
from taskbot.application.export import ExportService
from taskbot.application.invitations import InvitationService
from taskbot.application.ports import (
    Clock,
    Notifier,
    PasswordHasher,
    Queries,
    SendLimiter,
    Transactions,
)
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.sign_in_limits import SignInLimits
from taskbot.application.statistics import StatisticsService
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
    transactions: Transactions
    queries: Queries
    users: UserService
    tasks: TaskService
    bulk_tasks: BulkTaskService
    categories: CategoryService
    accounts: AccountService
    exports: ExportService
    statistics: StatisticsService
    access_tokens: AccessTokenService
    admin_accounts: AdminAccountService
    admin_sign_in: AdminSignInService
    invitations: InvitationService
    dispatch: DispatchService
    delivery: DeliveryService
    notifier: RecordingNotifier
    alerts: RecordingAlerts
    dead_letters: DeadLetterService
    queue: RecordingReminderQueue
    limiter: SendLimiter

    @classmethod
    def over(
        cls,
        transactions: Transactions,
        queries: Queries,
        *,
        clock: Clock,
        timezone: str,
        notifier: Notifier | None = None,
        passwords: PasswordHasher | None = None,
        **more: Any,
    ) -> Self:
        """Wire the services over a storage; reminders go through *notifier*, if one is given."""
        recording, alerts, queue = RecordingNotifier(), RecordingAlerts(), RecordingReminderQueue()
        limiter = LocalSendLimiter(clock)
        passwords = passwords or Argon2Passwords()
        sign_in_limits = SignInLimits(LocalRateLimiter(clock))
        admin_audit = AdminAudit(transactions, clock)
        plan, policy = ReminderPlan(DeadlinePolicy()), DeliveryPolicy()
        return cls(
            clock=clock,
            transactions=transactions,
            queries=queries,
            users=UserService(transactions, queries, clock, plan, timezone),
            tasks=TaskService(transactions, queries, clock, plan),
            bulk_tasks=BulkTaskService(transactions, clock, plan),
            categories=CategoryService(transactions, queries, clock),
            accounts=AccountService(transactions, clock),
            exports=ExportService(queries, clock),
            statistics=StatisticsService(queries, clock),
            access_tokens=AccessTokenService(transactions, queries, clock),
            admin_accounts=AdminAccountService(
                transactions, queries, passwords, admin_audit, clock
            ),
            admin_sign_in=AdminSignInService(
                transactions, queries, passwords, sign_in_limits, admin_audit, clock
            ),
            invitations=InvitationService(
                transactions, queries, passwords, sign_in_limits, admin_audit, clock
            ),
            dispatch=DispatchService(transactions, queries, queue, clock, policy),
            delivery=DeliveryService(
                transactions, queries, notifier or recording, limiter, alerts, clock, policy
            ),
            notifier=recording,
            alerts=alerts,
            dead_letters=DeadLetterService(transactions, queries, clock),
            queue=queue,
            limiter=limiter,
            **more,
        )

    @property
    def back_office(self) -> BackOffice:
        """What operators do to what is other people's."""
        return BackOffice.over(
            self.transactions,
            self.queries,
            self.clock,
            tasks=self.tasks,
            bulk_tasks=self.bulk_tasks,
            users=self.users,
            accounts=self.accounts,
            categories=self.categories,
            dead_letters=self.dead_letters,
            access_tokens=self.access_tokens,
        )

    async def deliver_due(self) -> None:
        """Dispatch what is due and deliver all of it, to one person after the other."""
        while await self.dispatch.dispatch_due(limit=100):
            claims, self.queue.claims[:] = list(self.queue.claims), []
            for ring in rings_for(claims):
                await self.delivery.deliver(ring)


def in_memory(*, clock: Clock | None = None, timezone: str = "UTC") -> Library:
    """Give the services on an empty memory; new people live in *timezone* (IANA name)."""
    database = MemoryDatabase()
    return Library.over(
        MemoryTransactions(database),
        MemoryQueries(database),
        clock=clock or SystemClock(),
        timezone=timezone,
    )
