"""What operators look at: figures about everything, and which processes are at work.

The previous release goes on working beside it: it keeps the index up as well, and its processes
give no signs of life.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_SENT = sa.text("sent_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "signs_of_life",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("release", sa.String(length=50), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_signs_of_life"),
    )
    op.create_index(
        "ix_reminders_sent",
        "reminders",
        ["sent_at", "fire_at"],
        sqlite_where=_SENT,
        postgresql_where=_SENT,
    )


def downgrade() -> None:
    op.drop_index("ix_reminders_sent", "reminders")
    op.drop_table("signs_of_life")
