"""From rows to domain objects and back: the only place that does either."""

from typing import Any

from taskbot.adapters.persistence.prepared import Row
from taskbot.application.ports import NEVER, Alert, AlertRecord
from taskbot.application.search_words import search_words
from taskbot.domain.access_token import AccessToken
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation
from taskbot.domain.audit import AuditEntry
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.reminder import Reminder, ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.user import ReminderPreferences, User


def from_user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "telegram_id": user.telegram_id,
        "name": user.name,
        "language": user.language.value,
        "timezone": user.timezone,
        "timezone_chosen": user.timezone_chosen,
        "lead_times": user.preferences.lead_times,
        "day_start": user.preferences.day_start,
        "paused": user.paused,
        "reachable": user.reachable,
        "moved_to": user.moved_to,
        "deletion_at": user.deletion_at,
        "created_at": user.created_at,
        "version": user.version,
    }


def to_user(row: Row, *, prefix: str = "") -> User:
    return User(
        id=row[f"{prefix}id"],
        telegram_id=row[f"{prefix}telegram_id"],
        name=row[f"{prefix}name"],
        language=row[f"{prefix}language"],
        timezone=row[f"{prefix}timezone"],
        timezone_chosen=row[f"{prefix}timezone_chosen"],
        preferences=ReminderPreferences(
            lead_times=row[f"{prefix}lead_times"], day_start=row[f"{prefix}day_start"]
        ),
        paused=row[f"{prefix}paused"],
        reachable=row[f"{prefix}reachable"],
        moved_to=row[f"{prefix}moved_to"],
        deletion_at=row[f"{prefix}deletion_at"],
        created_at=row[f"{prefix}created_at"],
        version=row[f"{prefix}version"],
    )


def from_category(category: Category) -> dict[str, Any]:
    return {
        "id": category.id,
        "owner_id": category.owner_id,
        "name": category.name,
        "key": category.key,
        "emoji": category.emoji,
        "created_at": category.created_at,
        "version": category.version,
    }


def to_category(row: Row, *, prefix: str = "") -> Category:
    return Category(
        id=row[f"{prefix}id"],
        owner_id=row[f"{prefix}owner_id"],
        name=row[f"{prefix}name"],
        emoji=row[f"{prefix}emoji"],
        created_at=row[f"{prefix}created_at"],
        version=row[f"{prefix}version"],
    )


def from_task(task: Task) -> dict[str, Any]:
    deadline = task.deadline
    return {
        "id": task.id,
        "owner_id": task.owner_id,
        "title": task.title,
        "description": task.description,
        "category_id": task.category_id,
        "priority": task.priority.value,
        "status": task.status.value,
        "due_at": deadline.due_at if isinstance(deadline, TimedDeadline) else None,
        "due_on": deadline.due_on if isinstance(deadline, DayDeadline) else None,
        "timezone": deadline.timezone if deadline else None,
        "ends_at": deadline.ends_at if deadline else NEVER,
        "lead_times": task.lead_times,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
        "completed_at": task.completed_at,
        "version": task.version,
        "search_words": search_words(task.title, task.description),
    }


def to_task(row: Row, *, prefix: str = "") -> Task:
    return Task(
        id=row[f"{prefix}id"],
        owner_id=row[f"{prefix}owner_id"],
        title=row[f"{prefix}title"],
        description=row[f"{prefix}description"],
        category_id=row[f"{prefix}category_id"],
        priority=row[f"{prefix}priority"],
        status=row[f"{prefix}status"],
        deadline=_to_deadline(row, prefix),
        lead_times=row[f"{prefix}lead_times"],
        created_at=row[f"{prefix}created_at"],
        updated_at=row[f"{prefix}updated_at"],
        completed_at=row[f"{prefix}completed_at"],
        version=row[f"{prefix}version"],
    )


def _to_deadline(row: Row, prefix: str) -> Deadline | None:
    if row[f"{prefix}due_at"] is not None:
        return TimedDeadline(row[f"{prefix}due_at"], row[f"{prefix}timezone"])
    if row[f"{prefix}due_on"] is not None:
        return DayDeadline(row[f"{prefix}due_on"], row[f"{prefix}timezone"])
    return None


def kind_row(kind: ReminderKind) -> dict[str, Any]:
    """How *kind* is stored: in words that the release before knows."""
    is_moment = kind is ReminderKind.MOMENT
    return {"kind": (ReminderKind.SNOOZE if is_moment else kind).value, "stays": is_moment}


def _to_kind(row: Row, prefix: str) -> ReminderKind:
    return ReminderKind.MOMENT if row[f"{prefix}stays"] else ReminderKind(row[f"{prefix}kind"])


