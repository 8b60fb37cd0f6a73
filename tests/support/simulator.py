"""The Telegram simulator in this process, on a free port, and a client of its control side."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from attrs import field, frozen

from support.counting import counted_once
from taskbot.adapters.simulator import Simulator, create_simulator_app

TOKEN = "4242:a-made-up-token"
PATIENCE = 20.0
"""Seconds after which a test no longer believes that something will come."""


class ControlError(AssertionError):
    """The control interface said no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


class Control:
    """A person's hands and eyes: the control interface as methods.

    Needs an `async with`. Everything that the interface refuses raises `ControlError`.
    """

    def __init__(self, url: str) -> None:
        # A bare TLS context, for loading certificates takes longer than most tests.
        plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.http = httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, verify=plain)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.http.aclose()

    async def request(self, method: str, path: str, **arguments: Any) -> Any:
        response = await self.http.request(method, path, **arguments)
        if response.is_success:
            return response.json() if response.content else None
        raise ControlError(response.status_code, response.json()["error"])

    async def person(self, person_id: int = 7, first_name: str = "Ada", **more: Any) -> int:
        body = {"id": person_id, "first_name": first_name, **more}
        await self.request("POST", "/sim/persons", json=body)
        return person_id

    async def send(self, person_id: int, text: str | None = None, **more: Any) -> int:
        """Send *text* or what *more* says; return the (last) message's id."""
        body = {name: value for name, value in {"text": text, **more}.items() if value is not None}
        sent = await self.request("POST", f"/sim/persons/{person_id}/send", json=body)
        return int(sent["message_id"])

    async def edit(self, person_id: int, message_id: int, text: str) -> None:
        body = {"message_id": message_id, "text": text}
        await self.request("POST", f"/sim/persons/{person_id}/edit", json=body)

    async def press(self, person_id: int, message_id: int, **button: Any) -> dict[str, Any]:
        """Press the button with this `data` or `text`; return what the person sees."""
        body = {"message_id": message_id, **button}
        answer: dict[str, Any] = await self.request(
            "POST", f"/sim/persons/{person_id}/press", json=body
        )
        return answer

    async def inline(self, person_id: int, query: str = "", **more: Any) -> dict[str, Any]:
        """Type `@bot query`; return what the bot offers."""
        offered: dict[str, Any] = await self.request(
            "POST", f"/sim/persons/{person_id}/inline", json={"query": query, **more}
        )
        return offered

    async def choose(self, person_id: int, result_id: str) -> int:
        """Send an offered result in the chat with the bot; return the message's id."""
        body = {"result_id": result_id}
        sent = await self.request("POST", f"/sim/persons/{person_id}/choose", json=body)
        return int(sent["message_id"])

    async def block(self, person_id: int) -> None:
        await self.request("POST", f"/sim/persons/{person_id}/block")

    async def unblock(self, person_id: int) -> None:
        await self.request("POST", f"/sim/persons/{person_id}/unblock")

    async def deactivate(self, person_id: int) -> None:
        await self.request("POST", f"/sim/persons/{person_id}/deactivate")

    async def messages(self, person_id: int, **query: Any) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = await self.request(
            "GET", f"/sim/persons/{person_id}/messages", params=query
        )
        return shown

    async def last(self, person_id: int) -> dict[str, Any]:
        return (await self.messages(person_id))[-1]

    async def answer(self, person_id: int, *, after: int) -> dict[str, Any]:
        """The bot's first message later than *after*; waits for it, and fails without it."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            for message in await self.messages(person_id, after=after, wait=left):
                if message["from"] == "bot" and message["message_id"] > after:
                    return message
        raise AssertionError(f"the bot said nothing to person {person_id} after message {after}")

    async def ask(self, person_id: int, text: str | None = None, **more: Any) -> dict[str, Any]:
        """Send something and return what the bot answers."""
        return await self.answer(person_id, after=await self.send(person_id, text, **more))

    async def changed(self, person_id: int, *, since: int) -> list[dict[str, Any]]:
        """The messages that are new, edited or deleted since that revision; waits for one."""
        messages = await self.messages(person_id, since=since, wait=PATIENCE)
        if not messages:
            raise AssertionError(f"nothing changed for person {person_id}")
        return messages

    async def fault(self, kind: str, **more: Any) -> None:
        await self.request("POST", "/sim/faults", json={"kind": kind, **more})

    async def clear_faults(self) -> None:
        await self.request("DELETE", "/sim/faults")

    async def limits(self, **settings: Any) -> None:
        await self.request("POST", "/sim/limits", json=settings)

    async def calls(self, method: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        query = {"after": after} | ({"method": method} if method else {})
        found: list[dict[str, Any]] = await self.request("GET", "/sim/calls", params=query)
        return found

    async def redeliver(self, update_id: int) -> None:
        await self.request("POST", "/sim/redeliver", json={"update_id": update_id})

    async def reset(self) -> None:
        await self.request("DELETE", "/sim/state")

    async def is_polled(self) -> bool:
        """Whether a bot's getUpdates call hangs right now."""
        return bool((await self.request("GET", "/sim/bot"))["polling"])


@frozen
class RunningSimulator:
    """A simulator that serves HTTP at *url*."""

    url: str
    simulator: Simulator
    control: Control = field(eq=False)

    @contextlib.asynccontextmanager
    async def bot(self, token: str = TOKEN) -> AsyncIterator[Bot]:
        """An unmodified aiogram bot that talks to this simulator."""
        session = AiohttpSession(api=TelegramAPIServer.from_base(self.url))
        try:
            yield Bot(token, session=session)
        finally:
            # aiogram's own `close` sleeps a quarter of a second for the sake of TLS.
            await (await session.create_session()).close()


class EmbeddedServer(uvicorn.Server):
    """Leaves signals to whoever runs the tests, and stops at once instead of at the next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()
        self.stop = asyncio.Event()

    async def main_loop(self) -> None:
        self.is_up.set()
        await self.stop.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class SettableClock:
    """Stands still until it is advanced."""

    def __init__(self, now: datetime = datetime(2031, 5, 6, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def eventually(is_so: Callable[[], Awaitable[bool]], *, within: float | None = None) -> None:
    """Ask until it is so, and fail if it does not become so *within* some seconds."""
    async with asyncio.timeout(PATIENCE if within is None else within):
        while not await is_so():  # noqa: ASYNC110 - what is asked over HTTP sets no event
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Serve an ASGI *app* on a free port of the loopback; give its address."""
    # Told the protocol, asyncio sends small packets at once (TCP_NODELAY): else 40 ms an answer.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
        server = EmbeddedServer(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await server.is_up.wait()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.stop.set()
            async with asyncio.timeout(PATIENCE):
                await task


@contextlib.asynccontextmanager
async def running_simulator(
    *, storage_path: Path | None = None, simulator: Simulator | None = None
) -> AsyncIterator[RunningSimulator]:
    simulator = simulator or Simulator(storage_path=storage_path)
    await simulator.open()
    try:
        with counted_once("the simulator's routes"):
            app = create_simulator_app(simulator)
        async with serving(app) as url, Control(url) as control:
            try:
                yield RunningSimulator(url, simulator, control)
            finally:
                simulator.stop_waiting()
    finally:
        await simulator.close()
