"""A worker with several processes: started together, ended together, measured in one place."""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from taskbot.entrypoints.metrics import metrics_collected, metrics_listener
from taskbot.entrypoints.processes import stop_on_signals
from taskbot.entrypoints.settings import Settings, variable_of


async def supervise(
    settings: Settings, number: int, *, threads: int, queues: Sequence[str] | None
) -> int:
    """Run *number* workers; when one of them ends, end the others as well.

    They end with this process, too, even if it is killed: then their standard input ends. Their
    metrics are shown at the one port that the settings name: they are asked for them at sockets
    that nobody else can reach.
    """
    stop = stop_on_signals()
    chosen = [f"--queues={queue}" for queue in queues or ()]
    command = (sys.executable, "-m", "taskbot", "worker", f"--threads={threads}", *chosen)
    listener = metrics_listener(settings)
    with _sockets(number if listener is not None else 0) as sockets:
        more = [[f"--metrics-socket={path}"] for path in sockets] or [[]] * number
        children = [
            await asyncio.create_subprocess_exec(
                *command,
                "--is-part",
                *one,
                stdin=asyncio.subprocess.PIPE,
                env=environment_of(place, settings),
            )
            for place, one in enumerate(more)
        ]
        async with metrics_collected(sockets, listener):
            await _until_one_ends(children, stop)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        statuses = await asyncio.gather(*(child.wait() for child in children))
    return 0 if stop.is_set() and not any(statuses) else 1


def environment_of(place: int, settings: Settings) -> dict[str, str]:
    """Of one of several workers: each has a heart of its own."""
    if settings.heartbeat_file is None:
        return dict(os.environ)
    file = f"{settings.heartbeat_file}.{place}"
    return os.environ | {variable_of("heartbeat_file"): file}


@contextlib.contextmanager
def _sockets(number: int) -> Iterator[list[Path]]:
    """Places for *number* sockets, in a folder that is ours alone."""
    if not number:
        yield []
        return
    with tempfile.TemporaryDirectory(prefix="taskbot-") as folder:
        yield [Path(folder) / f"{one}.sock" for one in range(1, number + 1)]


async def _until_one_ends(
    children: Sequence[asyncio.subprocess.Process], stop: asyncio.Event
) -> None:
    ends = [asyncio.create_task(child.wait()) for child in children]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((stopping, *ends), return_when=asyncio.FIRST_COMPLETED)
    for task in (stopping, *ends):
        task.cancel()
    await asyncio.gather(stopping, *ends, return_exceptions=True)
