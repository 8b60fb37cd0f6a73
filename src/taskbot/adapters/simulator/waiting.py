"""Waiting for something to change, with an end to every wait."""

import asyncio
from collections.abc import Callable


class Changes:
    """Wakes everybody who waits for the simulator's state to change."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._is_over = False

    def notify(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    def end(self) -> None:
        """End all waits, those to come too."""
        self._is_over = True
        self.notify()

    def begin(self) -> None:
        self._is_over = False

    @property
    def is_over(self) -> bool:
        return self._is_over

    async def until(self, is_ready: Callable[[], bool], *, seconds: float) -> bool:
        """Return whether *is_ready* came true within *seconds* and before the end."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not is_ready():
            left = deadline - loop.time()
            if self._is_over or left <= 0:
                return False
            event = self._event
            try:
                async with asyncio.timeout(left):
                    await event.wait()
            except TimeoutError:
                return is_ready()
        return True
