"""Which updates of the bot were handled."""

import functools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from attrs import field, frozen
from sqlalchemy import BindParameter, Executable, bindparam, delete, select

from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.engine import Database, read, write
from taskbot.adapters.persistence.prepared import Prepared
from taskbot.adapters.persistence.tables import updates
from taskbot.adapters.persistence.together import Together

_MAY_STILL_BE_AT_WORK: Final = timedelta(minutes=1)

_Finished: TypeAlias = tuple[int, datetime]

_IS_FINISHED: Final = Prepared(
    select(updates.c.update_id).where(
        updates.c.update_id == bindparam("wanted"), updates.c.finished_at.is_not(None)
    )
)


_LAST_FINISHED: Final = (
    select(updates.c.update_id)
    .where(updates.c.finished_at.is_not(None))
    .order_by(updates.c.update_id.desc())
    .limit(1)
)


def _begin(dialect: Dialect) -> Executable:
    now: BindParameter[datetime] = bindparam("now")
    new = dialect.insert(updates).values(update_id=bindparam("update_id"), begun_at=now)
    statement: Executable = new.on_conflict_do_update(
        index_elements=[updates.c.update_id],
        set_={"begun_at": now},
        where=updates.c.finished_at.is_(None) & (updates.c.begun_at <= bindparam("cut_short")),
    )
    return statement


_BEGIN: Final = Prepared(_begin)


@functools.cache
def _finish(number: int) -> Prepared:
    """So many by one statement: the third has the number `update_id_2`."""

    def statement(dialect: Dialect) -> Executable:
        columns = (updates.c.update_id, updates.c.begun_at, updates.c.finished_at)
        new = dialect.insert(updates).values(
            [
                {c.name: bindparam(f"{c.name}_{i}", type_=c.type) for c in columns}
                for i in range(number)
            ]
        )
        finished: Executable = new.on_conflict_do_update(
            index_elements=[updates.c.update_id], set_={"finished_at": new.excluded.finished_at}
        )
        return finished

    return Prepared(statement)


@frozen
class SqlUpdateLog:
    """Notes by one statement what is finished at the same time: each of them is a commit."""

    _database: Database
    _ends: Together[_Finished] = field(init=False)

    @_ends.default
    def _write_ends(self) -> Together[_Finished]:
        return Together(self._finish_all)

    async def begin(
        self, update_id: int, *, now: datetime, cut_short_before: datetime | None = None
    ) -> bool:
        cut_short = cut_short_before or now - _MAY_STILL_BE_AT_WORK
        begun = {"update_id": update_id, "now": now, "cut_short": cut_short}
        return await write(self._database, _BEGIN, begun) == 1

    async def is_finished(self, update_id: int) -> bool:
        return bool(await read(self._database, _IS_FINISHED, {"wanted": update_id}))

    async def last_finished(self) -> int | None:
        found = await read(self._database, _LAST_FINISHED)
        return int(found[0]["update_id"]) if found else None

    async def finish(self, update_id: int, *, now: datetime) -> None:
        await self._ends.write((update_id, now))

    async def _finish_all(self, finished: Sequence[_Finished]) -> None:
        ends = sorted(dict(finished).items())  # each once; in order, so that none wait crosswise
        values: dict[str, Any] = {}
        for i, (update_id, now) in enumerate(ends):
            values |= {f"update_id_{i}": update_id, f"begun_at_{i}": now, f"finished_at_{i}": now}
        await write(self._database, _finish(len(ends)), values)

    async def abandon(self, update_id: int) -> None:
        unfinished = updates.c.finished_at.is_(None)
        await write(
            self._database, delete(updates).where(updates.c.update_id == update_id, unfinished)
        )

    async def forget_before(self, moment: datetime) -> None:
        await write(self._database, delete(updates).where(updates.c.begun_at < moment))
