"""What a database is asked, as its driver is told."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from attrs import evolve
from sqlalchemy import event

from taskbot.adapters.persistence import Database
from taskbot.adapters.persistence.dialects import Dialect

Statement: TypeAlias = tuple[str, Any]
"""Its text, and the values of its parameters."""

_ENDS = ("BEGIN", "COMMIT", "ROLLBACK")


class _Noting:
    """A dialect that notes what it runs."""

    def __init__(self, dialect: Dialect, asked: list[Statement]) -> None:
        self._dialect, self._asked = dialect, asked

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dialect, name)

    async def run(
        self, driver_connection: Any, sql: str, values: Sequence[Any], *, returns_rows: bool
    ) -> Any:
        self._asked.append((sql, list(values)))
        return await self._dialect.run(driver_connection, sql, values, returns_rows=returns_rows)


def noting(database: Database, asked: list[Statement]) -> Database:
    """*database*, whose statements end in *asked*: also those that begin and end transactions."""
    event.listen(
        database.reading.sync_engine,
        "before_cursor_execute",
        lambda *call: asked.append((call[2], call[3])),
    )
    dialect: Any = _Noting(database.dialect, asked)
    return evolve(database, dialect=dialect)


def questions(asked: Sequence[Statement]) -> list[Statement]:
    """Those that neither begin nor end a transaction."""
    return [statement for statement in asked if not statement[0].startswith(_ENDS)]


def in_short(sql: str) -> str:
    """What a statement does, and to which table first."""
    verb = sql.split(maxsplit=1)[0]
    table = re.search(r"(?:FROM|INTO|UPDATE) (\w+)", sql)
    return f"{verb} {table[1]}" if table else verb
