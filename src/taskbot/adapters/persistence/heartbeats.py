"""Signs of life of processes."""

from attrs import frozen
from sqlalchemy import delete, select

from taskbot.adapters.persistence.engine import Database, read, write
from taskbot.adapters.persistence.operator_tables import heartbeats
from taskbot.application.ports import HEARTBEATS_KEPT, Clock, Heartbeat, Process


@frozen
class SqlHeartbeats:
    _database: Database
    _clock: Clock

    async def beat(self, heartbeat: Heartbeat) -> None:
        process = heartbeat.process
        values = {
            "part": process.part.value,
            "release": process.release,
            "started_at": process.started_at,
            "beat_at": heartbeat.beat_at,
        }
        statement = self._database.dialect.insert(heartbeats).values(name=process.name, **values)
        await write(
            self._database,
            statement.on_conflict_do_update(index_elements=[heartbeats.c.name], set_=values),
        )

    async def end(self, name: str) -> None:
        await write(self._database, delete(heartbeats).where(heartbeats.c.name == name))

    async def last_of_all(self) -> list[Heartbeat]:
        found = await read(self._database, select(heartbeats))
        # Sorted here: by code points, whatever alphabet the server was set up with.
        return [
            Heartbeat(
                Process(
                    name=row["name"],
                    part=row["part"],
                    release=row["release"],
                    started_at=row["started_at"],
                ),
                row["beat_at"],
            )
            for row in sorted(found, key=lambda row: str(row["name"]))
        ]

    async def purge_expired(self) -> int:
        before = self._clock.now() - HEARTBEATS_KEPT
        return await write(self._database, delete(heartbeats).where(heartbeats.c.beat_at <= before))
