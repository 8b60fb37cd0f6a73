"""Dead letters, messages that several reminders share, alerts, periodic jobs.

The previous release goes on working beside it: what is new has a default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_PENDING = sa.text("state IN ('claimed', 'planned', 'sending')")
_ON_HOLD = sa.text("state IN ('claimed', 'planned', 'sending') AND available_at IS NULL")
_DEAD = sa.text("state = 'failed'")
_CANCELLED = sa.text("state = 'cancelled'")


def _partial_index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "reminders", columns, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.add_column("users", sa.Column("moved_to", sa.BigInteger(), nullable=True))
    for name in ("withdrawn", "alone"):
        op.add_column(
            "reminders",
            sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False),
        )
    _partial_index("ix_reminders_pending_of_owner", ["owner_id", "fire_at", "id"], _PENDING)
    op.drop_index("ix_reminders_on_hold", "reminders")  # the new one serves as well
    _partial_index("ix_reminders_dead", ["fire_at", "id"], _DEAD)
    _partial_index("ix_reminders_cancelled", ["fire_at"], _CANCELLED)
    op.create_table(
        "alerts",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("untold", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", name="pk_alerts"),
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_jobs"),
    )


def downgrade() -> None:
    op.drop_table("jobs")
    op.drop_table("alerts")
    op.drop_index("ix_reminders_cancelled", "reminders")
    op.drop_index("ix_reminders_dead", "reminders")
    _partial_index("ix_reminders_on_hold", ["owner_id"], _ON_HOLD)
    op.drop_index("ix_reminders_pending_of_owner", "reminders")
    for name in ("alone", "withdrawn"):
        op.drop_column("reminders", name)
    op.drop_column("users", "moved_to")
