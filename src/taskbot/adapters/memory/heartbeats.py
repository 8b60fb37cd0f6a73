"""Signs of life of processes that share a memory: for tests."""

from taskbot.application.ports import HEARTBEATS_KEPT, Clock, Heartbeat


class MemoryHeartbeats:
    def __init__(self, clock: Clock, last: dict[str, Heartbeat] | None = None) -> None:
        self._clock = clock
        self._last = {} if last is None else last

    async def beat(self, heartbeat: Heartbeat) -> None:
        self._last[heartbeat.process.name] = heartbeat

    async def end(self, name: str) -> None:
        self._last.pop(name, None)

    async def last_of_all(self) -> list[Heartbeat]:
        return [self._last[name] for name in sorted(self._last)]

    async def purge_expired(self) -> int:
        before = self._clock.now() - HEARTBEATS_KEPT
        gone = [name for name, one in self._last.items() if one.beat_at <= before]
        for name in gone:
            del self._last[name]
        return len(gone)
