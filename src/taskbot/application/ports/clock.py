"""Time: the only way to learn it, and to let it pass."""

from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """This moment, aware, in UTC."""

    async def sleep(self, duration: timedelta) -> None:
        """Return when *duration* has passed on this clock."""
