"""Connections that stay out of SQLAlchemy's pool between two uses.

To give one back there and to take it out again costs as much as a small statement: greenlets to
get into the pool and out, and once it is full a task and a timer to wait with.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.pool import PoolProxiedConnection, QueuePool
from sqlalchemy.util import greenlet_spawn

from taskbot.application.ports import StorageUnavailable

FOR_OTHERS: Final = 2
"""How many of the pool's connections are left to who works through SQLAlchemy: the panel."""
_PATIENCE_SECONDS: Final = 10


class KeptConnections:
    """Up to so many at a time, and whoever comes then waits: `StorageUnavailable` after 10 s."""

    def __init__(self, engine: Engine, is_dead: Callable[[Any], bool]) -> None:
        self._engine = engine
        self._is_dead = is_dead
        self._free: list[PoolProxiedConnection] = []
        self._places = asyncio.Semaphore(max(1, pool_of(engine).size() - FOR_OTHERS))

    @property
    def free(self) -> int:
        """How many are out of the pool, but in nobody's hands."""
        return len(self._free)

    async def take(self, *, unseen: bool = False) -> PoolProxiedConnection:
        """Let it run to its end, and bring the connection back to `keep`.

        *unseen*: without a look whether it is dead, which is a system call.
        """
        if self._places.locked():
            await self._wait()
        else:
            await self._places.acquire()
        try:
            while self._free:
                connection = self._free.pop()
                if unseen or not self._is_dead(connection.driver_connection):
                    return connection
                await greenlet_spawn(_drop, connection)
            return await greenlet_spawn(self._engine.pool.connect)
        except BaseException:
            self._places.release()
            raise

    async def keep(self, connection: PoolProxiedConnection) -> None:
        try:
            if connection.is_valid:
                self._free.append(connection)
            else:
                await greenlet_spawn(connection.close)
        finally:
            self._places.release()

    async def let_go(self) -> None:
        """Give all that are free back to the pool."""
        while self._free:
            await greenlet_spawn(self._free.pop().close)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise StorageUnavailable("all connections are in use") from None


def pool_of(engine: Engine) -> QueuePool:
    if not isinstance(engine.pool, QueuePool):
        raise TypeError(f"{type(engine.pool).__name__} does not count its connections")
    return engine.pool


def _drop(connection: PoolProxiedConnection) -> None:
    connection.invalidate()
    connection.close()
