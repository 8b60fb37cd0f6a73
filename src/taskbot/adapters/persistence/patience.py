"""How long a database may take over one statement, before it is taken for dead."""

import asyncio
from typing import Any, Final

from taskbot.adapters.persistence.dialects import Dialect

_TICKS: Final = 8
"""In how many parts the time is counted: nobody looks at a clock for each statement."""


class Patience:
    """Hangs up on servers that do not answer, an eighth of their time late at most.

    One timer looks after all statements under way: one for each would cost a fortieth of a small
    request, and hardly any of them is ever needed.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect, self._seconds = dialect, dialect.patience_seconds
        self._since: dict[Any, int] = {}
        self._now = 0
        self._watched_on: asyncio.AbstractEventLoop | None = None

    def begin(self, driver_connection: Any) -> None:
        """Somebody waits for *driver_connection* from now on, until `end`."""
        if self._seconds is None:
            return
        self._since[driver_connection] = self._now
        # Not by asking which loop is running: until Python 3.12 that is a system call.
        if self._watched_on is None or self._watched_on.is_closed():
            loop = self._watched_on = asyncio.get_running_loop()
            loop.call_later(self._seconds / _TICKS, self._look, loop, self._seconds / _TICKS)

    def end(self, driver_connection: Any) -> bool:
        """Return whether it was not hung up on."""
        return self._seconds is None or self._since.pop(driver_connection, None) is not None

    def _look(self, loop: asyncio.AbstractEventLoop, tick: float) -> None:
        if self._watched_on is not loop:
            return
        self._now += 1
        for connection, since in list(self._since.items()):
            if self._now - since > _TICKS:
                del self._since[connection]
                self._dialect.hang_up(connection)
        if self._since:
            loop.call_later(tick, self._look, loop, tick)
        else:
            self._watched_on = None
