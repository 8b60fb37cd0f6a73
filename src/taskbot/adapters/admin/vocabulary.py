"""The words for what the storage has codes for."""

from collections.abc import Mapping
from typing import Any, Final

from taskbot.adapters.admin.words import mark
from taskbot.domain.audit import AuditedKind, AuditVerb
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.operator import Role
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
MOVES: Final[Mapping[Any, str]] = {
    TimedDeadlines.KEEP_MOMENT: mark("stay at the moment that they are at"),
    TimedDeadlines.KEEP_CLOCK: mark("stay at what the clock shows"),
}
ROLES: Final[Mapping[Any, str]] = {
    Role.VIEWER: mark("viewer"),
    Role.EDITOR: mark("editor"),
}
VERBS: Final[Mapping[Any, str]] = {
    AuditVerb.SIGN_IN: mark("signed in"),
    AuditVerb.SIGN_OUT: mark("signed out"),
    AuditVerb.ACCOUNT_CREATE: mark("created an account"),
    AuditVerb.ACCOUNT_INVITE: mark("made a one-time link"),
    AuditVerb.ACCOUNT_PASSWORD: mark("changed a password"),
    AuditVerb.ACCOUNT_ROLE: mark("changed a role"),
    AuditVerb.ACCOUNT_DEACTIVATE: mark("deactivated an account"),
    AuditVerb.ACCOUNT_REACTIVATE: mark("reactivated an account"),
    AuditVerb.TASK_EDIT: mark("changed a task"),
    AuditVerb.TASK_COMPLETE: mark("completed a task"),
    AuditVerb.TASK_REOPEN: mark("reopened a task"),
    AuditVerb.TASK_RESCHEDULE: mark("rescheduled a task"),
    AuditVerb.TASK_DELETE: mark("deleted a task"),
    AuditVerb.PERSON_EDIT: mark("changed a person"),
    AuditVerb.PERSON_PAUSE: mark("paused notifications"),
    AuditVerb.PERSON_RESUME: mark("resumed notifications"),
    AuditVerb.PERSON_LEAVE: mark("had a person leave"),
    AuditVerb.PERSON_STAY: mark("had a person stay"),
    AuditVerb.CATEGORY_EDIT: mark("changed a category"),
    AuditVerb.CATEGORY_DELETE: mark("deleted a category"),
    AuditVerb.REMINDER_ADD: mark("added a reminder"),
    AuditVerb.REMINDER_REMOVE: mark("removed a reminder"),
    AuditVerb.REMINDER_RETRY: mark("had a dead letter tried again"),
    AuditVerb.REMINDER_DISCARD: mark("discarded a dead letter"),
    AuditVerb.TOKEN_REVOKE: mark("revoked an access token"),
}
OBJECTS: Final[Mapping[Any, str]] = {
    AuditedKind.TASK: mark("task"),
    AuditedKind.PERSON: mark("person"),
    AuditedKind.CATEGORY: mark("category"),
    AuditedKind.REMINDER: mark("reminder"),
    AuditedKind.ACCESS_TOKEN: mark("access token"),
    AuditedKind.ADMIN_ACCOUNT: mark("admin account"),
}
