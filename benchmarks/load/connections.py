"""As little HTTP as it takes to ask a lot without being what is slow."""

import asyncio
import time
from typing import Final

from attrs import define, field, frozen

_KEPT_SECONDS: Final = 3.0
"""Less than the server keeps a connection that nobody uses."""
_PATIENCE_SECONDS: Final = 30.0


class NoAnswer(Exception):
    """Nobody knows whether it was done."""


@frozen
class Answer:
    status: int
    head: bytes
    body: bytes


_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@define
class Connections:
    """Kept alive and used again; as many as are needed at once."""

    host: str
    port: int
    opened: int = field(default=0, init=False)
    _idle: list[tuple[float, _Connection]] = field(factory=list, init=False)

    async def ask(self, request: bytes) -> Answer:
        """Raise `NoAnswer` if there is none within half a minute."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                connection = await self._connection()
                reader, writer = connection
                try:
                    writer.write(request)
                    answer = await _read(reader)
                except BaseException:
                    writer.transport.abort()
                    raise
        except (OSError, EOFError, TimeoutError) as error:
            raise NoAnswer(type(error).__name__) from error
        self._idle.append((time.monotonic(), connection))
        return answer

    async def _connection(self) -> _Connection:
        while self._idle:
            since, (reader, writer) = self._idle.pop()
            is_fresh = time.monotonic() - since < _KEPT_SECONDS
            if is_fresh and not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        self.opened += 1
        return await asyncio.open_connection(self.host, self.port)

    def close(self) -> None:
        for _, (_, writer) in self._idle:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    if b"\r\ntransfer-encoding: chunked" in head:
        return Answer(status, head, await _chunks(reader))
    begin = head.find(b"\r\ncontent-length: ")
    if begin < 0:
        return Answer(status, head, b"")
    begin += len(b"\r\ncontent-length: ")
    length = int(head[begin : head.index(b"\r", begin)])
    return Answer(status, head, await reader.readexactly(length))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    while True:
        length = int(await reader.readuntil(b"\r\n"), 16)
        part = await reader.readexactly(length + 2)
        if not length:
            return b"".join(parts)
        parts.append(part[:-2])
