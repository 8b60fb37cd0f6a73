"""Dispatch: claiming what is due, and ringing for its delivery."""

from datetime import datetime

from attrs import frozen

from taskbot.application.ports import Clock, Queries, ReminderQueue, Transactions
from taskbot.domain.delivery_policy import DeliveryPolicy


@frozen
class DispatchService:
    """Any number of these may run side by side: claims never overlap."""

    _transactions: Transactions
    _queries: Queries
    _queue: ReminderQueue
    _clock: Clock
    _policy: DeliveryPolicy

    async def dispatch_due(self, *, limit: int) -> int:
        """Claim up to *limit* reminders that are due, ring for them; return how many."""
        now = self._clock.now()
        claims = await self._transactions.run(
            lambda uow: uow.reminders.claim_due(
                now=now, until=now + self._policy.lease, limit=limit
            )
        )
        # If this fails, the leases run out and the reminders are claimed again.
        await self._queue.enqueue(claims)
        return len(claims)

    async def next_due_at(self) -> datetime | None:
        """When there will be something to dispatch; a moment gone by means now."""
        return await self._queries.next_available_at()
