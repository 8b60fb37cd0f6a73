"""Valid things of the domain: a test names only what it is about."""

from datetime import UTC, datetime
from typing import Any, Final

from attrs import evolve
from ulid import ULID

from taskbot.domain.access_token import AccessToken, new_secret
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation, new_admin_secret
from taskbot.domain.audit import AuditedKind, AuditEntry, AuditVerb
from taskbot.domain.category import Category
from taskbot.domain.ids import (
    AccessTokenId,
    AdminAccountId,
    AuditEntryId,
    CategoryId,
    ReminderId,
    TaskId,
    UserId,
)
from taskbot.domain.operator import Role
from taskbot.domain.reminder import Reminder, ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.user import Language, User

NOW: Final = datetime(2100, 3, 15, 12, 0, tzinfo=UTC)
"""A Monday at noon, far in the future: nothing in a test happens by today's clock."""

_telegram_ids = iter(range(1_000_001, 2**40))


def a_user(**changes: Any) -> User:
    person: dict[str, Any] = {
        "id": UserId(ULID()),
        "telegram_id": next(_telegram_ids),
        "name": "Anna",
        "language": Language.ENGLISH,
        "timezone": "Europe/Moscow",
        "created_at": NOW,
    }
    return User(**(person | changes))


def a_task(**changes: Any) -> Task:
    task: dict[str, Any] = {
        "id": TaskId(ULID()),
        "owner_id": UserId(ULID()),
        "title": "Buy milk",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Task(**(task | changes))


def a_category(**changes: Any) -> Category:
    category: dict[str, Any] = {
        "id": CategoryId(ULID()),
        "owner_id": UserId(ULID()),
        "name": "Home",
        "created_at": NOW,
    }
    return Category(**(category | changes))


def a_reminder_of(task: Task, **changes: Any) -> Reminder:
    return a_reminder(task_id=task.id, owner_id=task.owner_id, **changes)


def an_access_token(secret: str | None = None, **changes: Any) -> AccessToken:
    token = AccessToken.for_secret(
        secret or new_secret(),
        id=AccessTokenId(ULID()),
        owner_id=changes.pop("owner_id", None) or UserId(ULID()),
        name="laptop",
        now=NOW,
    )
    return evolve(token, **changes)


def a_reminder(**changes: Any) -> Reminder:
    reminder: dict[str, Any] = {
        "id": ReminderId(ULID()),
        "task_id": TaskId(ULID()),
        "owner_id": UserId(ULID()),
        "fire_at": NOW,
        "kind": ReminderKind.DUE,
        "created_at": NOW,
    }
    reminder |= changes
    reminder.setdefault("available_at", reminder["fire_at"])
    return Reminder(**reminder)


def an_audit_entry(**changes: Any) -> AuditEntry:
    entry: dict[str, Any] = {
        "id": AuditEntryId(ULID()),
        "at": NOW,
        "operator": "olga",
        "verb": AuditVerb.TASK_EDIT,
        "object_kind": AuditedKind.TASK,
        "object_id": str(ULID()),
        "owner_id": UserId(ULID()),
        "diff": {"title": ("Buy milk", "Buy bread")},
        "client": "192.0.2.7",
    }
    return AuditEntry(**(entry | changes))


_admin_names = iter(range(1, 2**40))


def an_admin_account(**changes: Any) -> AdminAccount:
    """An editor who can sign in, by a password that nobody knows."""
    account: dict[str, Any] = {
        "id": AdminAccountId(ULID()),
        "name": f"olga-{next(_admin_names)}",
        "role": Role.EDITOR,
        "password_hash": "$argon2id$made-up",
        "created_at": NOW,
    }
    return AdminAccount(**(account | changes))


def an_admin_session(account: AdminAccount, **changes: Any) -> AdminSession:
    session = AdminSession.for_secret(new_admin_secret(), account_id=account.id, now=NOW)
    return evolve(session, **changes)


def an_invitation(account: AdminAccount | None, **changes: Any) -> Invitation:
    account_id = None if account is None else account.id
    made = Invitation.for_secret(new_admin_secret(), account_id=account_id, now=NOW)
    return evolve(made, **changes)
