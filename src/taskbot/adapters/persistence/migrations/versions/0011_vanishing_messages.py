"""Messages that the bot takes away again.

The previous release goes on working beside it: it knows nothing of the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vanishing_messages",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_vanishing_messages"),
    )
    op.create_index("ix_vanishing_messages_delete_at", "vanishing_messages", ["delete_at"])


def downgrade() -> None:
    op.drop_table("vanishing_messages")
