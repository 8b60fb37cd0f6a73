"""Secrets that all processes share."""

import secrets

from attrs import frozen
from sqlalchemy import select

from taskbot.adapters.persistence.engine import Database, read, write
from taskbot.adapters.persistence.tables import signing_keys
from taskbot.application.ports.keys import KEY_BYTES


@frozen
class SqlKeyStore:
    _database: Database

    async def secret(self, purpose: str) -> bytes:
        return await self._stored(purpose) or await self._made(purpose)

    async def _stored(self, purpose: str) -> bytes | None:
        query = select(signing_keys.c.secret).where(signing_keys.c.purpose == purpose)
        found = await read(self._database, query)
        return bytes(found[0]["secret"]) if found else None

    async def _made(self, purpose: str) -> bytes:
        """Make it, unless somebody else is quicker: then theirs is the one."""
        new = self._database.dialect.insert(signing_keys).values(
            purpose=purpose, secret=secrets.token_bytes(KEY_BYTES)
        )
        await write(self._database, new.on_conflict_do_nothing())
        stored = await self._stored(purpose)
        if stored is None:
            raise LookupError(purpose)
        return stored
