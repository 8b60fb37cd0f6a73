"""Access tokens, in the transaction of one unit of work."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import delete, insert, select, update

from taskbot.adapters.persistence import rows, tables
from taskbot.adapters.persistence.transaction import Statements
from taskbot.domain.access_token import AccessToken
from taskbot.domain.errors import AccessTokenNotFound
from taskbot.domain.ids import AccessTokenId


@frozen
class SqlAccessTokens:
    _transaction: Statements

    async def get(self, token_id: AccessTokenId) -> AccessToken:
        tokens = tables.access_tokens
        result = await self._transaction.execute(
            select(tokens).where(tokens.c.id == token_id).with_for_update(key_share=True)
        )
        row = result.row
        if row is None:
            raise AccessTokenNotFound(token_id)
        return rows.to_access_token(row)

    async def add(self, token: AccessToken) -> None:
        await self._transaction.execute(
            insert(tables.access_tokens).values(rows.from_access_token(token))
        )

    async def update(self, token: AccessToken) -> None:
        await self._transaction.execute(
            update(tables.access_tokens)
            .where(tables.access_tokens.c.id == token.id)
            .values(rows.from_access_token(token))
        )

    async def note_use(self, token_id: AccessTokenId, *, at: datetime) -> None:
        await self._transaction.execute(
            update(tables.access_tokens)
            .where(tables.access_tokens.c.id == token_id)
            .values(last_used_at=at)
        )

    async def delete(self, token_id: AccessTokenId) -> None:
        gone = await self._transaction.execute(
            delete(tables.access_tokens).where(tables.access_tokens.c.id == token_id)
        )
        if gone.rowcount != 1:
            raise AccessTokenNotFound(token_id)
