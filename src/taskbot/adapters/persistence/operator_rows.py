"""From rows to what operators and their panel work with, and back: as `rows` does for people."""

from typing import Any

from taskbot.adapters.persistence.prepared import Row
from taskbot.application.ports import Alert, AlertRecord
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation
from taskbot.domain.audit import AuditEntry
from taskbot.domain.ids import AdminAccountId


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
