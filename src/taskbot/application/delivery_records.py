"""Writing down what became of a delivery, so patiently that it costs no copy."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

from attrs import frozen

from taskbot.application.ports import (
    Clock,
    StorageUnavailable,
    Transactions,
    UnitOfWork,
)
from taskbot.domain.errors import ReminderNotFound
from taskbot.domain.reminder import Reminder, ReminderState

_T = TypeVar("_T")

_DELAYS: Final = tuple(timedelta(seconds=seconds) for seconds in (0.2, 1, 3, 10, 30))


@frozen
class DeliveryRecords:
    _transactions: Transactions
    _clock: Clock

    async def save_claimed(self, reminder: Reminder) -> bool:
        """Store what became of a claim that was not begun; say whether it was still ours."""
        return await self._transactions.once(
            lambda stored: stored.reminders.save(reminder, was=ReminderState.CLAIMED)
        )

    async def save(self, outcomes: Sequence[Reminder]) -> None:
        """Store what became of reminders that were being sent, unless they were overtaken."""
        if len(outcomes) == 1:
            await self._patiently(lambda: self._save_one(outcomes[0]))
        elif outcomes:
            await self.write(lambda uow: save_all(uow, outcomes))

    async def _save_one(self, outcome: Reminder) -> bool:
        return await self._transactions.once(
            lambda stored: stored.reminders.save(outcome, was=ReminderState.SENDING)
        )

    async def settle(
        self, begun: Sequence[Reminder], outcome: Callable[[Reminder], Reminder]
    ) -> list[Reminder]:
        """Give each its outcome, as it is stored now: it may have been taken back meanwhile."""

        async def record(uow: UnitOfWork) -> list[Reminder]:
            settled = [outcome(reminder) for reminder in await still_being_sent(uow, begun)]
            await save_all(uow, settled)
            return settled

        return await self.write(record)

    async def write(self, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
        return await self._patiently(lambda: self._transactions.run(work))

    async def _patiently(self, write: Callable[[], Awaitable[_T]]) -> _T:
        """A storage that is away for a moment must not cost a copy."""
        for delay in _DELAYS:
            try:
                return await write()
            except StorageUnavailable:
                await self._clock.sleep(delay)
        return await write()


async def still_being_sent(uow: UnitOfWork, begun: Sequence[Reminder]) -> list[Reminder]:
    """The reminders as they are stored; without those that others have overtaken, or deleted."""
    stored = []
    for reminder in begun:
        with contextlib.suppress(ReminderNotFound):
            found = await uow.reminders.get(reminder.id)
            if (found.attempt, found.state) == (reminder.attempt, ReminderState.SENDING):
                stored.append(found)
    return stored


async def save_all(uow: UnitOfWork, outcomes: Sequence[Reminder]) -> None:
    for outcome in outcomes:
        await uow.reminders.save(outcome, was=ReminderState.SENDING)
