"""aiogram's dialogue state and turns, on our ports: they outlive a process, and span several."""

import contextlib
import copy
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Any, Final

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage, StateType, StorageKey
from attrs import evolve, field, frozen

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
    """Reads a dialogue once while its person has their turn: nobody else changes it then."""

    _store: DialogueStore
    _read: dict[str, Dialogue | None] = field(init=False, factory=dict)

    @contextlib.contextmanager
    def turn_of(self, key: StorageKey) -> Iterator[None]:
        """The block has the turn of this person."""
        name = _key(key)
        self._read[name] = None
        try:
            yield
        finally:
            self._read.pop(name, None)

    async def put(self, key: StorageKey, step: State | None, answers: Mapping[str, Any]) -> None:
        """Set state and data in one write."""
        name = None if step is None else step.state
        await self._put(key, Dialogue(name, dict(answers)))

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        step = state.state if isinstance(state, State) else state
        await self._put(key, evolve(await self._get(key), step=step))

    async def get_state(self, key: StorageKey) -> str | None:
        try:
            return (await self._get(key)).step
        except StorageUnavailable:
            return UNREADABLE

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        await self._put(key, evolve(await self._get(key), answers=dict(data)))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return copy.deepcopy((await self._get(key)).answers)

    async def _get(self, key: StorageKey) -> Dialogue:
        name = _key(key)
        known = self._read.get(name)
        if known is None:
            known = await self._store.read(name)
            if name in self._read:
                self._read[name] = known
        return known

    async def _put(self, key: StorageKey, dialogue: Dialogue) -> None:
        name = _key(key)
        if name in self._read:
            self._read[name] = None  # if it fails, nobody knows what is kept
        await self._store.write(name, dialogue)
        if name in self._read:
            self._read[name] = copy.deepcopy(dialogue)

    async def close(self) -> None:
        """The store belongs to somebody else."""


@frozen
class OneAtATime(BaseEventIsolation):
    """One update of a person at a time, by the `PersonLocks` port."""

    _locks: PersonLocks
    _dialogues: StoredDialogues

    @contextlib.asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        async with self._locks.hold(_key(key)):
            with self._dialogues.turn_of(key):
                yield

    async def close(self) -> None:
        """The locks belong to somebody else."""
