"""The Telegram simulator, alone or inside of `taskbot up`. Importing it takes seconds (aiogram)."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import click

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.simulator import Simulator, create_simulator_app
from taskbot.entrypoints.processes import stop_on_signals
from taskbot.entrypoints.settings import Settings
from taskbot.entrypoints.web_server import serving

LOOPBACK: Final = "127.0.0.1"
"""Whoever reaches the simulator can play any person: it is for this machine alone."""


@contextlib.asynccontextmanager
async def simulating(
    data_dir: Path, *, port: int, accepted_token: str | None
) -> AsyncIterator[str]:
    """Simulate Telegram as long as the block lasts; give the server's base address.

    With *accepted_token* any other token is refused, else every well-formed one is accepted.
    """
    simulator = Simulator(
        clock=SystemClock().now,
        storage_path=data_dir / "simulator.sqlite3",
        accepted_token=accepted_token,
    )
    await simulator.open()
    try:
        app = create_simulator_app(simulator)
        async with serving(app, host=LOOPBACK, port=port, lifespan="off") as address:
            try:
                yield address
            finally:
                simulator.stop_waiting()  # else the server would wait for every long poll
    finally:
        await simulator.close()


async def simulate(settings: Settings) -> int:
    """Run until a signal comes."""
    stop = stop_on_signals()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with simulating(
        settings.data_dir, port=settings.simulator_port, accepted_token=None
    ) as address:
        click.echo(f"Chat page   {address}/")
        click.echo(f"Bot API     {address}")
        await stop.wait()
    return 0
