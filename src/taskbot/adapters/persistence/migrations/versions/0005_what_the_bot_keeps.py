"""When a dialogue was last written to, and the tokens with which the bot asks the API.

The previous release goes on working beside it: it leaves the moment open.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dialogues", sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_dialogues_written_at", "dialogues", ["written_at"])
    op.create_table(
        "api_tokens",
        sa.Column("telegram_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(length=500), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("telegram_id", name="pk_api_tokens"),
    )
    op.create_index("ix_api_tokens_expires_at", "api_tokens", ["expires_at"])


def downgrade() -> None:
    op.drop_table("api_tokens")
    op.drop_index("ix_dialogues_written_at", "dialogues")
    op.drop_column("dialogues", "written_at")
