"""Delivery: the queue, the notifier and its outcomes, the limits."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from attrs import frozen

from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Task
from taskbot.domain.user import User


@frozen(kw_only=True)
class Notification:
    """What to tell whom. *late_by* is set when the reminder is late enough to say so."""

    user: User
    task: Task
    reminder: Reminder
    late_by: timedelta | None = None


@frozen
class Receipt:
    """The messenger took the message, under this number."""

    message_id: int | None


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
    """The message itself was refused, for good: a mistake of ours."""


class NotifierRejected(DeliveryProblem):
    """Our own credentials were refused: nothing can be sent to anybody."""


class Notifier(Protocol):
    async def send(self, notification: Notification) -> Receipt:
        """Tell the person, in their language and by their clock.

        Raise a `DeliveryProblem` otherwise, and nothing else.
        """


class ReminderQueue(Protocol):
    """A doorbell: what is enqueued may be lost, repeated, delayed and reordered."""

    async def enqueue(self, claims: Sequence[Reminder]) -> None:
        """Ask for the delivery of freshly claimed reminders. May wait for room."""


class SendLimiter(Protocol):
    """The messenger's limits, kept by all senders together."""

    async def reserve(
        self, telegram_id: int, *, patience: timedelta, in_burst: bool = False
    ) -> timedelta | None:
        """Book the next free moment for a message to *telegram_id*; return the wait until then.

        None if that moment is further away than *patience*: then nothing is booked. *in_burst*:
        it need not keep its distance from other messages to the same person, but others from it;
        short bursts are allowed (Bot API FAQ), and a conversation cannot do without.
        """

    async def pause(self, duration: timedelta) -> None:
        """Nobody may send before *duration* has passed. A longer pause stays as it is."""

    async def pause_left(self) -> timedelta:
        """How long nobody may send yet. What was booked before the pause must wait, too."""
