"""What operators sign in by."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from taskbot.adapters.persistence.column_types import Ulid, UtcDateTime
from taskbot.adapters.persistence.schema import BY_CODE_POINT, metadata

admin_accounts: Final = Table(
    "admin_accounts",
    metadata,
    Column("id", Ulid, primary_key=True),
    Column("name", BY_CODE_POINT, nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(255)),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("signed_in_at", UtcDateTime),
    Column("signed_in_from", String(64)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name"),
)

admin_sessions: Final = Table(
    "admin_sessions",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account_id", Ulid, ForeignKey("admin_accounts.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "account_id"),
)

# One-time links. The key is the account's id, or `first`: so there is never more than one of each.
invitations: Final = Table(
    "invitations",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("account_id", Ulid, ForeignKey("admin_accounts.id", ondelete="CASCADE")),
    Column("digest", LargeBinary(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("digest"),
    Index(None, "account_id"),
)

NOT_BACKED_UP: Final = frozenset({admin_sessions, invitations})
"""What lets somebody in must not come back: it may have been ended since."""
