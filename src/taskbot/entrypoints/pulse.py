"""The signs of life that a process gives as long as it is at work."""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Final

from taskbot.application.ports import SIGN_OF_LIFE_EVERY, Clock, Part, Process, SignsOfLife
from taskbot.application.processes import Pulse

_log = logging.getLogger(__name__)

_PATIENCE_SECONDS: Final = 2
"""For the last word: a database that is away must not keep a process from ending."""


@contextlib.asynccontextmanager
async def pulsing(
    signs_of_life: SignsOfLife,
    clock: Clock,
    part: Part,
    *,
    patience_seconds: float = _PATIENCE_SECONDS,
) -> AsyncIterator[None]:
    """Give signs of life as this *part* until the block ends; then say that it has ended."""
    process = Process(
        name=f"{socket.gethostname()}:{os.getpid()}",
        part=part,
        release=version("taskbot"),
        started_at=clock.now(),
    )
    pulse, stop = Pulse(process, signs_of_life, clock), asyncio.Event()
    beats = asyncio.create_task(_beat(pulse, stop), name="signs of life")
    try:
        yield
    finally:
        stop.set()
        try:
            async with asyncio.timeout(patience_seconds):
                await beats  # one under way would come after the end
                await pulse.end()
        except TimeoutError:
            _log.warning("the end could not be told in time")


async def _beat(pulse: Pulse, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await pulse.beat()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SIGN_OF_LIFE_EVERY.total_seconds()):
                await stop.wait()
