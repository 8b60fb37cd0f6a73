"""As little of Telegram as a bot needs: it takes every message at once, and keeps its moment.

Prints its address. With `--per-second 30` it refuses what is more with 429, as Telegram would: by a
bucket that holds a second's worth. Beside the Bot API's methods it answers

- `GET /counts`: how many messages were taken and refused, as JSON;
- `GET /arrivals`: a line for each message: Unix time, the number in its text;
- `GET /last`: the body of the last message, and its type in the header;
- `POST /updates`: takes a list of updates, to be handed out;
- `GET /handed`: a line for each update that was handed out: Unix time, its id;
- `POST /forget`: begins anew.
"""

import argparse
import asyncio
import json
import re
import time
from typing import Any, Final

import uvloop

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TYPE: Final = re.compile(rb"content-type: *([^\r]+)", re.IGNORECASE)
_NUMBER: Final = re.compile(rb"Benchmark(?: |\+|%20)(\d+)")
_OFFSET: Final = re.compile(rb'offset"?[=:] *(\d+)|name="offset"\r\n\r\n(\d+)')
_WAIT: Final = re.compile(rb'timeout"?[=:] *(\d+)|name="timeout"\r\n\r\n(\d+)')
_AT_A_TIME: Final = 100
_SENT: Final = (
    b'{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":1,"type":"private"},"text":"x"}}'
)
_TRUE: Final = b'{"ok":true,"result":true}'
_ANSWERS: Final = {
    b"getme": b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"b","username":"b_bot"}}',
    b"getmycommands": b'{"ok":true,"result":[]}',
    b"getmydescription": b'{"ok":true,"result":{"description":""}}',
    b"getmyshortdescription": b'{"ok":true,"result":{"short_description":""}}',
    b"getwebhookinfo": b'{"ok":true,"result":{"url":"","has_custom_certificate":false,'
    b'"pending_update_count":0}}',
}
_REFUSED: Final = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1",'
    b'"parameters":{"retry_after":1}}'
)


class Telegram:
    """What it has taken, and what it has to hand out."""

    def __init__(self, per_second: float | None) -> None:
        self._per_second = per_second
        self._news = asyncio.Event()
        self.forget()

    def forget(self) -> None:
        self.arrivals: list[tuple[float, int]] = []
        self.handed: list[tuple[float, int]] = []
        self.refused = 0
        self.last: tuple[bytes, bytes] = (b"", b"")
        self._level, self._at = self._per_second or 0.0, time.monotonic()
        self._updates: list[dict[str, Any]] = []

    def take(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        if not self._may():
            self.refused += 1
            return 429, _REFUSED
        number = _NUMBER.search(body)
        self.arrivals.append((time.time(), int(number.group(1)) if number else -1))
        if number:
            kind = _TYPE.search(head)
            self.last = (kind.group(1) if kind else b"", body)
        return 200, _SENT % len(self.arrivals)

    def _may(self) -> bool:
        if self._per_second is None:
            return True
        now = time.monotonic()
        flown_in = (now - self._at) * self._per_second
        self._level, self._at = min(self._per_second, self._level + flown_in), now
        if self._level < 1:
            return False
        self._level -= 1
        return True

    def offer(self, updates: list[dict[str, Any]]) -> None:
        self._updates += updates
        self._news.set()

    async def hand_out(self, body: bytes) -> bytes:
        """Updates from the offset on; wait for the first as long as the bot wants."""
        offset, wait = _number(_OFFSET, body), _number(_WAIT, body)
        self._updates = [one for one in self._updates if one["update_id"] >= offset]
        if not self._updates and wait:
            self._news.clear()
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait()
            except TimeoutError:
                pass
        batch = self._updates[:_AT_A_TIME]
        now = time.time()
        self.handed += [(now, one["update_id"]) for one in batch]
        return json.dumps({"ok": True, "result": batch}).encode()


def _number(pattern: re.Pattern[bytes], body: bytes) -> int:
    found = pattern.search(body)
    return int(found.group(1) or found.group(2)) if found else 0


class Connection(asyncio.Protocol):
    """One client; it asks again when it was answered."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (end := self._unread.find(b"\r\n\r\n")) >= 0:
            head = self._unread[:end]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length.group(1)) if length else 0)
            if len(self._unread) < whole:
                return
            body, self._unread = self._unread[end + 4 : whole], self._unread[whole:]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        _, path, _ = head.split(b" ", 2)
        name = path.rpartition(b"/")[2].lower()
        if name == b"getupdates":
            self._waiting = asyncio.create_task(self._hand_out(body))
        elif name.startswith((b"send", b"edit")) and name != b"sendchataction":
            self._write(*self._telegram.take(head, body))
        elif (own := _own(self._telegram, name, body)) is not None:
            self._write(200, own)
        else:
            self._write(200, _ANSWERS.get(name, _TRUE))

    async def _hand_out(self, body: bytes) -> None:
        self._write(200, await self._telegram.hand_out(body))

    def _write(self, status: int, body: bytes) -> None:
        self._transport.write(
            b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (status, len(body), body)
        )


def _own(telegram: Telegram, name: bytes, body: bytes) -> bytes | None:
    """What the benchmark asks and no bot does."""
    match name:
        case b"counts":
            counts = {"taken": len(telegram.arrivals), "refused": telegram.refused}
            return json.dumps(counts).encode()
        case b"arrivals":
            return _lines(telegram.arrivals)
        case b"handed":
            return _lines(telegram.handed)
        case b"last":
            kind, content = telegram.last
            return json.dumps({"type": kind.decode(), "body": content.decode()}).encode()
        case b"updates":
            telegram.offer(json.loads(body))
        case b"forget":
            telegram.forget()
        case _:
            return None
    return _TRUE


def _lines(moments: list[tuple[float, int]]) -> bytes:
    return "".join(f"{moment} {number}\n" for moment, number in moments).encode()


async def main(per_second: float | None) -> None:
    telegram = Telegram(per_second)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(telegram), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-second", type=float)
    uvloop.run(main(parser.parse_args().per_second))
