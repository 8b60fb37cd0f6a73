"""What only operators look at: the last sign of life of each process, and indexes across people."""

from typing import Final

from sqlalchemy import Column, Index, String, Table, literal_column

from taskbot.adapters.persistence.column_types import UtcDateTime
from taskbot.adapters.persistence.tables import metadata, reminders, tasks
from taskbot.domain.reminder import ReminderState
from taskbot.domain.task import TaskStatus

# Few rows, each written once a minute: no index beside the key.
heartbeats: Final = Table(
    "heartbeats",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("part", String(16), nullable=False),
    Column("release", String(50), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),
)

# Written out, not bound: see `tables`.
IS_OPEN: Final = tasks.c.status == literal_column(f"'{TaskStatus.OPEN.value}'")
IS_UNKNOWN: Final = reminders.c.state == literal_column(f"'{ReminderState.UNKNOWN.value}'")

# How many are open, overdue, soon due. Many have no deadline, and PostgreSQL keeps what is equal
# once.
Index("ix_tasks_open", tasks.c.ends_at, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
Index(
    "ix_reminders_unknown",
    reminders.c.fire_at,
    sqlite_where=IS_UNKNOWN,
    postgresql_where=IS_UNKNOWN,
)
# What was sent lately, and how late: read from the index alone.
Index(
    "ix_reminders_sent",
    reminders.c.sent_at,
    reminders.c.fire_at,
    sqlite_where=reminders.c.sent_at.is_not(None),
    postgresql_where=reminders.c.sent_at.is_not(None),
)
