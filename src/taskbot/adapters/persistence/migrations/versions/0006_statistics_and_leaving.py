"""What was completed when, who is leaving, and whose a dialogue is.

The previous release goes on working beside it: what is new is left empty by it, and filled later.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COMPLETED = sa.text("completed_at IS NOT NULL")
_LEAVING = sa.text("deletion_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_tasks_completed",
        "tasks",
        ["owner_id", "completed_at"],
        sqlite_where=_COMPLETED,
        postgresql_where=_COMPLETED,
    )
    op.add_column("users", sa.Column("deletion_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_users_leaving",
        "users",
        ["deletion_at", "id"],
        sqlite_where=_LEAVING,
        postgresql_where=_LEAVING,
    )
    op.create_index("ix_reminders_owner_id_id", "reminders", ["owner_id", "id"])
    op.add_column("dialogues", sa.Column("telegram_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_dialogues_telegram_id", "dialogues", ["telegram_id"])


def downgrade() -> None:
    op.drop_index("ix_dialogues_telegram_id", "dialogues")
    op.drop_column("dialogues", "telegram_id")
    op.drop_index("ix_reminders_owner_id_id", "reminders")
    op.drop_index("ix_users_leaving", "users")
    op.drop_column("users", "deletion_at")
    op.drop_index("ix_tasks_completed", "tasks")
