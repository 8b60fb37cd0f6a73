"""Signs of life of processes that share a memory: for tests."""

from taskbot.application.ports import SIGNS_OF_LIFE_KEPT, Clock, SignOfLife


class MemorySignsOfLife:
    def __init__(self, clock: Clock, last: dict[str, SignOfLife] | None = None) -> None:
        self._clock = clock
        self._last = {} if last is None else last

    async def give(self, sign: SignOfLife) -> None:
        self._last[sign.process.name] = sign

    async def end(self, name: str) -> None:
        self._last.pop(name, None)

    async def last_of_all(self) -> list[SignOfLife]:
        return [self._last[name] for name in sorted(self._last)]

    async def purge_expired(self) -> int:
        before = self._clock.now() - SIGNS_OF_LIFE_KEPT
        gone = [name for name, one in self._last.items() if one.given_at <= before]
        for name in gone:
            del self._last[name]
        return len(gone)