def from_reminder(reminder: Reminder) -> dict[str, Any]:
    return {
        "id": reminder.id,
        "task_id": reminder.task_id,
        "owner_id": reminder.owner_id,
        "fire_at": reminder.fire_at,
        **kind_row(reminder.kind),
        "state": reminder.state.value,
        "available_at": reminder.available_at,
        "attempt": reminder.attempt,
        "failures": reminder.failures,
        "uncertain": reminder.uncertain,
        "withdrawn": reminder.withdrawn,
        "alone": reminder.alone,
        "sent_at": reminder.sent_at,
        "message_id": reminder.message_id,
        "last_error": reminder.last_error,
        "created_at": reminder.created_at,
        "trace_id": reminder.trace_id,
    }


def to_reminder(row: Row, *, prefix: str = "") -> Reminder:
    return Reminder(
        id=row[f"{prefix}id"],
        task_id=row[f"{prefix}task_id"],
        owner_id=row[f"{prefix}owner_id"],
        fire_at=row[f"{prefix}fire_at"],
        kind=_to_kind(row, prefix),
        state=row[f"{prefix}state"],
        available_at=row[f"{prefix}available_at"],
        attempt=row[f"{prefix}attempt"],
        failures=row[f"{prefix}failures"],
        uncertain=row[f"{prefix}uncertain"],
        withdrawn=row[f"{prefix}withdrawn"],
        alone=row[f"{prefix}alone"],
        sent_at=row[f"{prefix}sent_at"],
        message_id=row[f"{prefix}message_id"],
        last_error=row[f"{prefix}last_error"],
        created_at=row[f"{prefix}created_at"],
        trace_id=row[f"{prefix}trace_id"],
    )


def from_access_token(token: AccessToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "owner_id": token.owner_id,
        "name": token.name,
        "prefix": token.prefix,
        "digest": token.digest,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "scopes": " ".join(sorted(token.scopes)),
        "last_used_at": token.last_used_at,
    }


def to_access_token(row: Row, *, prefix: str = "") -> AccessToken:
    return AccessToken(
        id=row[f"{prefix}id"],
        owner_id=row[f"{prefix}owner_id"],
        name=row[f"{prefix}name"],
        prefix=row[f"{prefix}prefix"],
        digest=row[f"{prefix}digest"],
        created_at=row[f"{prefix}created_at"],
        expires_at=row[f"{prefix}expires_at"],
        scopes=row[f"{prefix}scopes"].split(),
        last_used_at=row[f"{prefix}last_used_at"],
    )


def to_alert_record(row: Row) -> AlertRecord:
    return AlertRecord(
        Alert(row["kind"], row["subject"], row["text"]),
        untold=row["untold"],
        raised_at=row["raised_at"],
        told_at=row["told_at"],
    )


def from_admin_account(account: AdminAccount) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role.value,
        "password_hash": account.password_hash,
        "active": account.active,
        "created_at": account.created_at,
        "signed_in_at": account.signed_in_at,
        "signed_in_from": account.signed_in_from,
        "version": account.version,
    }


def to_admin_account(row: Row, *, prefix: str = "") -> AdminAccount:
    return AdminAccount(
        id=row[f"{prefix}id"],
        name=row[f"{prefix}name"],
        role=row[f"{prefix}role"],
        password_hash=row[f"{prefix}password_hash"],
        active=row[f"{prefix}active"],
        created_at=row[f"{prefix}created_at"],
        signed_in_at=row[f"{prefix}signed_in_at"],
        signed_in_from=row[f"{prefix}signed_in_from"],
        version=row[f"{prefix}version"],
    )


def from_admin_session(session: AdminSession) -> dict[str, Any]:
    return {
        "digest": session.digest,
        "account_id": session.account_id,
        "created_at": session.created_at,
        "seen_at": session.seen_at,
    }


def to_admin_session(row: Row, *, prefix: str = "") -> AdminSession:
    return AdminSession(
        digest=row[f"{prefix}digest"],
        account_id=row[f"{prefix}account_id"],
        created_at=row[f"{prefix}created_at"],
        seen_at=row[f"{prefix}seen_at"],
    )


def invitation_key(account_id: AdminAccountId | None) -> str:
    """What there is one link of: an account, or the beginning of all."""
    return "first" if account_id is None else str(account_id)


def from_invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "key": invitation_key(invitation.account_id),
        "account_id": invitation.account_id,
        "digest": invitation.digest,
        "created_at": invitation.created_at,
    }


def to_invitation(row: Row, *, prefix: str = "") -> Invitation:
    return Invitation(
        digest=row[f"{prefix}digest"],
        account_id=row[f"{prefix}account_id"],
        created_at=row[f"{prefix}created_at"],
    )


def from_audit_entry(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "operator": entry.operator,
        "verb": entry.verb,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "owner_id": entry.owner_id,
        "refusal": entry.refusal,
        "diff": entry.diff,
        "client": entry.client,
    }


def to_audit_entry(row: Row) -> AuditEntry:
    return AuditEntry(
        id=row["id"],
        at=row["at"],
        operator=row["operator"],
        verb=row["verb"],
        object_kind=row["object_kind"],
        object_id=row["object_id"],
        owner_id=row["owner_id"],
        refusal=row["refusal"],
        diff=row["diff"],
        client=row["client"],
    )
