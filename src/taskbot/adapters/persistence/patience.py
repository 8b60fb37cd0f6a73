"""How long a database may take over one statement, before it is taken for dead."""

import asyncio
from typing import Any

from taskbot.adapters.persistence.dialects import Dialect


class Patience:
    """Hangs up on servers that do not answer.

    One timer looks after all statements under way: one for each would cost a fortieth of a small
    request, and hardly any of them is ever needed.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect, self._seconds = dialect, dialect.patience_seconds
        self._since: dict[Any, float] = {}
        self._watched_on: asyncio.AbstractEventLoop | None = None

    def begin(self, driver_connection: Any) -> None:
        """Somebody waits for *driver_connection* from now on, until `end`."""
        if self._seconds is None:
            return
        loop = asyncio.get_running_loop()
        self._since[driver_connection] = loop.time()
        if self._watched_on is not loop:
            self._watched_on = loop
            loop.call_later(self._seconds, self._look, loop, self._seconds)

    def end(self, driver_connection: Any) -> None:
        self._since.pop(driver_connection, None)

    def _look(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        if self._watched_on is not loop:
            return
        late = loop.time() - seconds
        for connection, since in list(self._since.items()):
            if since <= late:
                del self._since[connection]
                self._dialect.hang_up(connection)
        if self._since:
            loop.call_at(min(self._since.values()) + seconds, self._look, loop, seconds)
        else:
            self._watched_on = None
