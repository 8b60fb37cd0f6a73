"""A line in the log for each reminder that was claimed, and for what became of it.

By their ids alone: what they remind of is nobody's business but their owner's.
"""

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final

from taskbot.application.traces import TRACE, traced
from taskbot.domain.reminder import Reminder, ReminderState

_log = logging.getLogger(__name__)

_OUTCOMES: Final = {
    ReminderState.CANCELLED: "the reminder is not sent: nobody waits for it any more",
    ReminderState.FAILED: "the reminder was given up",
    ReminderState.UNKNOWN: "the reminder may have arrived, or not",
}


def about(reminder: Reminder) -> AbstractContextManager[None]:
    """Lines of the block are about *reminder*, and came of what it was promised by."""
    return traced(
        trace_id=reminder.trace_id,
        reminder_id=str(reminder.id),
        task_id=str(reminder.task_id),
    )


def note_claims(claims: Sequence[Reminder]) -> None:
    """One line for all: there may be thousands in a second."""
    if claims and _log.isEnabledFor(logging.INFO):
        known = {claim.trace_id for claim in claims if claim.trace_id is not None}
        ids = {"reminder_id": [str(claim.id) for claim in claims], TRACE: sorted(known)}
        _log.info("%d due, claimed, and workers rung for", len(claims), extra=ids)


def note_outcomes(reminders: Sequence[Reminder]) -> None:
    """Say what has become of each of *reminders*: it is stored so."""
    for reminder in reminders:
        with about(reminder):
            _note(reminder)


def _note(reminder: Reminder) -> None:
    if reminder.sent_at is not None:
        late = reminder.lateness(now=reminder.sent_at).total_seconds()
        _log.info("the reminder was sent, %.2f s after its moment", late)
    elif reminder.state is not ReminderState.PLANNED:
        _log.info(_OUTCOMES[reminder.state])
    elif reminder.available_at is None:
        _log.info("the reminder is on hold: its owner is not to be reminded now")
    else:
        _log.info("the reminder is put off until %s", reminder.available_at.isoformat())
