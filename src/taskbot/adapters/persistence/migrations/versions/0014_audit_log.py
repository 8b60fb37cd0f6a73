"""The audit log, which the database itself holds to being added to.

The previous release goes on working beside it: it knows nothing of the table. It does not take away
the diffs about a person whom it deletes: have no operator change anything before it is stopped.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION guard_audit_entries() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF NEW.diff IS NULL AND OLD.owner_id IS NOT NULL
                AND (NEW.id, NEW.at, NEW.operator, NEW.verb, NEW.object_kind, NEW.object_id,
                    NEW.owner_id, NEW.refusal, NEW.client)
                IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.operator, OLD.verb, OLD.object_kind,
                    OLD.object_id, OLD.owner_id, OLD.refusal, OLD.client)
            THEN
                RETURN NEW;
            END IF;
        ELSIF TG_OP = 'DELETE' THEN
            IF OLD.at < now() - interval '730 days' THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'entries of the audit log are added, never changed'
            USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION guard_audit_entries()
    """,
    """
    CREATE TRIGGER audit_entries_stay_together BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_entries()
    """,
)

_SQLITE = (
    """
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
    WHEN NEW.diff IS NOT NULL OR OLD.owner_id IS NULL
        OR (NEW.id, NEW.at, NEW.operator, NEW.verb, NEW.object_kind, NEW.object_id,
            NEW.owner_id, NEW.refusal, NEW.client)
        IS NOT (OLD.id, OLD.at, OLD.operator, OLD.verb, OLD.object_kind, OLD.object_id,
            OLD.owner_id, OLD.refusal, OLD.client)
    BEGIN
        SELECT RAISE(ABORT, 'entries of the audit log are added, never changed');
    END
    """,
    """
    CREATE TRIGGER audit_entries_stay_there BEFORE DELETE ON audit_entries
    WHEN OLD.at >= datetime('now', '-730 days')
    BEGIN
        SELECT RAISE(ABORT, 'entries of the audit log are added, never changed');
    END
    """,
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator", sa.String(100), nullable=False),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("object_kind", sa.String(32), nullable=False),
        sa.Column("object_id", sa.String(32)),
        sa.Column("owner_id", sa.Uuid()),
        sa.Column("refusal", sa.String(64)),
        sa.Column("diff", sa.JSON()),
        sa.Column("client", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    for columns in (
        ["at", "id"],
        ["operator", "at", "id"],
        ["object_kind", "object_id", "at", "id"],
        ["owner_id", "at", "id"],
    ):
        op.create_index("ix_audit_entries_" + "_".join(columns), "audit_entries", columns)
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL if is_postgresql else _SQLITE:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION guard_audit_entries()")
