"""What a chat adapter keeps, as long as the process lives."""

import copy
from datetime import datetime, timedelta
from typing import Final, TypeVar

from taskbot.application.ports import DIALOGUE_KEPT, Clock, Dialogue, person_in

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_MAY_STILL_BE_AT_WORK: Final = timedelta(minutes=1)


class MemoryDialogueStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._dialogues: dict[str, tuple[Dialogue, datetime]] = {}

    async def read(self, key: str) -> Dialogue:
        nothing = Dialogue(None, {})
        dialogue, expires_at = self._dialogues.get(key, (nothing, self._clock.now()))
        return copy.deepcopy(dialogue) if expires_at > self._clock.now() else nothing

    async def write(self, key: str, dialogue: Dialogue) -> None:
        if dialogue.step is None and not dialogue.answers:
            self._dialogues.pop(key, None)
        else:
            self._dialogues[key] = copy.deepcopy(dialogue), self._clock.now() + DIALOGUE_KEPT

    async def forget(self, telegram_id: int) -> None:
        for key in [key for key in self._dialogues if person_in(key) == telegram_id]:
            del self._dialogues[key]

    async def purge_expired(self) -> int:
        return _drop_expired(self._dialogues, now=self._clock.now())


class MemoryApiTokenStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._secrets: dict[int, tuple[str, datetime]] = {}

    async def read(self, telegram_id: int) -> str | None:
        secret, expires_at = self._secrets.get(telegram_id, (None, self._clock.now()))
        return secret if expires_at > self._clock.now() else None

    async def write(self, telegram_id: int, secret: str, *, ttl: timedelta) -> None:
        self._secrets[telegram_id] = secret, self._clock.now() + ttl

    async def forget(self, telegram_id: int) -> None:
        self._secrets.pop(telegram_id, None)

    async def purge_expired(self) -> int:
        return _drop_expired(self._secrets, now=self._clock.now())


def _drop_expired(kept: dict[_Key, tuple[_Value, datetime]], *, now: datetime) -> int:
    expired = [key for key, (_, expires_at) in kept.items() if expires_at <= now]
    for key in expired:
        del kept[key]
    return len(expired)


class MemoryUpdateLog:
    def __init__(self) -> None:
        self._begun: dict[int, datetime] = {}
        self._finished: set[int] = set()

    async def begin(
        self, update_id: int, *, now: datetime, cut_short_before: datetime | None = None
    ) -> bool:
        begun = self._begun.get(update_id)
        cut_short_before = cut_short_before or now - _MAY_STILL_BE_AT_WORK
        if update_id in self._finished or (begun is not None and begun > cut_short_before):
            return False
        self._begun[update_id] = now
        return True

    async def is_finished(self, update_id: int) -> bool:
        return update_id in self._finished

    async def last_finished(self) -> int | None:
        return max(self._finished, default=None)

    async def finish(self, update_id: int, *, now: datetime) -> None:
        self._begun.setdefault(update_id, now)
        self._finished.add(update_id)

    async def abandon(self, update_id: int) -> None:
        if update_id not in self._finished:
            self._begun.pop(update_id, None)

    async def forget_before(self, moment: datetime) -> None:
        for update_id in [one for one, begun in self._begun.items() if begun < moment]:
            del self._begun[update_id]
            self._finished.discard(update_id)
