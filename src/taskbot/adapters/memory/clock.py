"""A clock that moves when it is told to."""

import asyncio
from datetime import datetime, timedelta

from taskbot.domain.timezone import aware_utc


class ManualClock:
    """Stands still between calls of `advance`; who sleeps on it wakes when it has passed.

    With *skips_sleep* it moves on by itself as soon as somebody sleeps: for one sleeper at a time.
    """

    def __init__(self, now: datetime, *, skips_sleep: bool = False) -> None:
        self._now = aware_utc(now)
        self._skips_sleep = skips_sleep
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, duration: timedelta) -> None:
        end = self._now + duration
        if self._skips_sleep:
            self.advance(max(duration, timedelta(0)))
        while self._now < end:
            await self._moved.wait()
        await asyncio.sleep(0)

    def advance(self, duration: timedelta) -> None:
        self._now += duration
        self._moved.set()
        self._moved = asyncio.Event()
