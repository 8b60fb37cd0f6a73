"""Audit log: who did what to which thing, when, and what was different afterwards."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from taskbot.domain.errors import DomainError
from taskbot.domain.ids import AuditEntryId, UserId
from taskbot.domain.text import shortened
from taskbot.domain.timezone import aware_utc

AUDIT_KEPT: Final = timedelta(days=731)
"""For how long an entry is kept: two years, whichever years these are."""

OPERATOR_LIMIT: Final = 100
CLIENT_LIMIT: Final = 64

Plain: TypeAlias = "bool | int | float | str | Sequence[Plain] | None"
"""What a field of a thing comes to in the log: something that JSON knows."""

State: TypeAlias = Mapping[str, Plain]
"""The fields of a thing, in plain values."""

Diff: TypeAlias = Mapping[str, tuple[Plain, Plain]]
"""Of each field that changed: what it was before, and what it is after."""


class AuditVerb(StrEnum):
    """What operators do. Once released a value never changes: it stands in old entries."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"

    ACCOUNT_CREATE = "account.create"
    ACCOUNT_INVITE = "account.invite"
    ACCOUNT_PASSWORD = "account.password"  # noqa: S105 - that it was changed
    ACCOUNT_ROLE = "account.role"
    ACCOUNT_DEACTIVATE = "account.deactivate"
    ACCOUNT_REACTIVATE = "account.reactivate"

    TASK_EDIT = "task.edit"
    TASK_COMPLETE = "task.complete"
    TASK_REOPEN = "task.reopen"
    TASK_RESCHEDULE = "task.reschedule"
    TASK_DELETE = "task.delete"

    PERSON_EDIT = "person.edit"
    PERSON_PAUSE = "person.pause"
    PERSON_RESUME = "person.resume"
    PERSON_LEAVE = "person.leave"
    PERSON_STAY = "person.stay"

    CATEGORY_EDIT = "category.edit"
    CATEGORY_DELETE = "category.delete"

    REMINDER_ADD = "reminder.add"
    REMINDER_REMOVE = "reminder.remove"
    REMINDER_RETRY = "reminder.retry"
    REMINDER_DISCARD = "reminder.discard"

    TOKEN_REVOKE = "token.revoke"  # noqa: S105 - what is done to one


class AuditedKind(StrEnum):
    """What kinds of things are done something to. Values never change, as of `AuditVerb`."""

    TASK = "task"
    PERSON = "person"
    CATEGORY = "category"
    REMINDER = "reminder"
    ACCESS_TOKEN = "access-token"  # noqa: S105 - a kind of thing
    ADMIN_ACCOUNT = "admin-account"


def difference(before: State, after: State) -> Diff:
    """What is different *after*; a field that is not there has no value."""
    fields = [*before, *(name for name in after if name not in before)]
    return {
        name: (before.get(name), after.get(name))
        for name in fields
        if before.get(name) != after.get(name)
    }


def _frozen(value: Plain) -> Plain:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_frozen(one) for one in value)
    return value


def _diff(raw: Mapping[str, Sequence[Plain]] | None) -> Diff | None:
    if raw is None:
        return None
    return {name: (_frozen(before), _frozen(after)) for name, (before, after) in raw.items()}


def _operator(raw: str) -> str:
    return shortened(raw, OPERATOR_LIMIT)


def _client(raw: str | None) -> str | None:
    return shortened(raw, CLIENT_LIMIT) if raw else None


@frozen(kw_only=True)
class AuditEntry:
    """One deed of an operator's, done or refused. It is added once and never changes.

    *operator*: the name that they sign in by, or tried to. *verb*, *object_kind*: an `AuditVerb`
    and an `AuditedKind`, or one that a later release knows. *object_id*: None where nobody knows
    which thing was meant. *owner_id*: the person whose thing it is. *refusal*: the code of the
    `DomainError`; None: it was done. *diff*: None once the owner was deleted, for what they wrote
    goes with them. *client*: the address that the operator came from, where that is known.
    """

    id: AuditEntryId
    at: datetime = field(converter=aware_utc)
    operator: str = field(converter=_operator)
    verb: str = field(converter=str)
    object_kind: str = field(converter=str)
    object_id: str | None = None
    owner_id: UserId | None = None
    refusal: str | None = None
    diff: Diff | None = field(factory=dict, converter=_diff, hash=False)
    client: str | None = field(default=None, converter=_client)

    @property
    def is_done(self) -> bool:
        """It was done, and not refused."""
        return self.refusal is None

    def refused(self, refusal: DomainError) -> "AuditEntry":
        """The entry if the deed is refused: nothing is different then."""
        return evolve(self, refusal=refusal.code, diff={})

    def without_diff(self) -> "AuditEntry":
        """What stays of it when its owner is deleted."""
        return evolve(self, diff=None)
