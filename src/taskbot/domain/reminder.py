"""Reminder: what was promised, and what became of it.

The states and who writes them::

    planned --claim--> claimed --begin--> sending --+--> sent
       ^                  |                  |      +--> unknown   may have arrived
       |                  |                  |      +--> failed    a dead letter
       +---- put off -----+------------------+              |
       +------------------------- revive -------------------+
    planned, claimed, failed --cancel--> cancelled

Every claim raises `attempt`, and every later write names the attempt that it belongs to: who
lost the lease cannot overwrite a newer attempt.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from attrs import evolve, field, frozen

from taskbot.domain.errors import ReminderNotDead, ReminderNotFound, ReminderOver
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.text import shortened
from taskbot.domain.timezone import aware_utc, aware_utc_or_none

LATE_AFTER: Final = timedelta(minutes=3)
ERROR_LIMIT: Final = 500


class ReminderKind(StrEnum):
    LEAD = "lead"
    """Some time before a timed deadline."""
    DUE = "due"
    """At the moment of a timed deadline."""
    DAY = "day"
    """On the day of a whole-day deadline."""
    SNOOZE = "snooze"
    """When the person asked to be reminded again; another such wish takes its place."""
    MOMENT = "moment"
    """At a moment of the person's own choice, wherever the deadline is."""


OF_THE_DEADLINE: Final = frozenset({ReminderKind.LEAD, ReminderKind.DUE, ReminderKind.DAY})
"""The kinds that follow the deadline; the person chose the moments of the others."""


class ReminderState(StrEnum):
    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in PENDING


PENDING: Final = frozenset({ReminderState.PLANNED, ReminderState.CLAIMED, ReminderState.SENDING})


def _error(text: str | None) -> str | None:
    return None if text is None else shortened(text, ERROR_LIMIT)


