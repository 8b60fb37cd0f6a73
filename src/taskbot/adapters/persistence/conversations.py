"""What a chat adapter keeps."""

from datetime import timedelta
from typing import Final

from attrs import asdict, frozen
from sqlalchemy import ColumnElement, Executable, bindparam, delete, select, update

from taskbot.adapters.persistence import tables
from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.engine import Database, read, write
from taskbot.adapters.persistence.prepared import Prepared
from taskbot.application.ports import (
    DIALOGUE_KEPT,
    GIVEN_UP_AFTER,
    Clock,
    Dialogue,
    VanishingMessage,
    person_in,
)

_DIALOGUE: Final = Prepared(
    select(tables.dialogues.c.step, tables.dialogues.c.answers).where(
        tables.dialogues.c.key == bindparam("wanted"),
        tables.dialogues.c.written_at.is_(None)
        | (tables.dialogues.c.written_at > bindparam("since")),
    )
)
_END_DIALOGUE: Final = Prepared(
    delete(tables.dialogues).where(tables.dialogues.c.key == bindparam("wanted"))
)


def _keep_dialogue(dialect: Dialect) -> Executable:
    columns = tables.dialogues.c
    new = dialect.insert(tables.dialogues).values(
        {column.name: bindparam(column.name) for column in columns}
    )
    kept = {c.name: new.excluded[c.name] for c in columns if c is not columns.key}
    statement: Executable = new.on_conflict_do_update(index_elements=[columns.key], set_=kept)
    return statement


_KEEP_DIALOGUE: Final = Prepared(_keep_dialogue)


@frozen
class SqlDialogueStore:
    _database: Database
    _clock: Clock

    async def read(self, key: str) -> Dialogue:
        since = self._clock.now() - DIALOGUE_KEPT
        found = await read(self._database, _DIALOGUE, {"wanted": key, "since": since})
        return Dialogue(found[0]["step"], found[0]["answers"]) if found else Dialogue(None, {})

    async def write(self, key: str, dialogue: Dialogue) -> None:
        if dialogue.step is None and not dialogue.answers:
            await write(self._database, _END_DIALOGUE, {"wanted": key})
            return
        kept = {
            "key": key,
            "step": dialogue.step,
            "answers": dialogue.answers,
            "written_at": self._clock.now(),
            "telegram_id": person_in(key),
        }
        await write(self._database, _KEEP_DIALOGUE, kept)

    async def purge_expired(self) -> int:
        now, written_at = self._clock.now(), tables.dialogues.c.written_at
        # The release before does not say when it wrote: for its dialogues time runs from now on.
        await write(
            self._database,
            update(tables.dialogues).where(written_at.is_(None)).values(written_at=now),
        )
        expired = written_at <= now - DIALOGUE_KEPT
        return await write(self._database, delete(tables.dialogues).where(expired))

    async def forget(self, telegram_id: int) -> None:
        dialogues = tables.dialogues
        await write(self._database, delete(dialogues).where(dialogues.c.telegram_id == telegram_id))


@frozen
class SqlApiTokenStore:
    """Keeps what it is given as it is: see `SealedApiTokens`."""

    _database: Database
    _clock: Clock

    async def read(self, telegram_id: int) -> str | None:
        api_tokens = tables.api_tokens
        query = select(api_tokens.c.secret).where(
            api_tokens.c.telegram_id == telegram_id, api_tokens.c.expires_at > self._clock.now()
        )
        found = await read(self._database, query)
        return str(found[0]["secret"]) if found else None

    async def write(self, telegram_id: int, secret: str, *, ttl: timedelta) -> None:
        kept = {"secret": secret, "expires_at": self._clock.now() + ttl}
        statement = self._database.dialect.insert(tables.api_tokens).values(
            telegram_id=telegram_id, **kept
        )
        await write(
            self._database,
            statement.on_conflict_do_update(
                index_elements=[tables.api_tokens.c.telegram_id], set_=kept
            ),
        )

    async def forget(self, telegram_id: int) -> None:
        api_tokens = tables.api_tokens
        await write(
            self._database, delete(api_tokens).where(api_tokens.c.telegram_id == telegram_id)
        )

    async def purge_expired(self) -> int:
        api_tokens = tables.api_tokens
        expired = api_tokens.c.expires_at <= self._clock.now()
        return await write(self._database, delete(api_tokens).where(expired))


@frozen
class SqlVanishingMessages:
    _database: Database
    _clock: Clock

    async def add(self, message: VanishingMessage) -> None:
        kept = tables.vanishing_messages
        statement = self._database.dialect.insert(kept).values(asdict(message))
        await write(
            self._database,
            statement.on_conflict_do_update(
                index_elements=[kept.c.chat_id, kept.c.message_id],
                set_={"delete_at": message.delete_at},
            ),
        )

    async def earliest(self, *, limit: int) -> list[VanishingMessage]:
        kept = tables.vanishing_messages
        query = select(kept).order_by(kept.c.delete_at).limit(limit)
        return [VanishingMessage(**row) for row in await read(self._database, query)]

    async def drop(self, message: VanishingMessage) -> None:
        kept = tables.vanishing_messages.c
        await self._delete(
            (kept.chat_id == message.chat_id) & (kept.message_id == message.message_id)
        )

    async def forget(self, telegram_id: int) -> None:
        await self._delete(tables.vanishing_messages.c.chat_id == telegram_id)

    async def purge_expired(self) -> int:
        before = self._clock.now() - GIVEN_UP_AFTER
        return await self._delete(tables.vanishing_messages.c.delete_at <= before)

    async def _delete(self, which: ColumnElement[bool]) -> int:
        return await write(self._database, delete(tables.vanishing_messages).where(which))
