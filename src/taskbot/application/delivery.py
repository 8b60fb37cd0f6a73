"""Delivery: sending what is due to one person, and writing down what became of it."""

import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from taskbot.application.delivery_lines import about, note_outcomes
from taskbot.application.delivery_records import DeliveryRecords, save_all, still_being_sent
from taskbot.application.parcels import Parcel
from taskbot.application.ports import (
    Alert,
    AlertKind,
    Alerts,
    Claim,
    Clock,
    DeliveryProblem,
    LimitReached,
    Notifier,
    NotifierRejected,
    NotSent,
    OutcomeUnknown,
    PersonUnreachable,
    Queries,
    Receipt,
    SendLimiter,
    Transactions,
    UnitOfWork,
)
from taskbot.application.transactions import transactional
from taskbot.application.views import Letter
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.ids import ReminderId, UserId
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.user import User

Errand: TypeAlias = Callable[[], Awaitable[None]]
"""Delivering to one person, as soon as somebody has a free hand."""

PATIENCE: Final = timedelta(seconds=5)
"""How long a delivery waits for its turn; beyond that the reminder goes back to the plan."""
LONGEST_WAIT: Final = 2 * PATIENCE
"""How long replies may keep it from its turn before it does so, too."""
REJECTED_PAUSE: Final = timedelta(minutes=5)
"""How long nothing is sent after our credentials were refused."""
TOGETHER: Final = 10
"""How many reminders go into one message at most: a line and a row of buttons each."""
AT_A_TIME: Final = 16
"""How many deliveries should go on in one process: half a second's, at Telegram's limit.

All of them have booked a turn, or wait for an answer. With more a messenger that stands still and
comes back would get all at once, and several processes would book each other's patience away:
what finds no turn goes back to the plan and is claimed again, which costs more than sending.
"""


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
    _records: DeliveryRecords = field(init=False)

    @_records.default
    def _own_records(self) -> DeliveryRecords:
        return DeliveryRecords(self._transactions, self._clock)

    async def deliver(self, claims: Sequence[Claim]) -> None:
        """Deliver what was claimed, to one person after the other."""
        for errand in await self.errands(claims):
            await errand()

    async def errands(self, claims: Sequence[Claim]) -> list[Errand]:
        """What is to be done about the claims that there is still reason to deliver.

        One errand for each person; several may be run at once. What is due to a person goes into
        one message, claimed or not, up to a limit.
        """
        attempts = {claim.reminder_id: claim.attempt for claim in claims}
        of_each: dict[UserId, list[Letter]] = {}
        for letter in await self._queries.letters(attempts):
            if _is_ours(letter.reminder, attempts[letter.reminder.id]):
                of_each.setdefault(letter.user.id, []).append(letter)
        return [partial(self._deliver_all, letters) for letters in of_each.values()]

    async def _deliver_all(self, letters: list[Letter]) -> None:
        done: set[ReminderId] = set()
        for letter in letters:
            if letter.reminder.id not in done:
                with about(letter.reminder):
                    done.update(await self._deliver(letter))

    async def _deliver(self, letter: Letter) -> list[ReminderId]:
        """Deliver one reminder; return what went with it."""
        if letter.reminder.withdrawn or not letter.task.is_open:
            await self._leave(letter.reminder.cancel())
        elif not letter.user.may_be_reminded:
            note_outcomes(await self._hold(letter))
        elif self._policy.is_exhausted(letter.reminder):
            await self._bury(letter.reminder, error="too many failures")
        elif await self._has_its_turn(letter):
            return await self._send(letter)
        return []

    async def _has_its_turn(self, letter: Letter) -> bool:
        """Wait for the moment at which it may go, or put it back in the plan.

        Replies may come in between again and again: not for longer than the lease may last.
        """
        until = self._clock.now() + LONGEST_WAIT
        wait = await self._limiter.reserve(letter.user.chat_id, patience=PATIENCE)
        while wait:
            await self._clock.sleep(wait)
            wait = await self._limiter.take_turn(letter.user.chat_id)
            if self._clock.now() + wait > until:
                wait = None
        if wait is None:
            # Before the end of a pause nobody finds a turn.
            pause = await self._limiter.pause_left()
            await self._put_off(letter.reminder, max(PATIENCE, pause))
        return wait is not None

    async def _put_off(self, reminder: Reminder, wait: timedelta) -> None:
        await self._leave(reminder.put_off(until=self._clock.now() + wait))

    async def _send(self, letter: Letter) -> list[ReminderId]:
        begun = await self._begin(letter.reminder)
        if not begun:
            return []
        pause = await self._limiter.pause_left()  # somebody may have met a limit meanwhile
        if pause > timedelta(0):
            until = self._clock.now() + pause
            await self._give(begun, lambda one: one.put_off(until=until))
            return [reminder.id for reminder in begun]
        parcel = await self._pack(letter, begun)
        try:
            receipt = await self._notifier.send(parcel.notification(now=self._clock.now()))
        except DeliveryProblem as problem:
            await self._settle(parcel, problem)
        else:
            await self._arrived(parcel, receipt)
        return [reminder.id for reminder in begun]

    async def _begin(self, claimed: Reminder) -> list[Reminder]:
        """Begin the reminder, if it is still ours, and what can go with it."""
        now = self._clock.now()
        until, others = now + self._policy.lease, 0 if claimed.alone else TOGETHER - 1
        return await self._transactions.once(
            lambda stored: stored.reminders.begin(claimed, now=now, until=until, others=others)
        )

    async def _pack(self, letter: Letter, begun: list[Reminder]) -> Parcel:
        """Add the others' letters; what is of no use any more is cancelled on the way."""
        letters = [evolve(letter, reminder=begun[0])]
        if len(begun) > 1:
            found = await self._queries.letters([reminder.id for reminder in begun[1:]])
            letters += [other for other in found if other.task.is_open]
            closed = [other.reminder.cancel() for other in found if not other.task.is_open]
            await self._records.save(closed)
            note_outcomes(closed)
        letters.sort(key=lambda one: (one.reminder.fire_at, one.reminder.id))
        return Parcel(letter.user, tuple(letters))

    async def _arrived(self, parcel: Parcel, receipt: Receipt) -> None:
        now, message_id = self._clock.now(), receipt.message_id
        sent = [one.sent(now=now, message_id=message_id) for one in parcel.reminders]
        await self._records.save(sent)
        note_outcomes(sent)
        if receipt.moved_to is not None:
            await self._follow_chat(parcel.user, receipt.moved_to)

    async def _settle(self, parcel: Parcel, problem: DeliveryProblem) -> None:
        now, error, begun = self._clock.now(), str(problem), parcel.reminders
        match problem:
            case LimitReached():
                await self._wait_all(begun, problem.retry_after, error)
            case NotifierRejected():
                await self._wait_all(begun, REJECTED_PAUSE, error)
                await self._alerts.send(Alert(AlertKind.TOKEN_REJECTED, error))
            case PersonUnreachable():
                note_outcomes(await self._records.write(lambda uow: self._lose(uow, parcel, error)))
            case NotSent():
                chance = self._chance()  # the same for all: they go on travelling together
                await self._give(begun, lambda one: self._retry_or_bury(one, now, chance, error))
            case OutcomeUnknown():
                chance = self._chance()
                await self._give(begun, lambda one: self._repeat_or_leave(one, now, chance, error))
            case _ if len(begun) > 1:
                await self._give(begun, lambda one: one.set_apart(until=now, error=error))
            case _:
                await self._give(begun, lambda one: one.give_up(error=error))

    async def _wait_all(self, begun: list[Reminder], wait: timedelta, error: str) -> None:
        await self._limiter.pause(wait)
        until = self._clock.now() + wait
        await self._give(begun, lambda one: one.put_off(until=until, error=error))

    def _retry_or_bury(
        self, reminder: Reminder, now: datetime, chance: float, error: str
    ) -> Reminder:
        wait = self._policy.backoff(reminder.failures, chance=chance)
        failed = reminder.failed_once(retry_at=now + wait, error=error)
        return failed.give_up(error=error) if self._policy.is_exhausted(failed) else failed

    def _repeat_or_leave(
        self, reminder: Reminder, now: datetime, chance: float, error: str
    ) -> Reminder:
        if not self._policy.may_repeat(reminder):
            return reminder.leave_unknown(error=error)
        wait = self._policy.backoff(reminder.uncertain, chance=chance)
        return reminder.uncertain_once(retry_at=now + wait, error=error)

    async def _give(self, begun: list[Reminder], outcome: Callable[[Reminder], Reminder]) -> None:
        """Give each its outcome, as it is stored now: it may have been taken back meanwhile."""
        settled = await self._records.settle(begun, outcome)
        note_outcomes(settled)
        for reminder in settled:
            with about(reminder):
                await self._tell_of(reminder)

    async def _tell_of(self, reminder: Reminder) -> None:
        error = reminder.last_error or ""
        if reminder.state is ReminderState.FAILED:
            await self._alerts.send(Alert(AlertKind.DEAD_LETTER, error, f"reminder {reminder.id}"))
        elif reminder.state is ReminderState.UNKNOWN:
            unknown = Alert(AlertKind.OUTCOME_UNKNOWN, error, f"reminder {reminder.id}")
            await self._alerts.send(unknown)

    async def _bury(self, claimed: Reminder, *, error: str) -> None:
        dead = claimed.give_up(error=error)
        if await self._leave(dead):
            await self._tell_of(dead)

    @transactional
    async def _hold(self, uow: UnitOfWork, letter: Letter) -> list[Reminder]:
        """Keep the reminder until its owner returns, or stays, unless that has just happened."""
        owner = await uow.users.get(letter.user.id)
        until = self._clock.now() if owner.may_be_reminded else None
        held = letter.reminder.put_off(until=until)
        return [held] if await uow.reminders.save(held, was=ReminderState.CLAIMED) else []

    async def _lose(self, uow: UnitOfWork, parcel: Parcel, error: str) -> list[Reminder]:
        owner = await uow.users.get(parcel.user.id)
        if owner.reachable:
            await uow.users.update(owner.lose())
        stored = await still_being_sent(uow, parcel.reminders)
        held = [one.put_off(until=None, error=error) for one in stored]
        await save_all(uow, held)
        return held

    @transactional
    async def _follow_chat(self, uow: UnitOfWork, user: User, chat_id: int) -> None:
        owner = await uow.users.get(user.id)
        await uow.users.update(owner.follow_chat(chat_id))

    async def _leave(self, reminder: Reminder) -> bool:
        """Store what became of a claim that was not begun, if it is still ours."""
        is_ours = await self._records.save_claimed(reminder)
        if is_ours:
            note_outcomes([reminder])
        return is_ours


def _is_ours(reminder: Reminder, attempt: int) -> bool:
    return reminder.attempt == attempt and reminder.state is ReminderState.CLAIMED
