"""What is looked up for a scrape, and shown to others that come soon after it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from attrs import define, field

from taskbot.application.ports import Clock

FRESH_FOR: Final = timedelta(seconds=5)
"""However often and by however many it is scraped, the database is not asked more often."""

_T = TypeVar("_T")


@define
class Fresh(Generic[_T]):
    """*look* is given the moment at which it looks."""

    _look: Callable[[datetime], Awaitable[_T]]
    _clock: Clock
    _kept: tuple[datetime, _T] | None = field(default=None, init=False)

    async def look(self) -> _T:
        now = self._clock.now()
        if self._kept is None or not timedelta(0) <= now - self._kept[0] < FRESH_FOR:
            self._kept = (now, await self._look(now))
        return self._kept[1]
