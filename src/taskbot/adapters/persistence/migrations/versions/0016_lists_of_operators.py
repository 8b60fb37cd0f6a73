"""Lists for operators: all people's open tasks by deadline, and reminders of unknown outcome.

The previous release goes on working beside it. The index of words is built afterwards, see
`word_index`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPEN = sa.text("status = 'open'")
_UNKNOWN = sa.text("state = 'unknown'")


def upgrade() -> None:
    op.create_index(
        "ix_tasks_open",
        "tasks",
        ["ends_at", "id"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(
        "ix_reminders_unknown",
        "reminders",
        ["id"],
        sqlite_where=_UNKNOWN,
        postgresql_where=_UNKNOWN,
    )


def downgrade() -> None:
    op.execute("DROP INDEX IF EXISTS ix_tasks_words")
    op.drop_index("ix_reminders_unknown", "reminders")
    op.drop_index("ix_tasks_open", "tasks")
