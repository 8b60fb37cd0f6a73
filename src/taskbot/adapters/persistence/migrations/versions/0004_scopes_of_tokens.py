"""What an access token is good for, and when it was last used.

The previous release goes on working beside it: its tokens are good for everything, as they were.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "access_tokens",
        sa.Column(
            "scopes",
            sa.String(length=200),
            server_default="account tasks:read tasks:write",
            nullable=False,
        ),
    )
    op.add_column(
        "access_tokens", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("access_tokens", "last_used_at")
    op.drop_column("access_tokens", "scopes")
