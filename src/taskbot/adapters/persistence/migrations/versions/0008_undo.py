"""What can be undone: tasks as they were before they were completed or deleted.

The previous release goes on working beside it: it knows nothing of the table, and what it completes
or deletes cannot be undone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "undos",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("task", sa.JSON(), nullable=False),
        sa.Column("reminders", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name="fk_undos_owner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", name="pk_undos"),
    )
    op.create_index("ix_undos_owner_id", "undos", ["owner_id"])
    op.create_index("ix_undos_made_at", "undos", ["made_at"])


def downgrade() -> None:
    op.drop_table("undos")
