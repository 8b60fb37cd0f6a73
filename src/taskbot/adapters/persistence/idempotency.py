"""Requests that may be repeated, and what the first was answered."""

from typing import Any, Final

from attrs import frozen
from sqlalchemy import ColumnElement, Executable, and_, delete, select, tuple_, update

from taskbot.adapters.persistence.engine import Database
from taskbot.adapters.persistence.tables import idempotency_keys as keys
from taskbot.adapters.persistence.transaction import Transaction
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


@frozen
class SqlIdempotencyStore:
    """One statement for a first request and another for its answer; two for a repetition."""

    _database: Database
    _clock: Clock

    async def begin(self, key: RequestKey, fingerprint: bytes) -> KeyUse:
        now = self._clock.now()
        anew: dict[str, Any] = {
            "fingerprint": fingerprint,
            "expires_at": now + LEASE,
            "answer": None,
        }
        take = (
            self._database.dialect.insert(keys)
            .values(owner_id=key.owner_id, name=key.name, **anew)
            .on_conflict_do_update(
                index_elements=[keys.c.owner_id, keys.c.name],
                set_=anew,
                where=keys.c.expires_at <= now,
            )
            .execution_options(preserve_rowcount=True)
        )
        async with Transaction(self._database) as transaction:
            taken = await transaction.execute(take)
            if taken.rowcount == 1:
                await transaction.commit()
                return FirstUse(key, now + LEASE)
            known = select(keys.c.fingerprint, keys.c.answer).where(_is(key))
            found = (await transaction.execute(known)).mappings().one_or_none()
        if found is None:  # freed in between: whoever asks again gets it
            return StillInUse()
        if bytes(found["fingerprint"]) != fingerprint:
            return UsedForAnother()
        return StillInUse() if found["answer"] is None else KeptAnswer(bytes(found["answer"]))

    async def finish(self, use: FirstUse, answer: bytes) -> None:
        until = self._clock.now() + ANSWER_KEPT
        await self._write(update(keys).where(_held_by(use)).values(answer=answer, expires_at=until))

    async def abandon(self, use: FirstUse) -> None:
        await self._write(delete(keys).where(_held_by(use)))

    async def purge_expired(self) -> int:
        columns = keys.c.owner_id, keys.c.name
        now = self._clock.now()
        expired = select(*columns).where(keys.c.expires_at <= now).limit(_BATCH)
        some = delete(keys).where(tuple_(*columns).in_(expired))
        purged = last = await self._write(some)
        while last == _BATCH:
            last = await self._write(some)
            purged += last
        return purged

    async def _write(self, statement: Executable) -> int:
        async with Transaction(self._database) as transaction:
            changed = await transaction.execute(statement)
            await transaction.commit()
        return changed.rowcount


def _is(key: RequestKey) -> ColumnElement[bool]:
    return and_(keys.c.owner_id == key.owner_id, keys.c.name == key.name)


def _held_by(use: FirstUse) -> ColumnElement[bool]:
    """The moment at which its lease ends tells one use of a key from the next."""
    return and_(_is(use.key), keys.c.answer.is_(None), keys.c.expires_at == use.until)
