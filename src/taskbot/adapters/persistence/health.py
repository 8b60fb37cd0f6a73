"""What may keep the database from being used."""

from sqlalchemy import column, literal, select, table

from taskbot.adapters.persistence.engine import Database, read
from taskbot.adapters.persistence.migrate import HEAD
from taskbot.application.health import Check, Facts, Unwell
from taskbot.application.ports import StorageUnavailable

_version = table("alembic_version", column("version_num"))


def database_checks(database: Database) -> tuple[Check, Check]:
    """Whether it answers, and whether its schema has all that this release needs.

    A newer schema has: see `require_schema`.
    """

    async def answers() -> Facts:
        await read(database, select(literal(1)))
        return {}

    async def schema() -> Facts:
        facts: dict[str, str | float | None] = {"found": None, "needed": HEAD}
        try:
            found = await read(database, select(_version.c.version_num))
        except StorageUnavailable:
            raise Unwell("cannot be read", facts) from None
        revision: str | None = found[0]["version_num"] if found else None
        facts["found"] = revision
        if revision is None or revision < HEAD:
            raise Unwell("is older than this release needs", facts)
        return facts

    return Check(name="database", look=answers), Check(name="schema", look=schema)
