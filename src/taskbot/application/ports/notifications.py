"""Delivery: the queue, the notifier and its outcomes, the limits."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, Self

from attrs import frozen

from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Task
from taskbot.domain.user import User


@frozen
class Notice:
    """One task to be reminded of, by all *reminders* that are due, the newest promise last.

    *late_by* is set when that one is late enough to say so.
    """

    task: Task
    reminders: tuple[Reminder, ...]
    late_by: timedelta | None = None


@frozen(kw_only=True)
class Notification:
    """What to tell whom: one message, of at least one task, each of them once."""

    user: User
    notices: tuple[Notice, ...]


@frozen
class Receipt:
    """The messenger took the message, under this number.

    *moved_to*: the chat in which it appeared, if that is another than it was sent to.
    """

    message_id: int | None
    moved_to: int | None = None


class DeliveryProblem(Exception):
    """The message was not, or not surely, delivered. `str()` of it is fit for a log."""


class LimitReached(DeliveryProblem):
    """Too many messages: nothing was sent, nobody may send before *retry_after* has passed."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"too many messages: retry after {retry_after.total_seconds():.0f} s")
        self.retry_after = retry_after


class NotSent(DeliveryProblem):
    """Nothing was sent: no connection could be made, or the messenger said that it failed."""


class OutcomeUnknown(DeliveryProblem):
    """The request was written and the answer did not come, or told nothing."""


class PersonUnreachable(DeliveryProblem):
    """The person blocked the bot, or their account is gone."""


class Refused(DeliveryProblem):
    """The message itself was refused, for good: a mistake of ours, or in one of its notices."""


class NotifierRejected(DeliveryProblem):
    """Our own credentials were refused: nothing can be sent to anybody."""


class Notifier(Protocol):
    async def send(self, notification: Notification) -> Receipt:
        """Tell the person, in their language and by their clock.

        Raise a `DeliveryProblem` otherwise, and nothing else.
        """


@frozen
class Claim:
    """A reminder and the attempt at which it was claimed."""

    reminder_id: ReminderId
    attempt: int

    @classmethod
    def of(cls, reminder: Reminder) -> Self:
        return cls(reminder.id, reminder.attempt)


class ReminderQueue(Protocol):
    """A doorbell: what is enqueued may be lost, repeated, delayed and reordered."""

    async def enqueue(self, claims: Sequence[Reminder]) -> None:
        """Ask for the delivery of freshly claimed reminders, one person's in one go.

        May wait for room.
        """


class JobQueue(Protocol):
    """A doorbell for periodic jobs; what is lost comes again at its next time."""

    async def ring(self, queue: str, job: str) -> None:
        """Have somebody who works for *queue* do *job*."""


class SendLimiter(Protocol):
    """The messenger's limits, kept by all senders together. Replies go first."""

    async def reserve(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        """Book the next free moment for a notification to *telegram_id*; return the wait.

        None if that moment is further away than *patience*: then nothing is booked. Who has to
        wait asks `take_turn` afterwards, for replies may have come in between.
        """

    async def take_turn(self, telegram_id: int) -> timedelta:
        """Whether the moment that was booked for *telegram_id* has come: zero, and it is used.

        Otherwise how long to wait yet, and then to ask again. Who comes too late by more than one
        message's distance, or booked nothing, gets a moment of just now that nobody else has come
        for, or else the next free one.
        """

    async def reserve_reply(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        """Book a moment for a reply to *telegram_id*, for somebody waits; return the wait.

        It goes before all notifications that wait for theirs, which are moved: only what has had
        its turn is in the way, and other replies. It need not keep its distance from other messages
        to the same person, but others from it; short bursts are allowed (Bot API FAQ), and a
        conversation cannot do without. None as with `reserve`.
        """

    async def pause(self, duration: timedelta) -> None:
        """Nobody may send before *duration* has passed. A longer pause stays as it is."""

    async def pause_left(self) -> timedelta:
        """How long nobody may send yet. What was booked before the pause must wait, too.

        Who was given a turn a moment ago may be told nothing of a pause that others have begun
        since: it reaches those who are about to send as late as those who are sending.
        """
