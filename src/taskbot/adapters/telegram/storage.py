"""aiogram's dialogue state and turns, on our ports: they outlive a process, and span several."""

import contextlib
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage, StateType, StorageKey
from attrs import evolve, frozen

from taskbot.application.ports import (
    Dialogue,
    DialogueStore,
    PersonLocks,
    StorageUnavailable,
)

UNREADABLE: Final = "unreadable"
"""The step of a dialogue while its storage is away: no question of ours, and not none either.

What needs no dialogue goes on then, commands and cards; what asks for answers finds out.
"""


def _key(key: StorageKey) -> str:
    return f"{key.bot_id}:{key.chat_id}:{key.user_id}"


@frozen
class StoredDialogues(BaseStorage):
    _store: DialogueStore

    async def put(self, key: StorageKey, step: State | None, answers: Mapping[str, Any]) -> None:
        """Set state and data in one write."""
        name = None if step is None else step.state
        await self._store.write(_key(key), Dialogue(name, dict(answers)))

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        step = state.state if isinstance(state, State) else state
        dialogue = await self._store.read(_key(key))
        await self._store.write(_key(key), evolve(dialogue, step=step))

    async def get_state(self, key: StorageKey) -> str | None:
        try:
            return (await self._store.read(_key(key))).step
        except StorageUnavailable:
            return UNREADABLE

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        dialogue = await self._store.read(_key(key))
        await self._store.write(_key(key), evolve(dialogue, answers=dict(data)))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return (await self._store.read(_key(key))).answers

    async def close(self) -> None:
        """The store belongs to somebody else."""


@frozen
class OneAtATime(BaseEventIsolation):
    """One update of a person at a time, by the `PersonLocks` port."""

    _locks: PersonLocks

    @contextlib.asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        async with self._locks.hold(_key(key)):
            yield

    async def close(self) -> None:
        """The locks belong to somebody else."""
