"""The whole core on in-memory adapters, with everything that a test wants to look at or to turn."""

from argon2.profiles import CHEAPEST
from attrs import evolve, frozen

from support.builders import NOW
from taskbot.adapters.memory import (
    ManualClock,
    MemoryDatabase,
    MemoryQueries,
    MemoryTransactions,
)
from taskbot.adapters.passwords import Argon2Passwords
from taskbot.application.ports import (
    Claim,
    Notifier,
    PasswordHasher,
    Queries,
    SendLimiter,
    Transactions,
)
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.reminder import Reminder
from taskbot.entrypoints.library import Library


@frozen(kw_only=True)
class Core(Library):
    database: MemoryDatabase
    clock: ManualClock

    async def claim_due(self) -> list[Reminder]:
        """Dispatch what is due, once, and take the claims out of the queue."""
        await self.dispatch.dispatch_due(limit=100)
        claims, self.queue.claims[:] = list(self.queue.claims), []
        return claims

    async def deliver(self, *claims: Reminder) -> None:
        """Deliver what was claimed of one person."""
        await self.delivery.deliver([Claim.of(claim) for claim in claims])


def a_core(
    *,
    clock: ManualClock | None = None,
    transactions: Transactions | None = None,
    queries: Queries | None = None,
    notifier: Notifier | None = None,
    limiter: SendLimiter | None = None,
    policy: DeliveryPolicy | None = None,
    passwords: PasswordHasher | None = None,
) -> Core:
    """Give a core on memory, or on the adapters that are given; chance is always a half."""
    database = MemoryDatabase()
    core = Core.over(
        transactions or MemoryTransactions(database),
        queries or MemoryQueries(database),
        clock=clock or ManualClock(NOW, skips_sleep=True),
        timezone="Europe/Moscow",
        notifier=notifier,
        passwords=passwords or Argon2Passwords(CHEAPEST),
        database=database,
    )
    limiter, policy = limiter or core.limiter, policy or DeliveryPolicy()
    return evolve(
        core,
        limiter=limiter,
        dispatch=evolve(core.dispatch, policy=policy),
        delivery=evolve(core.delivery, limiter=limiter, policy=policy, chance=lambda: 0.5),
    )
