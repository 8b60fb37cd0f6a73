"""An index of what was completed when, for statistics.

The previous release goes on working beside it: what is new is an index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COMPLETED = sa.text("completed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_tasks_completed",
        "tasks",
        ["owner_id", "completed_at"],
        sqlite_where=_COMPLETED,
        postgresql_where=_COMPLETED,
    )


def downgrade() -> None:
    op.drop_index("ix_tasks_completed", "tasks")
