"""As little of Telegram as a sender needs: every message is taken at once, and its moment kept.

Prints its address; answers `GET /arrivals` with a line for each message: Unix time, number in its
text.
"""

import asyncio
import re
import time
from typing import Final

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_NUMBER: Final = re.compile(rb"Benchmark(?: |\+|%20)(\d+)")
_SENT: Final = (
    b'{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":1,"type":"private"},"text":"x"}}'
)
_ME: Final = b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"b","username":"b_bot"}}'

arrivals: list[tuple[float, int]] = []


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length.group(1))) if length else b""
            writer.write(_answer(head, body))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _answer(head: bytes, body: bytes) -> bytes:
    if head.startswith(b"GET /arrivals"):
        lines = "".join(f"{moment} {number}\n" for moment, number in arrivals)
        return _response(lines.encode())
    if b"sendMessage" not in head.split(b"\r\n", 1)[0]:
        return _response(_ME)
    number = _NUMBER.search(body)
    arrivals.append((time.time(), int(number.group(1)) if number else -1))
    return _response(_SENT % len(arrivals))


def _response(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body),
        body,
    )


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
