"""Delivery: sending one reminder, and writing down what became of it."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from attrs import field, frozen

from taskbot.application.ports import (
    Alert,
    AlertKind,
    Alerts,
    Clock,
    DeliveryProblem,
    LimitReached,
    Notification,
    Notifier,
    NotifierRejected,
    NotSent,
    OutcomeUnknown,
    PersonUnreachable,
    Queries,
    SendLimiter,
    StorageUnavailable,
    Transactions,
    UnitOfWork,
)
from taskbot.application.transactions import transactional
from taskbot.application.views import Letter
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import Reminder, ReminderState

PATIENCE: Final = timedelta(seconds=3)
"""How long a delivery waits for its turn; beyond that the reminder goes back to the plan."""
REJECTED_PAUSE: Final = timedelta(minutes=5)
"""How long nothing is sent after our credentials were refused."""
_RECORDING_DELAYS: Final = tuple(timedelta(seconds=seconds) for seconds in (0.2, 1, 3, 10, 30))


@frozen
class DeliveryService:
    """Keeps the promise: late rather than never, twice only if a process dies mid-send."""

    _transactions: Transactions
    _queries: Queries
    _notifier: Notifier
    _limiter: SendLimiter
    _alerts: Alerts
    _clock: Clock
    _policy: DeliveryPolicy
    _chance: Callable[[], float] = field(default=random.random)

    async def deliver(self, reminder_id: ReminderId, attempt: int) -> None:
        """Deliver the reminder, if *attempt* is still its newest and there is still reason to."""
        letter = await self._queries.letter(reminder_id)
        if letter is None or not _is_ours(letter.reminder, attempt):
            return
        if not letter.task.is_open:
            await self._save(letter.reminder.cancel(), was=ReminderState.CLAIMED)
        elif not letter.user.reachable:
            await self._hold(letter)
        elif self._policy.is_exhausted(letter.reminder):
            await self._bury(letter.reminder, was=ReminderState.CLAIMED, error="too many failures")
        elif await self._wait_for_turn(letter):
            await self._send(letter)

    async def _wait_for_turn(self, letter: Letter) -> bool:
        wait = await self._limiter.reserve(letter.user.telegram_id, patience=PATIENCE)
        if wait is None:
            await self._put_off(letter.reminder, PATIENCE)
            return False
        if wait > timedelta(0):
            await self._clock.sleep(wait)
        pause = await self._limiter.pause_left()  # somebody may have met a limit meanwhile
        if pause > timedelta(0):
            await self._put_off(letter.reminder, pause)
            return False
        return True

    async def _put_off(self, reminder: Reminder, wait: timedelta) -> None:
        later = reminder.put_off(until=self._clock.now() + wait)
        await self._save(later, was=ReminderState.CLAIMED)

    async def _send(self, letter: Letter) -> None:
        begun = letter.reminder.begin(until=self._clock.now() + self._policy.lease)
        if not await self._save(begun, was=ReminderState.CLAIMED):
            return
        now = self._clock.now()
        notification = Notification(
            user=letter.user,
            task=letter.task,
            reminder=begun,
            late_by=begun.lateness(now=now) if begun.is_late(now=now) else None,
        )
        try:
            receipt = await self._notifier.send(notification)
        except DeliveryProblem as problem:
            await self._settle(begun, letter, problem)
        else:
            sent = begun.sent(now=self._clock.now(), message_id=receipt.message_id)
            await self._record(sent)

    async def _settle(self, begun: Reminder, letter: Letter, problem: DeliveryProblem) -> None:
        now, error = self._clock.now(), str(problem)
        match problem:
            case LimitReached():
                await self._limiter.pause(problem.retry_after)
                await self._record(begun.put_off(until=now + problem.retry_after, error=error))
            case NotifierRejected():
                await self._limiter.pause(REJECTED_PAUSE)
                await self._record(begun.put_off(until=now + REJECTED_PAUSE, error=error))
                await self._alerts.send(Alert(AlertKind.TOKEN_REJECTED, error))
            case PersonUnreachable():
                await self._lose(begun, letter, error)
            case NotSent():
                await self._retry_or_bury(begun, now=now, error=error)
            case OutcomeUnknown():
                await self._repeat_or_leave(begun, now=now, error=error)
            case _:
                await self._bury(begun, was=ReminderState.SENDING, error=error)

    async def _retry_or_bury(self, begun: Reminder, *, now: datetime, error: str) -> None:
        wait = self._policy.backoff(begun.failures, chance=self._chance())
        failed = begun.failed_once(retry_at=now + wait, error=error)
        if self._policy.is_exhausted(failed):
            await self._bury(begun, was=ReminderState.SENDING, error=error)
        else:
            await self._record(failed)

    async def _repeat_or_leave(self, begun: Reminder, *, now: datetime, error: str) -> None:
        if self._policy.may_repeat(begun):
            wait = self._policy.backoff(begun.uncertain, chance=self._chance())
            await self._record(begun.uncertain_once(retry_at=now + wait, error=error))
        else:
            await self._record(begun.leave_unknown(error=error))
            await self._alerts.send(Alert(AlertKind.OUTCOME_UNKNOWN, error, f"reminder {begun.id}"))

    async def _bury(self, reminder: Reminder, *, was: ReminderState, error: str) -> None:
        await self._save(reminder.give_up(error=error), was=was)
        await self._alerts.send(Alert(AlertKind.DEAD_LETTER, error, f"reminder {reminder.id}"))

    @transactional
    async def _hold(self, uow: UnitOfWork, letter: Letter) -> None:
        """Keep the reminder until its owner returns, unless that has just happened."""
        owner = await uow.users.get(letter.user.id)
        until = self._clock.now() if owner.reachable else None
        held = letter.reminder.put_off(until=until)
        await uow.reminders.save(held, was=ReminderState.CLAIMED)

    @transactional
    async def _lose(self, uow: UnitOfWork, begun: Reminder, letter: Letter, error: str) -> None:
        owner = await uow.users.get(letter.user.id)
        if owner.reachable:
            await uow.users.update(owner.lose())
        held = begun.put_off(until=None, error=error)
        await uow.reminders.save(held, was=ReminderState.SENDING)

    async def _record(self, reminder: Reminder) -> None:
        """Write an outcome down; a storage that is away for a moment must not cost a copy."""
        for delay in _RECORDING_DELAYS:
            try:
                await self._save(reminder, was=ReminderState.SENDING)
            except StorageUnavailable:
                await self._clock.sleep(delay)
            else:
                return
        await self._save(reminder, was=ReminderState.SENDING)

    async def _save(self, reminder: Reminder, *, was: ReminderState) -> bool:
        return await self._transactions.run(lambda uow: uow.reminders.save(reminder, was=was))


def _is_ours(reminder: Reminder, attempt: int) -> bool:
    return reminder.attempt == attempt and reminder.state is ReminderState.CLAIMED
