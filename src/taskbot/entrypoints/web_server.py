"""Serving a web application from inside a process that has more to do."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from ipaddress import IPv4Network, ip_network
from pathlib import Path
from typing import Any, Final, Literal

import uvicorn
from attrs import define

_GRACE_SECONDS: Final = 3
_BACKLOG: Final = 1024


@define
class AddressTaken(Exception):
    host: str
    port: int
    reason: str

    def __str__(self) -> str:
        return f"cannot listen on {self.host}:{self.port}: {self.reason}"


class _Server(uvicorn.Server):
    """Signals belong to the process: it has more to finish than its web server."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(
    app: Any,
    *,
    host: str,
    port: int,
    lifespan: Literal["on", "off"] = "on",
    trusted_proxies: Sequence[str] = (),
) -> AsyncIterator[str]:
    """Serve the ASGI application *app* as long as the block lasts; give its base address.

    What *trusted_proxies* (networks) say in `X-Forwarded-For` and `X-Forwarded-Proto` is believed:
    the client is then the last address that is none of theirs. Nobody else is believed.

    Port 0 takes a free one. Raise `AddressTaken` if nothing can be bound there.
    """
    listener = listen(host, port)
    async with serving_on(listener, app, lifespan=lifespan, trusted_proxies=trusted_proxies):
        yield address_of(host, listener.getsockname()[1])


@contextlib.asynccontextmanager
async def serving_on(
    listener: socket.socket,
    app: Any,
    *,
    lifespan: Literal["on", "off"] = "on",
    trusted_proxies: Sequence[str] = (),
) -> AsyncIterator[None]:
    """As `serving`, at a *listener* that is there already and is closed afterwards."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan=lifespan,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=_also_mapped(trusted_proxies),
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]), name="web server")
    try:
        while not server.started:
            if running.done():
                await running  # its own exception says why
                raise RuntimeError("the web server ended while it started")
            await asyncio.sleep(0.005)
        yield
    finally:
        server.should_exit = True
        await running
        listener.close()


def _also_mapped(networks: Sequence[str]) -> list[str]:
    """With IPv4 networks as a socket of both families shows them (RFC 4291, section 2.5.5.2)."""
    mapped = [
        f"::ffff:{network.network_address}/{96 + network.prefixlen}"
        for network in map(ip_network, networks)
        if isinstance(network, IPv4Network)
    ]
    return [*networks, *mapped]


def listen(host: str, port: int) -> socket.socket:
    """Raise `AddressTaken` if nothing can be bound there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, for only then does asyncio turn Nagle's algorithm off.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise AddressTaken(host, port, error.strerror or str(error)) from None
    listener.setblocking(False)
    return listener


def listen_here(path: Path) -> socket.socket:
    """For those alone who may open the file *path*, which is made."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def address_of(host: str, port: int) -> str:
    """How a browser on this machine reaches what listens there."""
    # Whoever listens everywhere is reached here at the loopback address.
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - not bound here
    if ":" in shown and not shown.startswith("["):
        shown = f"[{shown}]"
    return f"http://{shown}:{port}"
