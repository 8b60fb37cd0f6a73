"""What the processes share: stopping on a signal, and an event loop that is quick."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

from taskbot.application.health import HealthService

_T = TypeVar("_T")


def run(main: Coroutine[Any, Any, _T]) -> _T:
    """Run *main* to its end; return what it does, of processes their exit status."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def stop_on_signals() -> asyncio.Event:
    """Give an event that Ctrl-C or SIGTERM sets. A second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask, number)
    return stop


async def drained(stop: asyncio.Event, health: HealthService, *, seconds: float) -> None:
    """Wait for *stop*, and then *seconds* more, in which the process is not ready.

    Until then whoever spreads requests goes on sending some, which are answered.
    """
    await stop.wait()
    health.begin_to_stop()
    await asyncio.sleep(seconds)
