"""What a chat adapter keeps, as long as the process lives."""

import copy
from datetime import datetime, timedelta
from typing import Final

from taskbot.application.ports import Dialogue

_MAY_STILL_BE_AT_WORK: Final = timedelta(minutes=1)


class MemoryDialogueStore:
    def __init__(self) -> None:
        self._dialogues: dict[str, Dialogue] = {}

    async def read(self, key: str) -> Dialogue:
        return copy.deepcopy(self._dialogues.get(key, Dialogue(None, {})))

    async def write(self, key: str, dialogue: Dialogue) -> None:
        if dialogue.step is None and not dialogue.answers:
            self._dialogues.pop(key, None)
        else:
            self._dialogues[key] = copy.deepcopy(dialogue)


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
