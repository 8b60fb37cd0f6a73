"""Dispatch: claiming what is due, and ringing for its delivery."""

from datetime import datetime

from attrs import frozen

from taskbot.application.delivery_lines import note_claims
from taskbot.application.ports import Clock, Queries, ReminderQueue, Transactions, UnitOfWork
from taskbot.application.transactions import transactional
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.reminder import Reminder, ReminderState


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
        claims = await self._transactions.once(
            lambda stored: stored.reminders.claim_due(
                now=now, until=now + self._policy.lease, limit=limit
            )
        )
        try:
            await self._queue.enqueue(claims)
        except Exception:
            await self._give_back(claims)
            raise
        note_claims(claims)
        return len(claims)

    @transactional
    async def _give_back(self, uow: UnitOfWork, claims: list[Reminder]) -> None:
        """Nobody was rung for: let them be claimed again at once, not when the leases end.

        Should one have rung all the same, its delivery finds the claim taken back.
        """
        now = self._clock.now()
        for claim in claims:
            await uow.reminders.save(claim.put_off(until=now), was=ReminderState.CLAIMED)

    async def next_due_at(self) -> datetime | None:
        """When there will be something to dispatch; a moment gone by means now."""
        return await self._queries.next_available_at()
