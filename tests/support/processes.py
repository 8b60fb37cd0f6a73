"""taskbot's own processes, started and stopped by tests as a host would."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import define, field

from support import canaries
from support.nursery import COUNTING, ForkedProcess, fork

START_LIMIT: Final = 60.0
STOP_LIMIT: Final = 20.0
_TESTS: Final = Path(__file__).parents[1]


@define
class RunningProcess:
    """A process of ours; *lines* is all that it has written to standard output so far."""

    process: asyncio.subprocess.Process | ForkedProcess
    lines: list[str] = field(factory=list)
    log_file: Path = field(default=Path(os.devnull))
    _changed: asyncio.Condition = field(factory=asyncio.Condition)
    _ended: asyncio.Event = field(factory=asyncio.Event)

    async def read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self._changed:
                self.lines.append(line.decode().rstrip())
                self._changed.notify_all()
        self._ended.set()

    async def read_to_the_end(self) -> None:
        """Wait until all that the process wrote is in `lines`."""
        await self._ended.wait()

    async def line_matching(self, pattern: str, *, within: float = START_LIMIT) -> re.Match[str]:
        """Wait until a line matches *pattern*; fail with the log if the process ends before."""
        async with asyncio.timeout(within), self._changed:
            while True:
                for line in self.lines:
                    if found := re.search(pattern, line):
                        return found
                if self.process.returncode is not None:
                    raise AssertionError(f"the process ended:\n{self.log()}")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), 0.5)

    async def address(self, name: str) -> str:
        """The address printed behind *name*, for example `Chat page`."""
        return (await self.line_matching(rf"^{name}\s+(\S+)")).group(1)

    def log(self) -> str:
        return self.log_file.read_text()

    async def ask_to_stop(self) -> int:
        """Send SIGTERM; return the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_LIMIT):
            return await self.process.wait()

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@contextlib.asynccontextmanager
async def taskbot(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    module: str = "taskbot",
    is_executed: bool = False,
) -> AsyncIterator[RunningProcess]:
    """Run `taskbot *arguments*` in *folder*, on free ports, with its data there.

    *module*: another one to run, which starts taskbot in its own way. *is_executed*: as a host
    does it, instead of being forked from one that is loaded already (`support.nursery`).
    """
    log_file = folder / f"taskbot-{re.sub('[^a-z0-9]+', '-', '-'.join(arguments))}.log"
    log_file.touch()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("TASKBOT_")}
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # every start would compile every library
    settings = {
        "TASKBOT_DATA_DIR": str(folder / "data"),
        "TASKBOT_PORT": "0",
        "TASKBOT_SIMULATOR_PORT": "0",
        "TASKBOT_TIMEZONE": "Europe/Moscow",
        "TASKBOT_LOG_LEVEL": "debug",
        # Tests ask as fast as they can.
        "TASKBOT_API_REQUESTS_PER_MINUTE": "0",
        "TASKBOT_API_ANONYMOUS_PER_MINUTE": "0",
        "TASKBOT_UPDATES_PER_MINUTE": "0",
        "PYTHONUNBUFFERED": "1",
        # The code beside these tests, wherever another one may be installed.
        "PYTHONPATH": os.pathsep.join([str(_TESTS), str(_TESTS.parent / "src")]),
    }
    everything = inherited | settings | dict(environment or {})
    if is_executed:  # counting makes aiogram load for twelve seconds; forked ones are counted
        everything.pop(COUNTING, None)
    begin = _execute if is_executed else fork
    process = await begin(module, arguments, folder, everything, log_file)
    running = RunningProcess(process, log_file=log_file)
    reader = asyncio.create_task(running.read())
    try:
        yield running
    finally:
        await running.kill()
        await reader
        canaries.look_through(log_file)


async def _execute(
    module: str,
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log_file: Path,
) -> asyncio.subprocess.Process:
    with log_file.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )


async def taskbot_says(
    *arguments: str, folder: Path, environment: Mapping[str, str] | None = None
) -> str:
    """Run a command that ends by itself; return what it wrote to standard output."""
    async with taskbot(*arguments, folder=folder, environment=environment) as running:
        async with asyncio.timeout(START_LIMIT):
            status = await running.process.wait()
            await running.read_to_the_end()
        assert status == 0, running.log()
        return "\n".join(running.lines)
