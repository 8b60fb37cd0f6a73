"""More orders of lists, search, and keys to sign with.

The previous release goes on working beside it: what is new is left empty by it, and filled later.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WITHOUT_WORDS = sa.text("search_words IS NULL")


def upgrade() -> None:
    op.add_column("tasks", sa.Column("search_words", sa.Text(), nullable=True))
    op.create_index(
        "ix_tasks_without_search_words",
        "tasks",
        ["id"],
        sqlite_where=_WITHOUT_WORDS,
        postgresql_where=_WITHOUT_WORDS,
    )
    op.create_index("ix_tasks_owner_id_created_at_id", "tasks", ["owner_id", "created_at", "id"])
    op.create_index(
        "ix_tasks_owner_id_priority_ends_at_id", "tasks", ["owner_id", "priority", "ends_at", "id"]
    )
    op.create_table(
        "signing_keys",
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("purpose", name="pk_signing_keys"),
    )


def downgrade() -> None:
    op.drop_table("signing_keys")
    op.drop_index("ix_tasks_owner_id_priority_ends_at_id", "tasks")
    op.drop_index("ix_tasks_owner_id_created_at_id", "tasks")
    op.drop_index("ix_tasks_without_search_words", "tasks")
    op.drop_column("tasks", "search_words")
