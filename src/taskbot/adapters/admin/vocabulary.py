"""The words for what the storage has codes for."""

from collections.abc import Mapping
from typing import Any, Final

from taskbot.adapters.admin.words import mark
from taskbot.domain.reminder import ReminderKind, ReminderState
from taskbot.domain.task import Priority, TaskStatus
from taskbot.domain.user import Language

LANGUAGES: Final[Mapping[Any, str]] = {
    Language.ENGLISH: mark("English"),
    Language.RUSSIAN: mark("Russian"),
}
STATUSES: Final[Mapping[Any, str]] = {
    TaskStatus.OPEN: mark("open"),
    TaskStatus.COMPLETED: mark("completed"),
}
PRIORITIES: Final[Mapping[Any, str]] = {
    Priority.URGENT: mark("urgent"),
    Priority.HIGH: mark("high"),
    Priority.MEDIUM: mark("medium"),
    Priority.NORMAL: mark("normal"),
}
KINDS: Final[Mapping[Any, str]] = {
    ReminderKind.LEAD: mark("ahead of the deadline"),
    ReminderKind.DUE: mark("at the deadline"),
    ReminderKind.DAY: mark("on the day"),
    ReminderKind.SNOOZE: mark("put off"),
    ReminderKind.MOMENT: mark("at a moment of their own"),
}
STATES: Final[Mapping[Any, str]] = {
    ReminderState.PLANNED: mark("planned"),
    ReminderState.CLAIMED: mark("taken up"),
    ReminderState.SENDING: mark("being sent"),
    ReminderState.SENT: mark("sent"),
    ReminderState.UNKNOWN: mark("perhaps sent"),
    ReminderState.FAILED: mark("failed"),
    ReminderState.CANCELLED: mark("cancelled"),
}
