"""One at a time, within a process."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from attrs import field, frozen


@frozen
class MemoryPersonLocks:
    """Forgets who neither holds nor waits, so that it does not grow with everybody ever seen."""

    _locks: dict[str, tuple[asyncio.Lock, int]] = field(init=False, factory=dict)

    @contextlib.asynccontextmanager
    async def hold(self, key: str) -> AsyncGenerator[None, None]:
        lock, interested = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = lock, interested + 1
        try:
            async with lock:
                yield
        finally:
            lock, interested = self._locks.pop(key)
            if interested > 1:
                self._locks[key] = lock, interested - 1
