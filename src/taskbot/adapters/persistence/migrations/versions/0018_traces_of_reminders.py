"""What each reminder was promised by, for the log of its delivery.

The previous release goes on working beside it: what it promises has no trace.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reminders", sa.Column("trace_id", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("reminders", "trace_id")
