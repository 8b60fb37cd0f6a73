"""As little of Telegram as the bot and the workers need, as a process of its own.

Prints its address. Under `/load/` whoever drives it sets how much people write, and fetches what
came of it.
"""

import asyncio
import contextlib
import json
import random
import re
import sys
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs

import uvloop
from attrs import asdict, define, field

from benchmarks.load.arrivals import OpenLoop
from benchmarks.load.chats import FIRST_PERSON, Chats

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ME: Final = {"id": 1, "is_bot": True, "first_name": "taskbot", "username": "a_taskbot"}
_PROFILE: Final[dict[str, Any]] = {
    "getMyCommands": [],
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
}
_Parameters = dict[str, str]


@define
class Telegram:
    chats: Chats
    loop: OpenLoop
    _running: asyncio.Task[None] | None = field(default=None, init=False)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                body = await reader.readexactly(int(length.group(1))) if length else b""
                path = head.split(b" ", 2)[1].decode()
                writer.write(_response(await self._answer(path, body)))
                await writer.drain()
        writer.close()

    async def _answer(self, path: str, body: bytes) -> Any:
        _, first, last = path.split("/", 2)
        if first == "load":
            return self._control(last, json.loads(body or b"{}"))
        return {"ok": True, "result": await self._call(last, parameters_in(body))}

    def _control(self, what: str, given: Any) -> Any:
        if what == "rate":
            self._write_at(given["rate"])
        outcomes, arrivals = given.get("outcomes", 0), given.get("arrivals", 0)
        return {
            "outcomes": [asdict(one) for one in self.chats.outcomes[outcomes:]],
            "arrivals": [asdict(one) for one in self.chats.arrivals[arrivals:]],
            "texts": len(self.chats.texts),
            "unanswered": self.chats.unanswered,
        }

    def _write_at(self, rate: float) -> None:
        """Have people do so much in a second; 0: nothing more."""
        if self._running is not None:
            self._running.cancel()
            self._running = None
        if rate:
            self.loop.rate = rate
            self._running = asyncio.create_task(self.loop.run())

    async def _call(self, method: str, given: _Parameters) -> Any:
        if method == "getUpdates":
            return await self._updates(given)
        answer = _METHODS.get(method)
        if answer is not None:
            return answer(self.chats, given)
        return _PROFILE.get(method, True)

    async def _updates(self, given: _Parameters) -> Any:
        offset, limit = int(given.get("offset", 0)), int(given.get("limit", 100))
        if found := self.chats.updates_from(offset, limit):
            return found
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(float(given.get("timeout", 0))):
                await self.chats.is_news.wait()
        return self.chats.updates_from(offset, limit)


def parameters_in(body: bytes) -> _Parameters:
    """As a form has them; a body in JSON is another way to say the same."""
    if not body.startswith(b"{"):
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}
    given: dict[str, Any] = json.loads(body)
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
    }


def _press_answered(chats: Chats, given: _Parameters) -> bool:
    chats.bot_answers(given["callback_query_id"])
    return True


_METHODS: Final[dict[str, Callable[[Chats, _Parameters], Any]]] = {
    "getMe": lambda _, __: _ME,
    "sendMessage": lambda chats, given: chats.bot_says(
        int(given["chat_id"]), given["text"], given.get("reply_markup")
    ),
    "editMessageText": lambda chats, given: chats.bot_edits(
        int(given["chat_id"]), int(given["message_id"]), given["text"], given.get("reply_markup")
    ),
    "answerCallbackQuery": _press_answered,
}


def _response(content: Any) -> bytes:
    body = json.dumps(content, ensure_ascii=False).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body),
        body,
    )


async def main(people: int) -> None:
    dice = random.Random(2)  # noqa: S311 - dice, not a secret
    chats = Chats(range(FIRST_PERSON, FIRST_PERSON + people), dice)
    telegram = Telegram(chats, OpenLoop(chats.act, 1.0, dice))
    server = await asyncio.start_server(telegram.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"Telegram    http://{host}:{port}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1])))
