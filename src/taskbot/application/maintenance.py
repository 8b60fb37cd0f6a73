"""Maintenance: looking after delivery, and throwing away what nobody needs any more."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from attrs import frozen

from taskbot.application.ports import (
    Alert,
    AlertKind,
    Alerts,
    Clock,
    Expiring,
    KeptForPeople,
    Queries,
    Transactions,
    UnitOfWork,
)
from taskbot.application.transactions import transactional
from taskbot.domain.audit import AUDIT_KEPT
from taskbot.domain.errors import UserNotFound
from taskbot.domain.undo import UNDO_KEPT
from taskbot.domain.user import User

_log = logging.getLogger(__name__)

CANCELLED_KEPT: Final = timedelta(days=30)
ALERTS_KEPT: Final = timedelta(days=90)
_BATCH: Final = 1000
_PEOPLE: Final = 100


@frozen
class MaintenanceService:
    """*stalled_after*: with a reminder due for so long delivery is not keeping its promise.

    *kept*: where else there are people's things, which expire and go with them.
    *expiring*: what else is to be purged of what has expired.
    """

    _transactions: Transactions
    _queries: Queries
    _alerts: Alerts
    _clock: Clock
    _stalled_after: timedelta
    _kept: Sequence[KeptForPeople] = ()
    _expiring: Sequence[Expiring] = ()

    async def watch_delivery(self) -> None:
        """Measure how delivery is doing, and tell the operator if it stands still."""
        gauges = await self._queries.reminder_gauges(now=self._clock.now())
        oldest = gauges.oldest_due or timedelta(0)
        _log.info(
            "delivery: %d due, the oldest for %.0f s; %d dead letters",
            gauges.due,
            oldest.total_seconds(),
            gauges.dead_letters,
        )
        if oldest > self._stalled_after:
            minutes = oldest // timedelta(minutes=1)
            text = f"{gauges.due} are due, the oldest for {minutes} minutes"
            subject = "is a worker running, and can it reach Telegram?"
            await self._alerts.send(Alert(AlertKind.DELIVERY_STALLED, subject, text))

    async def purge(self) -> int:
        """Throw away reminders that were cancelled, and alerts that were told, long ago.

        And what can no longer be undone, and all that has expired, and everything of the people
        who have left, and what operators did two years ago. In small transactions: nobody waits
        for it. Return how many reminders it were.
        """
        now = self._clock.now()
        purged = last = await self._purge_some()
        while last == _BATCH:
            last = await self._purge_some()
            purged += last
        while await self._purge_some_undos() == _BATCH:
            pass
        await self._transactions.run(lambda uow: uow.alerts.forget_before(now - ALERTS_KEPT))
        for store in (*self._kept, *self._expiring):
            await store.purge_expired()
        while leavers := await self._queries.leavers(now=now, limit=_PEOPLE):
            for user in leavers:
                await self._erase(user)
        while await self._purge_some_audit_entries() == _BATCH:
            pass
        return purged

    async def _erase(self, user: User) -> None:
        """Delete all that there is of somebody who has left; a late restart goes on with it."""
        for store in self._kept:
            await store.forget(user.telegram_id)
        while await self._erase_some(user) == _BATCH:
            pass
        _log.info("the account %s was deleted, as its owner asked", user.id)

    @transactional
    async def _erase_some(self, uow: UnitOfWork, leaver: User) -> int:
        try:
            user = await uow.users.get(leaver.id)  # people first, then tasks
        except UserNotFound:
            return 0
        if not user.has_left(now=self._clock.now()):
            return 0
        return await uow.users.erase(user.id, limit=_BATCH)

    async def _purge_some(self) -> int:
        before = self._clock.now() - CANCELLED_KEPT
        return await self._transactions.run(
            lambda uow: uow.reminders.purge_cancelled(before=before, limit=_BATCH)
        )

    async def _purge_some_undos(self) -> int:
        before = self._clock.now() - UNDO_KEPT
        return await self._transactions.run(
            lambda uow: uow.undos.purge(before=before, limit=_BATCH)
        )

    async def _purge_some_audit_entries(self) -> int:
        before = self._clock.now() - AUDIT_KEPT
        return await self._transactions.run(
            lambda uow: uow.audit.purge(before=before, limit=_BATCH)
        )
