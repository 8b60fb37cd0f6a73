"""Delivery policy: how patient delivery is, and how it waits."""

from datetime import timedelta

from attrs import frozen

from taskbot.domain.reminder import Reminder


@frozen(kw_only=True)
class DeliveryPolicy:
    """Pure: the chance that spreads retries is passed in.

    `lease`: how long a claim is good for; longer than a send may take.
    `first_backoff`, `longest_backoff`: the waits after failures double from one to the other.
    `failures_allowed`: with so many failures behind it a reminder becomes a dead letter.
    `repeats_when_uncertain`: how often an unknown outcome is answered with one more send.
    """

    lease: timedelta = timedelta(seconds=30)
    first_backoff: timedelta = timedelta(seconds=2)
    longest_backoff: timedelta = timedelta(minutes=15)
    failures_allowed: int = 10
    repeats_when_uncertain: int = 1

    def backoff(self, failures: int, *, chance: float) -> timedelta:
        """The wait before the next try after *failures* failures; *chance* lies in [0, 1).

        Between half of the full wait and all of it ("equal jitter"), so that many reminders that
        failed together do not come back together.
        """
        factor: int = 1 << min(failures, 30)
        full = min(self.first_backoff * factor, self.longest_backoff)
        return full / 2 + full / 2 * chance

    def is_exhausted(self, reminder: Reminder) -> bool:
        """Whether one more failure is one too many."""
        return reminder.failures >= self.failures_allowed

    def may_repeat(self, reminder: Reminder) -> bool:
        """Whether a send with an unknown outcome may be followed by another."""
        return reminder.uncertain < self.repeats_when_uncertain
