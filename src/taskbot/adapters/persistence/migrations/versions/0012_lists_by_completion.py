"""Lists by completion: their index has the id, too.

The previous release goes on working beside it: what it asks for, the new index answers as well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COMPLETED = sa.text("completed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_tasks_by_completion",
        "tasks",
        ["owner_id", "completed_at", "id"],
        sqlite_where=_COMPLETED,
        postgresql_where=_COMPLETED,
    )
    op.drop_index("ix_tasks_completed", "tasks")


def downgrade() -> None:
    op.create_index(
        "ix_tasks_completed",
        "tasks",
        ["owner_id", "completed_at"],
        sqlite_where=_COMPLETED,
        postgresql_where=_COMPLETED,
    )
    op.drop_index("ix_tasks_by_completion", "tasks")
