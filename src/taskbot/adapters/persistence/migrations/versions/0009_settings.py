"""Who has chosen their time zone, and who wants no reminders for now.

The previous release goes on working beside it: what is new has a default. Everybody who was here
before is asked once, when they next press Start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NEW = ("timezone_chosen", "paused")


def upgrade() -> None:
    for name in _NEW:
        op.add_column(
            "users", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    for name in reversed(_NEW):
        op.drop_column("users", name)