@frozen(kw_only=True)
class Reminder:
    """One planned notification of one task.

    `fire_at` is the promise and never changes. `available_at` says when dispatch may (next)
    claim the reminder: at first `fire_at`, then the end of a backoff, and during a claim the end
    of its lease. None puts it on hold, until its owner can be reminded again. `failures` counts the
    tries that used up patience, `uncertain` those after which nobody knows whether it arrived.
    `withdrawn`: it was taken back while it was being sent, or after it was given up, so there is
    no other try. `alone`: it was in a message that was refused, or that a process died over; it
    shares none any more. `trace_id`: what it was promised by, for the log of its delivery.
    """

    id: ReminderId
    task_id: TaskId
    owner_id: UserId
    fire_at: datetime = field(converter=aware_utc)
    kind: ReminderKind = field(converter=ReminderKind)
    state: ReminderState = field(default=ReminderState.PLANNED, converter=ReminderState)
    available_at: datetime | None = field(converter=aware_utc_or_none)
    attempt: int = 0
    failures: int = 0
    uncertain: int = 0
    withdrawn: bool = False
    alone: bool = False
    sent_at: datetime | None = field(default=None, converter=aware_utc_or_none)
    message_id: int | None = None
    last_error: str | None = field(default=None, converter=_error)
    created_at: datetime = field(converter=aware_utc)
    trace_id: str | None = None

    @classmethod
    def plan(
        cls,
        *,
        id: ReminderId,
        task_id: TaskId,
        owner_id: UserId,
        fire_at: datetime,
        kind: ReminderKind,
        now: datetime,
        trace_id: str | None = None,
    ) -> Self:
        return cls(
            id=id,
            task_id=task_id,
            owner_id=owner_id,
            fire_at=fire_at,
            kind=kind,
            available_at=fire_at,
            created_at=now,
            trace_id=trace_id,
        )

    @property
    def is_ahead(self) -> bool:
        """Still to come, and meant to."""
        return self.state in PENDING and not self.withdrawn

    def require_ahead(self) -> None:
        """Raise `ReminderNotFound` if it was taken back, `ReminderOver` if it is settled."""
        if self.state is ReminderState.CANCELLED or self.withdrawn:
            raise ReminderNotFound(self.id)
        if self.state not in PENDING:
            raise ReminderOver(self.id)

    def lateness(self, *, now: datetime) -> timedelta:
        """How long after the promised moment *now* is; nothing if it is not after it."""
        return max(now - self.fire_at, timedelta(0))

    def is_late(self, *, now: datetime) -> bool:
        """Late enough for the person to be told so."""
        return self.lateness(now=now) > LATE_AFTER

    def claim(self, *, until: datetime) -> Self:
        """Somebody takes it in hand until the lease ends at *until*.

        One that is found in `sending` was left by a process that died: a failure, and counted,
        so that a reminder that kills its sender is not tried for ever, and takes no others along.
        """
        was_sending = self.state is ReminderState.SENDING
        return evolve(
            self,
            state=ReminderState.CLAIMED,
            attempt=self.attempt + 1,
            available_at=until,
            failures=self.failures + was_sending,
            alone=self.alone or was_sending,
        )

    def begin(self, *, until: datetime) -> Self:
        """The message is about to be handed over; the lease is renewed to *until*."""
        return evolve(self, state=ReminderState.SENDING, available_at=until)

    def join(self, *, until: datetime) -> Self:
        """It goes into the message of another; whoever had claimed it has lost it."""
        return evolve(self.begin(until=until), attempt=self.attempt + 1)

    def sent(self, *, now: datetime, message_id: int | None) -> Self:
        return evolve(
            self,
            state=ReminderState.SENT,
            available_at=None,
            sent_at=now,
            message_id=message_id,
            last_error=None,
        )

    def put_off(self, *, until: datetime | None, error: str | None = None) -> Self:
        """Back to `planned` without a failure; None: on hold until the owner returns."""
        last_error = error or self.last_error
        if self.withdrawn:
            return evolve(self.cancel(), last_error=last_error)
        return evolve(self, state=ReminderState.PLANNED, available_at=until, last_error=last_error)

    def set_apart(self, *, until: datetime, error: str) -> Self:
        """Back to `planned`, to go alone: the message that it shared was refused."""
        return evolve(self.put_off(until=until, error=error), alone=True)

    def failed_once(self, *, retry_at: datetime, error: str) -> Self:
        """Nothing was sent; try again at *retry_at*."""
        return evolve(self.put_off(until=retry_at, error=error), failures=self.failures + 1)

    def uncertain_once(self, *, retry_at: datetime, error: str) -> Self:
        """It may have been sent, or not; try again at *retry_at*."""
        return evolve(self.put_off(until=retry_at, error=error), uncertain=self.uncertain + 1)

    def give_up(self, *, error: str) -> Self:
        """A dead letter; unless nobody waits for it any more."""
        state = ReminderState.CANCELLED if self.withdrawn else ReminderState.FAILED
        return evolve(self, state=state, available_at=None, last_error=error)

    def revive(self, *, now: datetime) -> Self:
        """A dead letter is tried anew, with all the patience of a first time.

        One that nobody waits for any more is cancelled. Raise `ReminderNotDead` for any other.
        """
        self._require_dead()
        return evolve(self.put_off(until=now), failures=0, uncertain=0)

    def discard(self) -> Self:
        """A dead letter is put away. Raise `ReminderNotDead` for any other."""
        self._require_dead()
        return self.cancel()

    def _require_dead(self) -> None:
        if self.state is not ReminderState.FAILED:
            raise ReminderNotDead(self.id)

    def leave_unknown(self, *, error: str) -> Self:
        """It may have arrived, and asking again would risk one copy more."""
        return evolve(
            self,
            state=ReminderState.UNKNOWN,
            available_at=None,
            uncertain=self.uncertain + 1,
            last_error=error,
        )

    def cancel(self) -> Self:
        return evolve(self, state=ReminderState.CANCELLED, available_at=None)

    def take_back(self) -> Self:
        """Its task has changed: cancelled; what is being sent or was given up is not sent again."""
        if self.state in {ReminderState.SENDING, ReminderState.FAILED}:
            return evolve(self, withdrawn=True)
        return self.cancel()

    def give_back(self, was: "Reminder") -> "Reminder":
        """Its task is again what it was when this was *was*: what was taken back is promised anew.

        What has been delivered meanwhile stays so, and what is on its way counts again. One that
        came back from there without having been sent is planned, for late is better than never.
        """
        if was.state.is_final and was.state is not ReminderState.FAILED:
            return self
        if self.state in {ReminderState.SENT, ReminderState.UNKNOWN}:
            return self
        if self.state is not ReminderState.CANCELLED:
            return evolve(self, withdrawn=was.withdrawn)
        if was.state is ReminderState.SENDING:
            again = ReminderState.PLANNED
            return evolve(self, state=again, available_at=self.fire_at, withdrawn=was.withdrawn)
        return was

    def off_hold(self) -> "Reminder":
        """Available again from its moment on, if it was on hold."""
        if self.state is ReminderState.PLANNED and self.available_at is None:
            return evolve(self, available_at=self.fire_at)
        return self
