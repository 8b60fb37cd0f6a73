"""Free hands: some errands at a time, and who has one more waits."""

import asyncio
import logging
from typing import Final

from taskbot.application.delivery import Errand

_log = logging.getLogger(__name__)

_LONGEST_SECONDS: Final = 60
"""For an errand that never ends: the leases of what it delivers are long over by then."""


class FreeHands:
    """Made and used on one event loop."""

    def __init__(self, number: int) -> None:
        self._free = asyncio.Semaphore(number)
        self._busy: set[asyncio.Task[None]] = set()

    async def take(self, errand: Errand) -> None:
        """Wait for a free hand, and have it run the *errand*: that goes on by itself."""
        await self._free.acquire()
        task = asyncio.create_task(self._run(errand))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def _run(self, errand: Errand) -> None:
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                await errand()
        except Exception:  # noqa: BLE001 - whatever it is, the next one must not wait
            # The lease ends and the reminder is claimed again: nothing is lost but time.
            _log.exception("delivering reminders failed")
        finally:
            self._free.release()

    async def rest(self, *, within: float) -> None:
        """Finish what is under way, in so many seconds; leave the others to the leases."""
        if not self._busy:
            return
        _, late = await asyncio.wait(self._busy, timeout=within)
        for task in late:
            _log.warning("a delivery was still under way at the end; it will be repeated")
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
