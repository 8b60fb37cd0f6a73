"""What only operators look at: the last sign of life of each process, and what was sent lately."""

from typing import Final

from sqlalchemy import Column, Index, String, Table

from taskbot.adapters.persistence.column_types import UtcDateTime
from taskbot.adapters.persistence.tables import metadata, reminders

# Few rows, each written once a minute: no index beside the key.
signs_of_life: Final = Table(
    "signs_of_life",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("part", String(16), nullable=False),
    Column("release", String(50), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
)

# What was sent lately, and how late: read from the index alone.
Index(
    "ix_reminders_sent",
    reminders.c.sent_at,
    reminders.c.fire_at,
    sqlite_where=reminders.c.sent_at.is_not(None),
    postgresql_where=reminders.c.sent_at.is_not(None),
)
