"""One write for all who ask for one at the same time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from attrs import define, field

_T = TypeVar("_T")
_MOST: Final = 16


@define
class Together(Generic[_T]):
    """Who comes while others are being written shares the next write with all who do.

    Who comes alone waits for nobody. What the writing raises is raised for all whom it was for; a
    cancelled caller breaks off nothing.
    """

    _write_all: Callable[[Sequence[_T]], Awaitable[None]]
    _waiting: deque[tuple[_T, asyncio.Future[None]]] = field(init=False, factory=deque)
    _at_work: asyncio.Task[None] | None = field(init=False, default=None)

    async def write(self, one: _T) -> None:
        """Return when it is written."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, written))
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())
        await asyncio.shield(written)

    async def _work(self) -> None:
        try:
            while self._waiting:
                number = min(len(self._waiting), _MOST)
                await self._write_some([self._waiting.popleft() for _ in range(number)])
        finally:
            self._at_work = None

    async def _write_some(self, some: Sequence[tuple[_T, asyncio.Future[None]]]) -> None:
        try:
            await self._write_all([one for one, _ in some])
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            for _, written in some:
                written.set_exception(error)
        else:
            for _, written in some:
                written.set_result(None)
