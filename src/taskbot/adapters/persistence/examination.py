"""The database, for the doctor: looked at without making or changing anything."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Final

from attrs import frozen
from sqlalchemy import column, select, table
from sqlalchemy.ext.asyncio import create_async_engine

from taskbot.adapters.persistence.dialects import dialect_of
from taskbot.adapters.persistence.engine import Database, read
from taskbot.adapters.persistence.migrate import HEAD
from taskbot.adapters.persistence.prepared import Row
from taskbot.application.clock_skew import Told
from taskbot.application.doctor import Area, Problem, ProblemKind, Reason, Seen, Skipped
from taskbot.application.health import Facts
from taskbot.application.ports import StorageUnavailable

_CONNECTIONS: Final = 4
_ADDRESS: Final = "TASKBOT_DATABASE_URL=postgresql://user:password@host:5432/database"
_MIGRATE: Final = "taskbot migrate"
_version = table("alembic_version", column("version_num"))


def create_onlooker(database_url: str) -> Database:
    """As `create_database`, for who must not make the file, nor change anything in there."""
    dialect = dialect_of(database_url)
    engine = create_async_engine(
        dialect.onlookers_url(database_url),
        pool_size=_CONNECTIONS,
        max_overflow=0,
        hide_parameters=True,
        **dialect.engine_options(),
        **dialect.reading_options(),
    )
    return Database(dialect, engine, engine, dialect.writers_turn())


@frozen(kw_only=True)
class DatabaseExamination:
    """*name*: what the operator knows the database by, without the password."""

    database: Database
    url: str
    name: str
    timer: Callable[[], float] = perf_counter

    @property
    def file(self) -> Path | None:
        """The file in which it all is; None where a server keeps it."""
        return self.database.dialect.file_of(self.url)

    async def look(self) -> Seen:
        facts: dict[str, str | float | None] = {
            "kind": self.database.dialect.name,
            "name": self.name,
        }
        if (file := self.file) is not None and not file.exists():
            missing = Problem(
                kind=ProblemKind.NO_DATABASE, values={"path": str(file)}, remedy=_MIGRATE
            )
            return Seen(facts, [missing])
        try:
            await self._introduction()  # which connects; the second one tells how quick it is
            begun = self.timer()
            row = await self._introduction()
        except StorageUnavailable as unavailable:
            away = Problem(
                kind=ProblemKind.DATABASE_AWAY,
                values={"name": self.name, "reason": str(unavailable)},
                remedy=_ADDRESS if file is None else None,
            )
            return Seen(facts, [away])
        latency = round((self.timer() - begun) * 1000, 1)
        return Seen(
            {**facts, "version": str(row["version"]).partition(" ")[0], "latency_ms": latency}
        )

    async def schema(self) -> Seen:
        """Whether it has what this release needs; more than that it may have."""
        if (file := self.file) is not None and not file.exists():
            raise Skipped(reason=Reason.NOT_ASKED, name=Area.DATABASE)
        try:
            await self._introduction()
        except StorageUnavailable:
            raise Skipped(reason=Reason.NOT_ASKED, name=Area.DATABASE) from None
        found = await self._revision()
        facts: Facts = {"found": found, "needed": HEAD}
        if found is None:
            return Seen(facts, [Problem(kind=ProblemKind.NO_SCHEMA, remedy=_MIGRATE)])
        values = {"found": found, "needed": HEAD}
        if found < HEAD:
            behind = Problem(kind=ProblemKind.SCHEMA_BEHIND, values=values, remedy=_MIGRATE)
            return Seen(facts, [behind])
        if found > HEAD:
            ahead = Problem(kind=ProblemKind.SCHEMA_AHEAD, values=values, is_grave=False)
            return Seen(facts, [ahead])
        return Seen(facts)

    async def clock(self) -> Told | None:
        """What time it is there; a file has no clock of its own."""
        moment = (await self._introduction())["now"]
        return None if moment is None else Told(moment)

    async def _introduction(self) -> Row:
        (row,) = await read(self.database, self.database.dialect.introduction())
        return row

    async def _revision(self) -> str | None:
        try:
            rows = await read(self.database, select(_version.c.version_num))
        except StorageUnavailable:  # it answers, so it is the table that is not there
            return None
        return str(rows[0]["version_num"]) if rows else None
