"""The schema. Every constraint and index has a name: errors are told apart by it."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    false,
    func,
    literal_column,
    text,
)

from taskbot.adapters.persistence import admin_tables, audit_tables, schema
from taskbot.adapters.persistence.column_types import LeadTimes, Ulid, UtcDateTime
from taskbot.adapters.persistence.schema import BY_CODE_POINT
from taskbot.domain.reminder import PENDING, ReminderState
from taskbot.domain.task import TaskStatus

metadata: Final = schema.metadata

# What operators sign in by, and what they did, have modules of their own; here are all tables.
admin_accounts: Final = admin_tables.admin_accounts
admin_sessions: Final = admin_tables.admin_sessions
invitations: Final = admin_tables.invitations
audit_entries: Final = audit_tables.audit_entries

users: Final = Table(
    "users",
    metadata,
    Column("id", Ulid, primary_key=True),
    Column("telegram_id", BigInteger, nullable=False),
    Column("name", String(128), nullable=False),
    Column("language", String(8), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("lead_times", LeadTimes, nullable=False),
    Column("day_start", Time, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("moved_to", BigInteger),
    Column("deletion_at", UtcDateTime),
    Column("timezone_chosen", Boolean, server_default=false(), nullable=False),
    Column("paused", Boolean, server_default=false(), nullable=False),
    UniqueConstraint("telegram_id"),
)

# Who is leaving: few at any time.
Index(
    "ix_users_leaving",
    users.c.deletion_at,
    users.c.id,
    sqlite_where=users.c.deletion_at.is_not(None),
    postgresql_where=users.c.deletion_at.is_not(None),
)

categories: Final = Table(
    "categories",
    metadata,
    Column("id", Ulid, primary_key=True),
    Column("owner_id", Ulid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(50), nullable=False),
    Column("key", BY_CODE_POINT, nullable=False),
    Column("emoji", String(16)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("owner_id", "key"),
)

tasks: Final = Table(
    "tasks",
    metadata,
    Column("id", Ulid, primary_key=True),
    Column("owner_id", Ulid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("title", String(200), nullable=False),
    Column("description", Text, nullable=False),
    Column("category_id", Ulid, ForeignKey("categories.id", ondelete="SET NULL")),
    Column("priority", SmallInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("due_at", UtcDateTime),
    Column("due_on", Date),
    Column("timezone", String(64)),
    # Derived from the three above: orders lists, and says what is overdue. Tasks without a
    # deadline have the end of time here, so that one comparison of rows finds a place in a list.
    Column("ends_at", UtcDateTime, nullable=False),
    Column("lead_times", LeadTimes),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("completed_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    # Derived from title and description. A person's own tasks are few enough to look through, so
    # that no index of words is needed. Null where an older release wrote the row: see `migrate`.
    Column("search_words", Text),
    Index(None, "owner_id", "status", "ends_at", "id"),
    Index(None, "owner_id", "ends_at", "id"),
    Index(None, "owner_id", "created_at", "id"),
    Index(None, "owner_id", "priority", "ends_at", "id"),
    Index(None, "category_id"),
)

Index(
    "ix_tasks_without_search_words",
    tasks.c.id,
    sqlite_where=tasks.c.search_words.is_(None),
    postgresql_where=tasks.c.search_words.is_(None),
)

# What was completed lately: neither lists nor statistics look further back than they have to.
Index(
    "ix_tasks_by_completion",
    tasks.c.owner_id,
    tasks.c.completed_at,
    tasks.c.id,
    sqlite_where=tasks.c.completed_at.is_not(None),
    postgresql_where=tasks.c.completed_at.is_not(None),
)

# Written out, not bound: SQLite uses a partial index only where it can read the condition.
IS_OPEN: Final = tasks.c.status == literal_column(f"'{TaskStatus.OPEN.value}'")

# Of all people, for operators: what is overdue, and what falls due. Those that are completed, most
# of them in time, have no place in it.
Index(
    "ix_tasks_open",
    tasks.c.ends_at,
    tasks.c.id,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)

# The words of all people's tasks, for operators. Only PostgreSQL has such an index at hand.
WORDS_OF_TASKS: Final = func.to_tsvector(text("'simple'"), tasks.c.search_words)
Index("ix_tasks_words", WORDS_OF_TASKS, postgresql_using="gin").ddl_if(dialect="postgresql")

reminders: Final = Table(
    "reminders",
    metadata,
    Column("id", Ulid, primary_key=True),
    Column("task_id", Ulid, ForeignKey("tasks.id", ondelete="CASCADE"), nullable=False),
    Column("owner_id", Ulid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("fire_at", UtcDateTime, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("available_at", UtcDateTime),
    Column("attempt", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("uncertain", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("message_id", BigInteger),
    Column("last_error", String(500)),
    Column("created_at", UtcDateTime, nullable=False),
    # With defaults: the release before does not know them and goes on adding rows.
    Column("withdrawn", Boolean, server_default=false(), nullable=False),
    Column("alone", Boolean, server_default=false(), nullable=False),
    # Of the kind `moment`. Its `kind` says `snooze`: the release before knows no other that comes
    # near it, and sends what is due as well.
    Column("stays", Boolean, server_default=false(), nullable=False),
    # Null where an older release wrote the row, and where nobody asked for it.
    Column("trace_id", String(64)),
    Index(None, "task_id", "fire_at"),
    # For the day on which the owner leaves: without it each of them has all reminders read. With
    # the id, or SQLite would take it for the pending ones as well.
    Index(None, "owner_id", "id"),
)

IS_PENDING: Final = reminders.c.state.in_(
    [literal_column(f"'{state.value}'") for state in sorted(PENDING)]
)

# Dispatch asks nothing else: its cost follows what is pending, not what was ever sent.
Index(
    "ix_reminders_pending",
    reminders.c.available_at,
    reminders.c.id,
    sqlite_where=IS_PENDING & reminders.c.available_at.is_not(None),
    postgresql_where=IS_PENDING & reminders.c.available_at.is_not(None),
)
# One person's: to send what is due together, and to resume what was held back.
Index(
    "ix_reminders_pending_of_owner",
    reminders.c.owner_id,
    reminders.c.fire_at,
    reminders.c.id,
    sqlite_where=IS_PENDING,
    postgresql_where=IS_PENDING,
)

IS_DEAD: Final = reminders.c.state == literal_column(f"'{ReminderState.FAILED.value}'")
IS_UNKNOWN: Final = reminders.c.state == literal_column(f"'{ReminderState.UNKNOWN.value}'")
IS_CANCELLED: Final = reminders.c.state == literal_column(f"'{ReminderState.CANCELLED.value}'")

Index(
    "ix_reminders_dead",
    reminders.c.fire_at,
    reminders.c.id,
    sqlite_where=IS_DEAD,
    postgresql_where=IS_DEAD,
)
# Of which nobody knows whether they arrived: few, and operators ask for them.
Index(
    "ix_reminders_unknown",
    reminders.c.id,
    sqlite_where=IS_UNKNOWN,
    postgresql_where=IS_UNKNOWN,
)
# What is thrown away after a while.
Index(
    "ix_reminders_cancelled",
    reminders.c.fire_at,
    sqlite_where=IS_CANCELLED,
    postgresql_where=IS_CANCELLED,
)

# What can be undone: the rows of a task and of its reminders as they were, see `undos.py`. No key
# of the task's, which may be deleted.
undos: Final = Table(
    "undos",
    metadata,
    Column("task_id", Ulid, primary_key=True),
    Column("owner_id", Ulid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("verb", String(16), nullable=False),
    Column("task", JSON, nullable=False),
    Column("reminders", JSON, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index(None, "owner_id"),
    Index(None, "made_at"),
)

access_tokens: Final = Table(
    "access_tokens",
    metadata,
    Column("id", Ulid, primary_key=True),
    Column("owner_id", Ulid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("prefix", String(16), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    # Separated by spaces, as in RFC 6749. What the release before made is good for everything.
    Column("scopes", String(200), server_default="account tasks:read tasks:write", nullable=False),
    Column("last_used_at", UtcDateTime),
    UniqueConstraint("digest"),
    Index(None, "owner_id"),
)

# Keys of requests that may be repeated. The answer is null as long as the first is at work, whose
# lease ends at `expires_at`; afterwards that is until when the answer is kept.
idempotency_keys: Final = Table(
    "idempotency_keys",
    metadata,
    Column("owner_id", Ulid, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("answer", LargeBinary),
    Index(None, "expires_at"),
)

dialogues: Final = Table(
    "dialogues",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("step", String(128)),
    Column("answers", JSON, nullable=False),
    # Null where the release before wrote the row.
    Column("written_at", UtcDateTime),
    Index(None, "written_at"),
    # Derived from the key. Null where an older release wrote the row: see `migrate`.
    Column("telegram_id", BigInteger),
    Index(None, "telegram_id"),
)

updates: Final = Table(
    "updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index(None, "begun_at"),
)

# With which the bot asks the API for people; sealed, see `SealedApiTokens`.
api_tokens: Final = Table(
    "api_tokens",
    metadata,
    Column("telegram_id", BigInteger, primary_key=True, autoincrement=False),
    Column("secret", String(500), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)

# What the bot has shown and takes away again, whichever process is there by then.
vanishing_messages: Final = Table(
    "vanishing_messages",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("delete_at", UtcDateTime, nullable=False),
    Index(None, "delete_at"),
)

# Made by the first process that needs one, and shared by all.
signing_keys: Final = Table(
    "signing_keys",
    metadata,
    Column("purpose", String(32), primary_key=True),
    Column("secret", LargeBinary(32), nullable=False),
)

# What the operator is to be told of, and was: one row for what would be said in the same words.
alerts: Final = Table(
    "alerts",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("text", String(1000), nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("untold", Integer, nullable=False),
    Column("told_at", UtcDateTime),
)

# When each periodic job is next to be done, by whichever scheduler comes first.
jobs: Final = Table(
    "jobs",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("next_at", UtcDateTime, nullable=False),
)
