"""taskbot's processes, forked from one that has loaded taskbot: a start costs no seconds.

They have the arguments, the environment, the folder and the streams of one that is executed,
and run the same module. For tests that ask what happens afterwards: all in all they start some
two hundred processes, and loading aiogram takes five seconds.
"""

import asyncio
import contextlib
import functools
import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

import coverage
from attrs import define, field

COUNTING: Final = "COVERAGE_PROCESS_CONFIG"
"""By this variable coverage.py is told to count the lines of a process."""

_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "taskbot.adapters.queue.between_processes",
        "taskbot.entrypoints.bot_container",
        "taskbot.entrypoints.scheduler",
        "taskbot.entrypoints.scheduler_container",
        "taskbot.entrypoints.api",
        "taskbot.entrypoints.cli",
    ]
)


@define
class ForkedProcess:
    """What tests use of `asyncio.subprocess.Process`."""

    _process: ForkServerProcess
    stdout: asyncio.StreamReader
    returncode: int | None = None
    _ended: asyncio.Event = field(factory=asyncio.Event)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def watch(self) -> None:
        asyncio.get_running_loop().add_reader(self._process.sentinel, self._end)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self.returncode = self._process.exitcode
        self._ended.set()

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode


async def fork(
    module: str,
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log_file: Path,
) -> ForkedProcess:
    """Run `python -m *module* *arguments*` in *folder*; standard error is added to *log_file*."""
    await asyncio.to_thread(_open)
    here, there = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(
        target=_live, args=(module, list(arguments), folder, dict(environment), there, log_file)
    )
    await asyncio.to_thread(process.start)
    there.close()
    stdout = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    with here:
        pipe = os.fdopen(os.dup(here.fileno()), "rb", buffering=0)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdout), pipe)
    forked = ForkedProcess(process, stdout)
    forked.watch()
    return forked


@functools.cache
def _open() -> None:
    """Load taskbot once and for all, uncounted: counted it takes twelve seconds instead of five."""
    how = os.environ.pop(COUNTING, None)
    try:
        forkserver.ensure_running()
    finally:
        if how is not None:
            os.environ[COUNTING] = how


@contextlib.contextmanager
def _counted() -> Iterator[None]:
    if COUNTING not in os.environ:
        yield
        return
    lines = coverage.process_startup(force=True)
    assert lines is not None
    try:
        yield
    finally:
        lines.stop()
        lines.save()


def _live(
    module: str,
    arguments: list[str],
    folder: Path,
    environment: dict[str, str],
    output: Connection,
    log_file: Path,
) -> None:
    os.dup2(output.fileno(), 1)
    output.close()
    with log_file.open("ab") as log:
        os.dup2(log.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [one for one in environment["PYTHONPATH"].split(":") if one not in sys.path]
    sys.argv[1:] = arguments
    with _counted():
        runpy.run_module(module, run_name="__main__", alter_sys=True)
