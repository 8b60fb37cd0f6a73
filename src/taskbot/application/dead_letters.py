"""Dead letters: reminders that were given up, for the operator to look at and to decide on."""

from typing import Final

from attrs import frozen

from taskbot.application.ports import Clock, Queries, Transactions, UnitOfWork
from taskbot.application.transactions import transactional
from taskbot.application.views import DeadLetterPosition, Letter
from taskbot.domain.errors import ReminderNotDead, ReminderNotFound
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import Reminder, ReminderState

_BATCH: Final = 100


@frozen
class DeadLetterPage:
    """*following*: the place behind which there is more; None at the end."""

    items: tuple[Letter, ...]
    following: DeadLetterPosition | None


@frozen
class DeadLetterService:
    """For operators: it knows no owner. The earliest promise comes first everywhere."""

    _transactions: Transactions
    _queries: Queries
    _clock: Clock

    async def page(self, *, limit: int, after: DeadLetterPosition | None = None) -> DeadLetterPage:
        found = await self._queries.dead_letters(limit=limit + 1, after=after)
        items = found[:limit]
        more = DeadLetterPosition.of(items[-1].reminder) if len(found) > limit else None
        return DeadLetterPage(tuple(items), more)

    async def get(self, reminder_id: ReminderId) -> Letter:
        """Raise `ReminderNotFound`, or `ReminderNotDead` for one that was not given up."""
        found = await self._queries.letters([reminder_id])
        if not found:
            raise ReminderNotFound(reminder_id)
        if found[0].reminder.state is not ReminderState.FAILED:
            raise ReminderNotDead(reminder_id)
        return found[0]

    @transactional
    async def retry(self, uow: UnitOfWork, reminder_id: ReminderId) -> Reminder:
        """Have it tried anew, as if for the first time. Raises as `get` does."""
        dead = await uow.reminders.get(reminder_id)
        revived = dead.revive(now=self._clock.now())
        await uow.reminders.save(revived, was=ReminderState.FAILED)
        return revived

    @transactional
    async def discard(self, uow: UnitOfWork, reminder_id: ReminderId) -> Reminder:
        """Put it away: nobody will be reminded by it. Raises as `get` does."""
        dead = await uow.reminders.get(reminder_id)
        discarded = dead.discard()
        await uow.reminders.save(discarded, was=ReminderState.FAILED)
        return discarded

    async def retry_all(self) -> int:
        """Have all of them tried anew; return how many."""
        number = 0
        while batch := await self._queries.dead_letters(limit=_BATCH):
            number += await self._retry_batch([letter.reminder for letter in batch])
        return number

    @transactional
    async def _retry_batch(self, uow: UnitOfWork, dead: list[Reminder]) -> int:
        now = self._clock.now()
        saved = [
            await uow.reminders.save(one.revive(now=now), was=ReminderState.FAILED) for one in dead
        ]
        return sum(saved)

    async def discard_all(self) -> int:
        """Put all of them away; return how many."""
        number = 0
        while batch := await self._queries.dead_letters(limit=_BATCH):
            number += await self._discard_batch([letter.reminder for letter in batch])
        return number

    @transactional
    async def _discard_batch(self, uow: UnitOfWork, dead: list[Reminder]) -> int:
        saved = [await uow.reminders.save(one.discard(), was=ReminderState.FAILED) for one in dead]
        return sum(saved)
