"""Signs of life of processes."""

from attrs import frozen
from sqlalchemy import delete, select

from taskbot.adapters.persistence.engine import Database, read, write
from taskbot.adapters.persistence.operator_tables import signs_of_life
from taskbot.application.ports import SIGNS_OF_LIFE_KEPT, Clock, Process, SignOfLife


@frozen
class SqlSignsOfLife:
    _database: Database
    _clock: Clock

    async def give(self, sign: SignOfLife) -> None:
        process = sign.process
        values = {
            "part": process.part.value,
            "release": process.release,
            "started_at": process.started_at,
            "given_at": sign.given_at,
        }
        statement = self._database.dialect.insert(signs_of_life).values(name=process.name, **values)
        await write(
            self._database,
            statement.on_conflict_do_update(index_elements=[signs_of_life.c.name], set_=values),
        )

    async def end(self, name: str) -> None:
        await write(self._database, delete(signs_of_life).where(signs_of_life.c.name == name))

    async def last_of_all(self) -> list[SignOfLife]:
        found = await read(self._database, select(signs_of_life))
        # Sorted here: by code points, whatever alphabet the server was set up with.
        return [
            SignOfLife(
                Process(
                    name=row["name"],
                    part=row["part"],
                    release=row["release"],
                    started_at=row["started_at"],
                ),
                row["given_at"],
            )
            for row in sorted(found, key=lambda row: str(row["name"]))
        ]

    async def purge_expired(self) -> int:
        before = self._clock.now() - SIGNS_OF_LIFE_KEPT
        return await write(
            self._database, delete(signs_of_life).where(signs_of_life.c.given_at <= before)
        )
