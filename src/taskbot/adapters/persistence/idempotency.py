"""Requests that may be repeated, and what the first was answered."""

from typing import Final

from attrs import frozen
from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    bindparam,
    delete,
    null,
    select,
    tuple_,
    update,
)

from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.engine import Database, read, write
from taskbot.adapters.persistence.prepared import Prepared
from taskbot.adapters.persistence.tables import idempotency_keys as keys
from taskbot.application.ports import (
    ANSWER_KEPT,
    LEASE,
    Clock,
    FirstUse,
    KeptAnswer,
    KeyUse,
    RequestKey,
    StillInUse,
    UsedForAnother,
)

_BATCH: Final = 500


def _take(dialect: Dialect) -> Executable:
    anew = {
        "fingerprint": bindparam("fingerprint"),
        "expires_at": bindparam("until"),
        "answer": null(),
    }
    new = dialect.insert(keys).values(
        owner_id=bindparam("owner_id"), name=bindparam("name"), **anew
    )
    taken: Executable = new.on_conflict_do_update(
        index_elements=[keys.c.owner_id, keys.c.name],
        set_=anew,
        where=keys.c.expires_at <= bindparam("now"),
    )
    return taken


_IS: Final = and_(keys.c.owner_id == bindparam("owner_id"), keys.c.name == bindparam("name"))
_TAKE: Final = Prepared(_take)
_KNOWN: Final = Prepared(select(keys.c.fingerprint, keys.c.answer).where(_IS))
_FINISH: Final = Prepared(
    update(keys)
    .where(_IS, keys.c.answer.is_(None), keys.c.expires_at == bindparam("lease"))
    .values(answer=bindparam("answer"), expires_at=bindparam("until"))
)


@frozen
class SqlIdempotencyStore:
    """One statement for a first request and another for its answer; two for a repetition."""

    _database: Database
    _clock: Clock

    async def begin(self, key: RequestKey, fingerprint: bytes) -> KeyUse:
        now = self._clock.now()
        use = {
            "owner_id": key.owner_id,
            "name": key.name,
            "fingerprint": fingerprint,
            "until": now + LEASE,
            "now": now,
        }
        if await write(self._database, _TAKE, use) == 1:
            return FirstUse(key, now + LEASE)
        rows = await read(self._database, _KNOWN, {"owner_id": key.owner_id, "name": key.name})
        if not rows:  # freed in between: whoever asks again gets it
            return StillInUse()
        (found,) = rows
        if bytes(found["fingerprint"]) != fingerprint:
            return UsedForAnother()
        return StillInUse() if found["answer"] is None else KeptAnswer(bytes(found["answer"]))

    async def finish(self, use: FirstUse, answer: bytes) -> None:
        until = self._clock.now() + ANSWER_KEPT
        kept = {"owner_id": use.key.owner_id, "name": use.key.name, "lease": use.until}
        await write(self._database, _FINISH, {**kept, "answer": answer, "until": until})

    async def abandon(self, use: FirstUse) -> None:
        await write(self._database, delete(keys).where(_held_by(use)))

    async def purge_expired(self) -> int:
        columns = keys.c.owner_id, keys.c.name
        now = self._clock.now()
        expired = select(*columns).where(keys.c.expires_at <= now).limit(_BATCH)
        some = delete(keys).where(tuple_(*columns).in_(expired))
        purged = last = await write(self._database, some)
        while last == _BATCH:
            last = await write(self._database, some)
            purged += last
        return purged


def _is(key: RequestKey) -> ColumnElement[bool]:
    return and_(keys.c.owner_id == key.owner_id, keys.c.name == key.name)


def _held_by(use: FirstUse) -> ColumnElement[bool]:
    """The moment at which its lease ends tells one use of a key from the next."""
    return and_(_is(use.key), keys.c.answer.is_(None), keys.c.expires_at == use.until)
