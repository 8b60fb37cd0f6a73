"""The heartbeat: a process says every few seconds how it is, to systemd and in a file.

For processes that nobody can ask over HTTP. It comes from the event loop on which the work is
done: one that hangs says nothing any more.
"""

import asyncio
import contextlib
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from attrs import frozen

from taskbot.application.health import Health, HealthService
from taskbot.application.ports import Clock
from taskbot.entrypoints.settings import Settings

_log = logging.getLogger(__name__)

_BEAT_SECONDS: Final = 5.0
FRESH_FOR: Final = timedelta(seconds=30)
"""After a longer silence a process is taken for hanging or dead."""
_SYSTEMD: Final = "NOTIFY_SOCKET"


@frozen
class Heartbeat:
    """*file*: where it is written; *socket*: the address at which systemd listens."""

    _health: HealthService
    _clock: Clock
    _file: Path | None
    _socket: str | None

    async def beat(self) -> None:
        health = await self._health.look()
        if self._file is not None:
            self._write(self._file, health)
        self._tell(f"READY=1\nWATCHDOG=1\nSTATUS={_in_words(health)}")

    async def go_on(self) -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            try:
                await self.beat()
            except Exception:  # noqa: BLE001 - then it was silent once: whoever listens notices
                _log.exception("the heart missed a beat")

    def end(self) -> None:
        self._tell("STOPPING=1")
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    def _write(self, file: Path, health: Health) -> None:
        said = {
            "at": self._clock.now().isoformat(),
            "failing": [f"{one.name}: {one.problem}" for one in health.failed],
        }
        unfinished = file.with_name(f"{file.name}.new")
        try:
            unfinished.write_text(json.dumps(said))
            unfinished.replace(file)
        except OSError as error:
            _log.warning("the heartbeat cannot be written to %s: %s", file, error.strerror)

    def _tell(self, state: str) -> None:
        """As sd_notify(3) has it: one datagram; who does not listen misses nothing."""
        if self._socket is None:
            return
        address = f"\0{self._socket[1:]}" if self._socket.startswith("@") else self._socket
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd,
        ):
            systemd.setblocking(False)
            systemd.sendto(state.encode(), address)


@contextlib.asynccontextmanager
async def pulsing(settings: Settings, health: HealthService, clock: Clock) -> AsyncIterator[None]:
    """Beat as long as the block lasts, if anybody is listening: for work that is up."""
    heart = Heartbeat(health, clock, settings.heartbeat_file, os.environ.get(_SYSTEMD))
    if settings.heartbeat_file is None and _SYSTEMD not in os.environ:
        yield
        return
    await heart.beat()
    beats = asyncio.create_task(heart.go_on(), name="heartbeat")
    try:
        yield
    finally:
        beats.cancel()
        await asyncio.gather(beats, return_exceptions=True)
        heart.end()


def problems_of(file: Path, now: datetime) -> Iterator[str]:
    """What the heartbeats of a process, or of each of its processes, tell of trouble, if any."""
    files = [one for one in file.parent.glob(f"{file.name}*") if one.suffix != ".new"]
    if not files:
        yield "no heartbeat: it has not started, or it has ended"
    for one in files:
        try:
            said = json.loads(one.read_text())
            age = now - datetime.fromisoformat(said["at"])
            failing = [str(problem) for problem in said["failing"]]
        except (OSError, ValueError, KeyError, TypeError):
            yield f"{one} cannot be read"
            continue
        if not -FRESH_FOR <= age <= FRESH_FOR:
            yield f"no heartbeat for {age.total_seconds():.0f} seconds"
        yield from failing


def _in_words(health: Health) -> str:
    problems = [f"{one.name}: {one.problem}" for one in health.findings if one.problem is not None]
    return "; ".join(problems) or "all is well"
