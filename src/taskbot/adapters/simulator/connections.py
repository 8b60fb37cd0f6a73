"""The network connection under a call: is it still there, and how to break it."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any, Final

from attrs import define
from litestar.types import Receive, Scope, Send

EXTENSION: Final = "taskbot.connection"
RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER on and zero seconds: closing the socket resets the connection (socket(7))."""


@define(eq=False)
class Connection:
    """Without a real connection under it nobody ever leaves, and nothing can be broken."""

    _receive: Receive | None = None
    _transport: asyncio.Transport | None = None
    _watcher: asyncio.Task[None] | None = None
    is_gone: bool = False

    def watch(self, on_gone: Callable[[], None]) -> None:
        """Notice when the other side hangs up. The request's body must have been read."""
        if self._receive is None or self._watcher is not None:
            return
        self._watcher = asyncio.get_running_loop().create_task(self._watch(on_gone))

    async def _watch(self, on_gone: Callable[[], None]) -> None:
        assert self._receive is not None  # noqa: S101 - `watch` is the only caller
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True
        on_gone()

    async def release(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait([self._watcher])

    async def reset(self) -> None:
        """Break the connection: the other side sees a reset instead of an answer."""
        if self._transport is None:
            return
        raw: Any = self._transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._transport.abort()
        # The server learns of it in the next turns of the loop; until then it would log
        # an answer that cannot be written.
        for _ in range(3):
            await asyncio.sleep(0)


def remember_transport(scope: Scope, send: Send) -> None:
    """Keep uvicorn's transport, which is reachable only through the outermost *send*."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    extensions: Any = dict(scope.get("extensions") or {})
    extensions[EXTENSION] = {"transport": transport}
    scope["extensions"] = extensions


def connection_of(scope: Scope, receive: Receive) -> Connection:
    kept: Any = (scope.get("extensions") or {}).get(EXTENSION, {})
    return Connection(receive, kept.get("transport"))
